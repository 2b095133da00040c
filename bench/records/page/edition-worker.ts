import { type EditionAsked, type EditionWork, makeEdition } from "../../../src/train/augment/editions.ts";

let work: EditionWork;

self.onmessage = ({ data }: MessageEvent<EditionWork | EditionAsked>) => {
  if ("images" in data) {
    work = data;
    return;
  }
  const { number, room } = data;
  makeEdition(room, work.images, number, work.options);
  self.postMessage(room, { transfer: [room.buffer] });
};
