import { expect, test } from "vitest";
import { type FileBytes, fileBytes } from "./file-bytes.ts";

test("bytes are taken in whichever form they come, without a copy", () => {
  const whole = Uint8Array.from({ length: 16 }, (_, i) => i);
  expect(fileBytes(whole, "a")).toBe(whole);
  expect(fileBytes(whole.buffer, "a")).toEqual(whole);
  expect(fileBytes(whole.buffer, "a").buffer).toBe(whole.buffer);
  expect(fileBytes(Buffer.from(whole), "a")).toEqual(Buffer.from(whole));
  const part = new DataView(whole.buffer, 4, 3) as unknown as FileBytes;
  expect([...fileBytes(part, "a")]).toEqual([4, 5, 6]);
});

test.each([
  ["text", "abc", /^a\.bin: must be given as bytes, a Uint8Array or an ArrayBuffer, got "abc"\. Await its arrayBuffer/],
  ["nothing", undefined, /got undefined/],
  ["a promise", Promise.resolve(new Uint8Array()), /Await its arrayBuffer\(\) first\.$/],
  ["a list of numbers", [1, 2], /must be given as bytes/],
])("%s is refused", (_, given, says) => {
  expect(() => fileBytes(given as unknown as FileBytes, "a.bin")).toThrow(says);
});
