import { type WasmVariant, wasmKernels } from "../../../src/kernels/wasm.ts";
import { RemoteDataset } from "../../../src/web/data/remote-dataset.ts";
import { records } from "../recipes.ts";
import { trainRecord } from "../train-record.ts";
import { editionsInWorker } from "./editions.ts";

interface Asked {
  readonly name: keyof typeof records;
  readonly seed: number;
  readonly backend: WasmVariant;
  readonly port: MessagePort;
}

self.onmessage = async ({ data: { name, seed, backend, port } }: MessageEvent<Asked>) => {
  const whole = { train: 60_000, test: 10_000 };
  const dataset = await new RemoteDataset("mnist", port).rows(whole, new AbortController().signal);
  const kernels = wasmKernels(backend, "float32");
  self.postMessage(await trainRecord(records[name].recipe, { kernels, dataset, seed, editions: editionsInWorker }));
};

// Else the page would wait for ever.
self.addEventListener("unhandledrejection", ({ reason }) => {
  throw reason;
});
