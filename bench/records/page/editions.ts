import type { Split } from "../../../src/data/dataset.ts";
import type { EditionOptions, Editions } from "../../../src/train/augment/editions.ts";

/** What the worker that makes editions begins with. */
export interface EditionWork {
  readonly images: Split["images"];
  readonly options: EditionOptions;
}

/** One edition asked for, and the memory it is written into: it goes to the worker and comes back. */
export interface EditionAsked {
  readonly number: number;
  readonly room: Uint8Array<ArrayBuffer>;
}

/** As `editionsOnThread`, for pages that may have no shared memory: two rooms go to and fro. */
export function editionsInWorker({ images, labels }: Split, options: EditionOptions): Editions {
  const worker = new Worker(new URL("./edition-worker.ts", import.meta.url), { type: "module" });
  worker.postMessage({ images, options } satisfies EditionWork);
  const make = (asked: EditionAsked) =>
    new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Uint8Array<ArrayBuffer>>) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(asked, [asked.room.buffer]);
    });
  let number = 0;
  let spare = new Uint8Array(images.data.length);
  let coming = make({ number, room: new Uint8Array(images.data.length) });
  return {
    async next() {
      const data = await coming;
      number++;
      // What was learnt from before is written anew.
      coming = make({ number, room: spare });
      spare = data;
      return { images: { ...images, data }, labels };
    },
    close: () => worker.terminate(),
  };
}
