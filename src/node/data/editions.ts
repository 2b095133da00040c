import { Worker } from "node:worker_threads";
import type { Split } from "../../data/dataset.ts";
import type { EditionOptions, Editions } from "../../train/augment/editions.ts";

/** What the thread that makes editions begins with: the images, and room for two editions, in shared memory. */
export interface EditionWork {
  readonly images: Split["images"];
  readonly rooms: readonly [Uint8Array, Uint8Array];
  readonly options: EditionOptions;
}

/** From source or built, the module beside this one. */
const threadModule = new URL(
  import.meta.url.endsWith(".ts") ? "./edition-thread.ts" : "./edition-thread.js",
  import.meta.url,
);

/**
 * Makes the editions on a thread of their own, the next one while training learns from the one before: the same bytes as
 * `editionsHere`. Training waits only where the thread is slower than it.
 */
export function editionsOnThread({ images, labels }: Split, options: EditionOptions): Editions {
  const shared = () => new Uint8Array(new SharedArrayBuffer(images.data.length));
  const data = shared();
  data.set(images.data);
  const rooms = [shared(), shared()] as const;
  const workerData: EditionWork = { images: { ...images, data }, rooms, options };
  const worker = new Worker(threadModule, { workerData });
  worker.unref();
  /** Of the edition that is being made. */
  let told = Promise.withResolvers<void>();
  worker.on("message", () => told.resolve());
  worker.on("error", (error) => told.reject(error));
  const make = (number: number) => {
    told = Promise.withResolvers<void>();
    // Its error is that of who asks for the edition.
    told.promise.catch(() => {});
    worker.postMessage(number);
    return told.promise;
  };
  let number = 0;
  let coming = make(0);
  return {
    async next() {
      worker.ref();
      await coming;
      worker.unref();
      const room = rooms[number % 2];
      number++;
      // The other room's edition has been learnt from by now.
      coming = make(number);
      return { images: { ...images, data: room }, labels };
    },
    close: () => void worker.terminate(),
  };
}
