import { parentPort, workerData } from "node:worker_threads";
import { type EditionAsked, type EditionWork, makeEdition } from "../../train/augment/editions.ts";

/** Makes the editions it is asked for, each into the shared room that comes with its number. */
const { images, options } = workerData as EditionWork;
parentPort!.on("message", ({ number, room }: EditionAsked) => {
  makeEdition(room, images, number, options);
  parentPort!.postMessage(room);
});
