import type { Split } from "../../../src/data/dataset.ts";
import {
  type EditionOptions,
  type Editions,
  type EditionWork,
  editionsAhead,
} from "../../../src/train/augment/editions.ts";

/** As `editionsOnThread`, for pages that may have no shared memory: the rooms go to the worker and come back. */
export function editionsInWorker(split: Split, options: EditionOptions): Editions {
  const { images } = split;
  const worker = new Worker(new URL("./edition-worker.ts", import.meta.url), { type: "module" });
  worker.postMessage({ images, options } satisfies EditionWork);
  const room = () => new Uint8Array(images.data.length);
  const ahead = editionsAhead(
    split,
    [room(), room()],
    (asked) =>
      new Promise<Uint8Array>((resolve, reject) => {
        worker.onmessage = ({ data }: MessageEvent<Uint8Array>) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage(asked, [asked.room.buffer]);
      }),
  );
  return { ...ahead, close: () => worker.terminate() };
}
