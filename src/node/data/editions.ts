import { Worker } from "node:worker_threads";
import type { Split } from "../../data/dataset.ts";
import {
  checkEditions,
  type EditionAsked,
  type EditionOptions,
  type Editions,
  type EditionWork,
  editionsAhead,
} from "../../train/augment/editions.ts";

/** From source or built, the module beside this one. */
const threadModule = new URL(
  import.meta.url.endsWith(".ts") ? "./edition-thread.ts" : "./edition-thread.js",
  import.meta.url,
);

/**
 * Makes the editions on a thread of their own, the next one while training learns from the one before: the same bytes as
 * `editionsHere`. Training waits only where the thread is slower than it.
 */
export function editionsOnThread(split: Split, options: EditionOptions): Editions {
  checkEditions(options);
  const { images } = split;
  const shared = () => new Uint8Array(new SharedArrayBuffer(images.data.length));
  const data = shared();
  data.set(images.data);
  const workerData: EditionWork = { images: { ...images, data }, options };
  const worker = new Worker(threadModule, { workerData });
  worker.unref();
  /** Of the edition that is being made. */
  let told = Promise.withResolvers<Uint8Array>();
  worker.on("message", (room: Uint8Array) => told.resolve(room));
  worker.on("error", (error) => told.reject(error));
  const ahead = editionsAhead(split, [shared(), shared()], (asked: EditionAsked) => {
    told = Promise.withResolvers();
    worker.postMessage(asked);
    return told.promise;
  });
  return {
    async next() {
      worker.ref();
      const edition = await ahead.next();
      worker.unref();
      return edition;
    },
    close: () => void worker.terminate(),
  };
}
