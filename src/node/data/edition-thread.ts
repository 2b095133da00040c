import { parentPort, workerData } from "node:worker_threads";
import { makeEdition } from "../../train/augment/editions.ts";
import type { EditionWork } from "./editions.ts";

/** Makes the editions it is asked for by number, each into its room. */
const { images, rooms, options } = workerData as EditionWork;
parentPort!.on("message", (number: number) => {
  makeEdition(rooms[number % 2], images, number, options);
  parentPort!.postMessage(number);
});
