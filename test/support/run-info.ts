/** What a store is told when a run begins. */
export const runInfo = () => ({
  tanren: "0.1.0",
  experiment: "dropout",
  preset: "book",
  seed: 0,
  settings: {},
  engine: { kernels: "wasm-simd", dtype: "float32" as const, workers: 1 },
  startedAt: new Date().toISOString(),
});
