import { createRequire } from "node:module";
import { beforeAll, expect, test } from "vitest";
import { installPeers } from "../../scripts/peers.mjs";
import { RandomStream } from "../../src/core/random.ts";
import { type OnnxOptions, onnxBytes } from "../../src/model/export/onnx.ts";
import { onnxKinds } from "../../src/model/export/onnx-layers.ts";
import { float32Room, truthOf } from "./float32-room.ts";
import { farthest, type RandomModel, randomModel } from "./random-model.ts";

interface Values {
  readonly data: ArrayLike<number>;
  readonly dims: readonly number[];
}

interface Runtime {
  Tensor: new (type: string, data: Float32Array | Float64Array, dims: readonly number[]) => Values;
  InferenceSession: {
    create(
      model: Uint8Array,
      options: object,
    ): Promise<{ run(feeds: Record<string, Values>): Promise<Record<string, Values>>; release(): Promise<void> }>;
  };
}

let runtime: Runtime;
beforeAll(() => {
  expect(installPeers(), "the peers of bench/ must be there").toBe(true);
  runtime = createRequire(new URL("../../bench/package.json", import.meta.url))("onnxruntime-node");
});

const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 };

/** What ONNX Runtime says of a model's rows: a list of numbers each, and the class's place where there is one. */
async function answers({ state, raw }: RandomModel, { inputType = "float32" }: OnnxOptions) {
  const session = await runtime.InferenceSession.create(onnxBytes(state, { inputType }), options);
  const input = (inputType === "float32" ? Float32Array : Float64Array).from(raw.flat());
  const results = await session.run({ input: new runtime.Tensor(inputType, input, [raw.length, raw[0].length]) });
  const { data, dims } = results.probabilities ?? results.prediction;
  await session.release();
  return {
    rows: raw.map((_, i) => Array.from({ length: dims[1] }, (_, j) => data[i * dims[1] + j])),
    classes: results.class === undefined ? null : Array.from(results.class.data, Number),
  };
}

test("a thousand random networks, of every layer, task, dtype and batch size: ONNX Runtime agrees to 1e-6 relative, or as nearly as float32 lets both", async () => {
  const random = RandomStream.seeded(1);
  const seen = new Set<string>();
  const off: string[] = [];
  let worst = 0;
  // ln of our distance from float64's answers over the runtime's, of the float32 networks.
  const nearer: number[] = [];
  for (let i = 0; i < 1000; i++) {
    const model = randomModel(random);
    const { rows, classes } = await answers(model, { inputType: i % 4 === 0 ? "float64" : "float32" });
    const distance = farthest(model, rows);
    if (model.state.dtype === "float32") {
      const truth = truthOf(model);
      const [ours, theirs] = [farthest(truth, model.expected), farthest(truth, rows)];
      if (ours > 0 && theirs > 0) {
        nearer.push(Math.log(ours / theirs));
      }
      // Further apart than 1e-6 they may be only where float32 itself is, and then neither further than that.
      if (!(distance < 1e-6) && !(Math.max(ours, theirs) < float32Room(truth))) {
        const told = [distance, ours, theirs, float32Room(truth)].map((value) => value.toExponential(2)).join(", ");
        off.push(`model ${i}: ${told}, ${kindsOf(model)}`);
      }
    } else if (!(distance < 1e-6)) {
      off.push(`model ${i}: ${distance.toExponential(2)}, ${kindsOf(model)}`);
    }
    worst = Math.max(worst, distance);
    const ties = (row: readonly number[]) => row.filter((value) => value > Math.max(...row) * (1 - 1e-5)).length > 1;
    model.expected.forEach((row, k) => {
      expect(classes === null || ties(row) || classes[k] === row.indexOf(Math.max(...row))).toBe(true);
    });
    for (const { kind } of model.state.layers) {
      seen.add(kind);
    }
  }
  expect(off).toEqual([]);
  expect([...seen].sort()).toEqual([...onnxKinds].sort());
  const ratio = Math.exp(nearer.reduce((sum, value) => sum + value, 0) / nearer.length);
  expect(ratio, "our distance from float64 over the runtime's, on the whole").toBeLessThan(1);
  process.stderr.write(
    `onnxruntime-node: the farthest of 1,000 networks lies ${worst.toExponential(2)} off; in float32 our distance from float64's answers is ${ratio.toFixed(2)} of the runtime's\n`,
  );
});

function kindsOf({ state }: RandomModel): string {
  return state.layers.map(({ kind }) => kind).join(" ");
}
