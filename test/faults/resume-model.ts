import { existsSync } from "node:fs";
import { classify, network } from "../../src/core-index.ts";
import { loadModel, readCsv } from "../../src/node/core.ts";

/** Trains on iris and checkpoints after every step: from the file where there is one, else anew. Started to be killed. */
const [path] = process.argv.slice(2);
const flowers = await readCsv(new URL("../../docs/data/iris.csv", import.meta.url).pathname, { target: "species" });
const checkpoint = { every: 1, path };
if (existsSync(path)) {
  await (await loadModel(path)).resume(flowers, { checkpoint });
} else {
  const model = classify(network("affine 8; batchnorm; relu; dropout 0.2"), { seed: 3 });
  await model.fit(flowers, { epochs: 200, batchSize: 30, validation: 0.2, stopEarly: { patience: 200 }, checkpoint });
}
