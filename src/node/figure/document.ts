import { parseHTML } from "linkedom";

/** A document to make SVG elements in, where there is no browser. */
export function newDocument(): Document {
  return parseHTML("<!doctype html><html><body></body></html>").document as unknown as Document;
}
