import { spawn, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { RandomStream } from "../../src/core/random.ts";
import type { Dtype } from "../../src/core/tensor.ts";
import { classify } from "../../src/model/classify.ts";
import { network } from "../../src/model/layers-of-blueprint.ts";
import { modelFromBytes } from "../../src/model/load.ts";
import { readCsv } from "../../src/node/model-files.ts";
import { selectKernels } from "../../src/node/native-kernels.ts";
import { optimizers } from "../../src/optim/registry.ts";
import { temporaryFolder } from "../support/cli.ts";

const program = fileURLToPath(new URL("resume-model.ts", import.meta.url));
const iris = () => readCsv(fileURLToPath(new URL("../../docs/data/iris.csv", import.meta.url)), { target: "species" });

test("a training killed at 100 random places and gone on with has the bits of one that ran through", async () => {
  const folder = temporaryFolder();
  const [whole, torn] = [join(folder, "whole.tanren"), join(folder, "torn.tanren")];
  expect(spawnSync(process.execPath, [program, whole]).status).toBe(0);
  const stream = RandomStream.seeded(11);
  let killed = 0;
  for (let done = false; !done; ) {
    const child = spawn(process.execPath, [program, torn], { stdio: "ignore" });
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    // Starting takes most of it: some are killed before the first step.
    const timer = killed < 100 ? setTimeout(() => child.kill("SIGKILL"), stream.uniform(200, 1500)) : undefined;
    const code = await ended;
    clearTimeout(timer);
    killed += code === 0 ? 0 : 1;
    if (code === 0) {
      expect(readFileSync(torn)).toEqual(readFileSync(whole));
      done = killed >= 100;
      rmSync(torn);
    }
  }
  expect(killed).toBe(100);
});

const everywhere = (["native", "wasm-simd"] as const).flatMap((backend) =>
  (["float32", "float64"] as const).map((dtype) => [backend, dtype] as const),
);
test.each(everywhere)(
  "every rule goes on exactly on %s in %s",
  async (backend, dtype: Dtype) => {
    const kernels = selectKernels({ backend, dtype });
    const flowers = await iris();
    for (const optimizer of optimizers) {
      const net = network("affine 6; batchnorm; relu; dropout 0.2");
      const options = { optimizer, epochs: 6, batchSize: 40 };
      const straight = classify(net, { kernels, seed: 5 });
      await straight.fit(flowers, options);
      for (const stop of [1, 5, 12]) {
        const first = classify(net, { kernels, seed: 5 });
        for await (const event of first.fit(flowers, options)) {
          if (event.kind === "step" && event.step + 1 === stop) {
            break;
          }
        }
        const second = modelFromBytes(first.toBytes(), { kernels });
        await second.resume(flowers);
        expect(second.toBytes(), `${optimizer.name} stopped at ${stop}`).toEqual(straight.toBytes());
      }
    }
  },
  600_000,
);
