import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adam } from "../optim/rules/adam.ts";
import { mlp } from "./blueprint.ts";
import { classify, regress } from "./classify.ts";
import { encodeData } from "./encode.ts";
import { heldBack } from "./held-back.ts";
import { keptEpoch } from "./kept-epoch.ts";
import { modelFromBytes } from "./load.ts";

const line = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ x: i, noise: (i * 7) % 5, y: i < count / 2 ? "low" : "high" }));

describe("folds", () => {
  test("hold every row back once, of every class as evenly as can be", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 60 }),
        fc.nat(),
        (given, seed) => {
          const labels = [...given, 0, 1];
          const data = { x: labels.map((_, i) => [i]), y: labels.map(String) };
          const encoded = encodeData(data, "classification");
          const of = 2 + (seed % Math.min(9, labels.length - 1));
          const folds = Array.from({ length: of }, (_, fold) =>
            heldBack(encoded, { validation: 0, fold: { fold, of }, seed }),
          );
          expect(folds.flatMap(({ held }) => [...held]).sort((a, b) => a - b)).toEqual(labels.map((_, i) => i));
          for (const { train, held } of folds) {
            expect(train.length + held.length).toBe(labels.length);
            expect(new Set([...train, ...held]).size).toBe(labels.length);
          }
          for (const label of new Set(labels)) {
            const counts = folds.map(({ held }) => held.filter((row) => labels[row] === label).length);
            expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });

  test("are measured by networks that have not seen them: another value there changes no weight", async () => {
    const rows = Array.from({ length: 12 }, (_, i) => [i]);
    const { held } = heldBack(encodeData({ x: rows, y: rows.flat() }, "regression"), {
      validation: 0,
      fold: { fold: 1, of: 3 },
      seed: 0,
    });
    const learnt = async (odd: number) => {
      const model = regress(mlp([3]));
      const x = rows.map((row, i) => (held.includes(i) ? [odd] : row));
      await model.fit({ x, y: rows.flat() }, { epochs: 2, validation: { fold: 1, of: 3 } });
      const { tensors, inputs, history } = model.toState();
      return { kept: { tensors, inputs }, valLoss: history.valLoss };
    };
    const [near, far] = [await learnt(3), await learnt(1e6)];
    expect(far.kept).toEqual(near.kept);
    expect(far.valLoss).not.toEqual(near.valLoss);
  });

  test("are kept by a model that goes on", async () => {
    const options = { target: "y", optimizer: adam({ lr: 0.02 }), validation: { fold: 2, of: 4 } } as const;
    const whole = classify(mlp([4]));
    await whole.fit(line(20), { ...options, epochs: 6 });
    const half = classify(mlp([4]));
    await half.fit(line(20), { ...options, epochs: 3 });
    const gone = modelFromBytes(half.toBytes());
    await gone.resume(line(20), { epochs: 6 });
    expect(gone.toState().tensors).toEqual(whole.toState().tensors);
    expect(gone.toState().history).toEqual(whole.toState().history);
  });

  test.for([
    [{ fold: 0, of: 1 }, "fit: validation.of must be a whole number of 2 or more, got 1."],
    [{ fold: 3, of: 3 }, "fit: validation.fold must be a whole number"],
    [{ fold: 0, off: 3 }, "fit.validation.off: no such setting. Did you mean of?"],
    [{ fold: 0, of: 21 }, "fit: folds must be at most as many as there are rows (20), got 21."],
  ] as const)("that are none are refused: %o", async ([validation, sentence]) => {
    const fit = classify(mlp([4])).fit(line(20), { target: "y", validation: validation as never });
    await expect(fit).rejects.toThrow(sentence);
  });
});

describe("what a training leaves", () => {
  test("are the weights of the best epoch where it stops early, else of the last", async () => {
    const model = classify(mlp([8]), { seed: 3 });
    const rows = line(40).map((row, i) => (i % 3 === 0 ? { ...row, y: i % 2 === 0 ? "low" : "high" } : row));
    const history = await model.fit(rows, {
      target: "y",
      optimizer: adam({ lr: 0.1 }),
      epochs: 200,
      validation: 0.3,
      stopEarly: { patience: 6 },
    });
    const { training } = model.toState();
    const kept = keptEpoch(history, training?.stopEarly ?? null);
    expect(history.valLoss.length - 1 - kept).toBe(6);
    expect(history.valLoss[kept]).toBe(Math.min(...(history.valLoss as number[])));
    const { held } = heldBack(encodeData(rows, "classification", "y"), { validation: 0.3, seed: 3 });
    expect(model.evaluate(rows.filter((_, i) => held.includes(i))).loss).toBe(history.valLoss[kept]);
    expect(keptEpoch(history, null)).toBe(history.valLoss.length - 1);
  });

  test("of metrics of which more is better is the highest, the first of equals, none that is not finite", () => {
    const stopEarly = { patience: 9, metric: "valAccuracy" };
    expect(keptEpoch({ loss: [3, 2, 1, 0], valAccuracy: [null, 0.5, 0.9, 0.9] }, stopEarly)).toBe(2);
    expect(keptEpoch({ loss: [3, 2], valAccuracy: [null, null] }, stopEarly)).toBe(1);
    expect(keptEpoch({}, stopEarly)).toBe(-1);
  });
});
