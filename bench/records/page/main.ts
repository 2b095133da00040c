import { capabilities, webKernels } from "../../../src/web/capabilities.ts";
import { openDataSource } from "../../../src/web/data/source.ts";
import type { RecordRun } from "../train-record.ts";

/** What the measuring process finds in the page. */
export interface PageRecord {
  readonly backend: string;
  /** Trains a record's recipe from this seed, in a worker. */
  train(name: string, seed: number): Promise<RecordRun>;
}

const backend = webKernels("auto", capabilities());
const source = openDataSource({ baseUrl: new URL("data/mnist/", document.baseURI).href });

const record: PageRecord = {
  backend,
  train: (name, seed) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL("./record-worker.ts", import.meta.url), { type: "module" });
      worker.onmessage = ({ data }: MessageEvent<RecordRun>) => {
        worker.terminate();
        resolve(data);
      };
      worker.onerror = ({ message }) => reject(new Error(message));
      const port = source.port(() => reject(new Error("the data set's worker was lost")));
      worker.postMessage({ name, seed, backend, port }, [port]);
    }),
};
Object.assign(window, { record });
