import { describe, expect, test } from "vitest";
import { Affine } from "../nn/affine.ts";
import { cosine } from "../schedule/curves/index.generated.ts";
import { defineSchedule } from "../schedule/schedule.ts";
import { mlp } from "./blueprint.ts";
import { classify } from "./classify.ts";
import type { FitOptions } from "./fit-options.ts";
import { modelFromBytes } from "./load.ts";

const data = {
  x: Array.from({ length: 12 }, (_, i) => [i % 3, i % 4]),
  y: Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? "a" : "b")),
};
const saw = (rate: (step: number, lr: number, steps: number) => unknown, name = "saw") =>
  defineSchedule({
    name,
    about: "A saw.",
    tex: "\\eta_0 (t \\bmod 3)",
    hyper: {},
    open: (_, { lr, steps }) => ({ rate: (step) => rate(step, lr, steps) as number }),
  });
const teeth = saw((step, lr) => (lr * (1 + (step % 3))) / 3);

async function ratesOf(options: FitOptions): Promise<number[]> {
  const rates: number[] = [];
  for await (const event of classify(mlp([4])).fit(data, { epochs: 3, batchSize: 4, ...options })) {
    if (event.kind === "step") {
      rates.push(event.lr as number);
    }
  }
  return rates;
}

describe("a schedule of one's own", () => {
  test("leads a training", async () => {
    const rates = await ratesOf({ schedule: teeth, hyper: { lr: 0.3 } });
    expect(rates.map((rate) => Number(rate.toFixed(6)))).toEqual([0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3]);
  });

  test("is given again to go on, and the bits are those of a run that never stopped", async () => {
    const options = { batchSize: 4, schedule: saw((step, lr, steps) => lr * (1 - step / (2 * steps))) };
    const whole = classify(mlp([4]));
    await whole.fit(data, { ...options, epochs: 6 });
    const half = classify(mlp([4]));
    for await (const event of half.fit(data, { ...options, epochs: 6 })) {
      if (event.kind === "epoch" && event.epoch === 3) {
        break;
      }
    }
    const read = modelFromBytes(half.toBytes());
    const { schedule } = options;
    await expect(async () => read.resume(data)).rejects.toThrow(
      "resume: schedule must be the one that training began with, saw, got none. Give it: resume(data, { schedule }).",
    );
    await expect(async () => read.resume(data, { schedule: cosine() })).rejects.toThrow(
      'began with, saw, got "cosine".',
    );
    await read.resume(data, { schedule });
    expect(read.toState().tensors).toEqual(whole.toState().tensors);
  });

  test.each<[string, FitOptions["schedule"], string]>([
    ["a rate that is no number", saw(() => Number.NaN), "lr: must be a number in [0, ∞), got NaN"],
    ["a rate below 0", saw(() => -1), "lr: must be a number in [0, ∞), got -1"],
    [
      "the name of one of ours",
      saw(() => 0.1, "cosine"),
      "fit: a schedule of one's own must have a name of its own, got cosine",
    ],
    [
      "no curve",
      defineSchedule({ name: "flat", about: "", tex: "", hyper: {}, open: () => (() => 0.1) as never }),
      "schedule flat: open must give { rate(step) }, got a function.",
    ],
  ])("with %s is refused", async (_, schedule, says) => {
    await expect(ratesOf({ schedule })).rejects.toThrow(says);
  });
});

test("a training without a schedule, or with one of ours, goes on without being told", async () => {
  for (const schedule of [undefined, "cosine"]) {
    const model = classify(mlp([4]));
    for await (const event of model.fit(data, { epochs: 2, schedule })) {
      if (event.kind === "epoch") {
        break;
      }
    }
    await modelFromBytes(model.toBytes()).resume(data);
    await expect(async () => model.resume(data, { epochs: 4, schedule: teeth })).rejects.toThrow(
      `resume: schedule must be the one that training began with, ${schedule ?? "none"}, got "saw".`,
    );
  }
});

test("a layer of one's own is in no file, and the sentence says where it can be trained", async () => {
  class Own extends Affine {
    override readonly kind = "own" as never;
  }
  await expect(async () => classify([new Own(2, 2)]).fit(data)).rejects.toThrow(
    /^model: every layer must be of a known kind, got "own"\. .* train it with openTraining and train\.$/,
  );
});
