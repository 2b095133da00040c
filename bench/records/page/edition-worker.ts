import { makeEdition } from "../../../src/train/augment/editions.ts";
import type { EditionAsked, EditionWork } from "./editions.ts";

let work: EditionWork;

self.onmessage = ({ data }: MessageEvent<EditionWork | EditionAsked>) => {
  if ("images" in data) {
    work = data;
    return;
  }
  makeEdition(data.room, work.images, data.number, work.options);
  self.postMessage(data.room, { transfer: [data.room.buffer] });
};
