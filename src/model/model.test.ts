import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { RandomStream } from "../core/random.ts";
import { planned } from "../kernels/planned.ts";
import { referenceKernels } from "../kernels/reference.ts";
import { wasmKernels } from "../kernels/wasm.ts";
import { Tanh } from "../nn/activation.ts";
import { Affine } from "../nn/affine.ts";
import { gradcheck } from "../nn/gradcheck.ts";
import { losses } from "../nn/loss-registry.ts";
import { huber } from "../nn/losses/huber.ts";
import { Sequential } from "../nn/sequential.ts";
import { adam } from "../optim/rules/adam.ts";
import { plateau } from "../schedule/curves/plateau.ts";
import { type Blueprint, mlp } from "./blueprint.ts";
import { classify, multiLabel, regress } from "./classify.ts";
import { encodeData } from "./encode.ts";
import { kFold } from "./folds.ts";
import { heldBack } from "./held-back.ts";
import { network } from "./layers-of-blueprint.ts";
import { modelFromBytes } from "./load.ts";
import { ownLoss } from "./own-loss.ts";
import type { Row } from "./row.ts";
import { readTable, tableOfRows } from "./table.ts";

const irisText = readFileSync(new URL("../../docs/data/iris.csv", import.meta.url), "utf8");
const iris = () => readTable(irisText, "iris.csv", { target: "species" });

const refused = async (run: () => unknown) => {
  try {
    await run();
  } catch (error) {
    return (error as { text: { en: string; ja: string } }).text;
  }
  throw new Error("nothing was thrown");
};

describe("a classifier", () => {
  test("learns iris from a table, tells of rows by name, and is the same after it was kept as bytes", async () => {
    const model = classify(mlp([16]), { seed: 1 });
    const history = await model.fit(iris(), { optimizer: adam({ lr: 0.01 }), epochs: 60, validation: 0.2 });
    expect(history.valAccuracy).toHaveLength(60);
    expect(model.evaluate(iris()).accuracy).toBeGreaterThanOrEqual(0.95);
    const row = { sepalLength: 5, sepalWidth: 3.4, petalLength: 1.5, petalWidth: 0.2 };
    expect(model.predict(row).class).toBe("setosa");
    const again = modelFromBytes(model.toBytes());
    expect(again.predict(row)).toEqual(model.predict(row));
    expect(again.evaluate(iris())).toEqual(model.evaluate(iris()));
  });

  test("tells each epoch as it comes, and stops when it is left", async () => {
    const model = classify(mlp([4]));
    const epochs: number[] = [];
    for await (const event of model.fit(iris(), { epochs: 50 })) {
      if (event.kind === "epoch") {
        epochs.push(event.epoch);
        if (event.epoch === 2) {
          break;
        }
      }
    }
    expect(epochs).toEqual([0, 1, 2]);
    expect(model.toState().history.loss).toHaveLength(3);
  });

  test("keeps the weights of its best epoch when it stops early", async () => {
    const model = classify(mlp([8]));
    const history = await model.fit(iris(), {
      hyper: { lr: 0.05 },
      epochs: 200,
      validation: 0.3,
      stopEarly: { patience: 5 },
    });
    const losses = history.valLoss as number[];
    expect(losses.length).toBeLessThan(200);
    const best = losses.indexOf(Math.min(...losses));
    expect(losses.length - 1 - best).toBe(5);
  });

  test("of two classes may have one output with a sigmoid, and tells both probabilities", async () => {
    const rows: Row[] = Array.from({ length: 40 }, (_, i) => ({ x: i, kind: i < 20 ? "low" : "high" }));
    const model = classify(mlp([4]), { loss: "binaryCrossEntropy" });
    await model.fit(rows, { target: "kind", hyper: { lr: 0.05 }, epochs: 60 });
    const { probabilities, class: told } = model.predict({ x: 2 });
    expect(told).toBe("low");
    expect(probabilities.low + probabilities.high).toBeCloseTo(1, 12);
    expect(model.evaluate(rows.map((row) => row)).accuracy).toBeGreaterThan(0.9);
  });

  test("refuses what it cannot learn from, in a sentence", async () => {
    const model = classify(mlp([4]));
    await expect(refused(() => model.predict({ x: 1 }))).resolves.toMatchObject({ en: /Call fit first/ });
    const one: Row[] = Array.from({ length: 9 }, (_, i) => ({ x: i, kind: "a" }));
    await expect(refused(() => model.fit(one, { target: "kind" }))).resolves.toMatchObject({
      en: /at least 2 different/,
    });
    await model.fit(iris(), { epochs: 1 });
    const unseen = irisText.replace("virginica", "sibirica");
    await expect(
      refused(() => model.evaluate(readTable(unseen, "new.csv", { target: "species" }))),
    ).resolves.toMatchObject({ en: expect.stringMatching(/line 102: every class .* got "sibirica"/) });
    await expect(refused(() => model.predict({ sepalLength: 1 }))).resolves.toMatchObject({
      en: expect.stringMatching(/must have the column/),
    });
  });
});

describe("a regressor", () => {
  const line: Row[] = Array.from({ length: 60 }, (_, i) => ({
    x: i / 10,
    shop: i % 2 === 0 ? "east" : "west",
    nothing: 7,
    price: 300 + 20 * (i / 10) + (i % 2 === 0 ? 50 : 0),
  }));

  test("learns a line with words and a constant column beside it, in the target's own unit", async () => {
    const model = regress(network(""));
    await model.fit(line, { target: "price", hyper: { lr: 0.05 }, epochs: 200 });
    const { rmse, r2 } = model.evaluate(line);
    expect(rmse).toBeLessThan(1);
    expect(r2).toBeGreaterThan(0.99);
    expect(model.predict({ x: 2, shop: "east", nothing: 9 }).value).toBeCloseTo(390, 0);
  });

  test("what is held back has no say in what fills a missing value, nor in the scales", async () => {
    const rowsWith = (held: Int32Array, odd: { x: number; shop: string; open: boolean }): Row[] =>
      Array.from({ length: 41 }, (_, i) => ({
        x: i % 5 === 0 ? null : i,
        shop: i % 7 === 0 ? "" : i % 3 === 0 ? "west" : "east",
        open: i % 6 === 0 ? null : i % 4 !== 0,
        price: 2 * i,
        ...(held.includes(i) ? odd : {}),
      }));
    const told = { target: "price", missing: "fill" } as const;
    // Which rows are held back depends on how many there are, and the seed.
    const any = encodeData(
      tableOfRows(rowsWith(new Int32Array(0), { x: 0, shop: "", open: true }), told),
      "regression",
    );
    const { held } = heldBack(any, { validation: 0.4, seed: 0 });
    const learnt = async (odd: { x: number; shop: string; open: boolean }) => {
      const model = regress(mlp([4]));
      await model.fit(tableOfRows(rowsWith(held, odd), told), { epochs: 2, validation: 0.4 });
      const { tensors, inputs, history } = model.toState();
      return { tensors, inputs, loss: history.loss, valLoss: history.valLoss };
    };
    const { valLoss: near, ...calm } = await learnt({ x: 3, shop: "east", open: true });
    const { valLoss: far, ...wild } = await learnt({ x: 1e6, shop: "west", open: false });
    expect(wild).toEqual(calm);
    expect(far).not.toEqual(near);
    expect(calm.inputs.columns.map(({ fill }) => fill)).toEqual([expect.any(Number), "east", 1]);
  });

  test("fills missing values where that is asked for, and refuses them else", async () => {
    const gaps: Row[] = line.map((row, i) => (i === 3 ? { ...row, x: null } : row));
    const model = regress(network(""));
    await expect(refused(() => model.fit(gaps, { target: "price" }))).resolves.toMatchObject({
      en: expect.stringMatching(/column x must have a value/),
    });
    const csv = `x,price\n${Array.from({ length: 12 }, (_, i) => `${i === 5 ? "" : i},${i}`).join("\n")}`;
    await model.fit(readTable(csv, "gaps.csv", { target: "price", missing: "fill" }), { epochs: 1 });
    expect(model.toState().inputs.columns[0].fill).toBeCloseTo(61 / 11, 9);
    expect(model.predict({ x: null })).toEqual(model.predict({ x: 61 / 11 }));
  });
});

test("a multi-labeller answers each yes or no by itself", async () => {
  const rows: Row[] = Array.from({ length: 60 }, (_, i) => ({ x: i, big: i > 30, odd: i % 2 === 1, parity: i % 2 }));
  const model = multiLabel(mlp([8]));
  await model.fit(rows, { target: ["big", "odd"], hyper: { lr: 0.05 }, epochs: 60 });
  expect(model.predict({ x: 50, parity: 1 }).answers).toEqual({ big: true, odd: true });
  expect(model.evaluate(rows).accuracy).toBeGreaterThan(0.95);
});

test.each(losses.map((kind) => [kind.name, kind] as const))("%s: backward is the gradient of the loss", (_, kind) => {
  const { net, x, values, labels } = planned(wasmKernels("wasm-simd", "float64"), (kernels) => ({
    net: new Sequential({
      kernels,
      layers: [new Affine(3, 5), new Tanh(5), new Affine(5, 4)],
      maxRows: 6,
      loss: kind.name === "crossEntropy" ? kind({ labelSmoothing: 0.1 as never }) : kind(),
    }),
    x: kernels.arena.floats(6, 3),
    values: kernels.arena.floats(6, 4),
    labels: kernels.arena.ints(6),
  }));
  const stream = RandomStream.seeded(3);
  net.initialize("xavier", stream);
  stream.fillNormal(x.data, 1);
  stream.fillDouble(values.data);
  stream.choice(4, labels.data);
  const checks = gradcheck({ network: net, x, labels: kind.targets === "labels" ? labels : values, samples: 20 });
  expect(checks.every(({ pass, largestGradient }) => pass && largestGradient > 1e-4)).toBe(true);
});

test("huber is squared within delta and straight beyond", () => {
  const { net, y, t } = planned(referenceKernels("float64"), (kernels) => ({
    net: new Sequential({ kernels, layers: [new Affine(1, 1)], maxRows: 1, loss: huber({ delta: 2 }) }),
    y: kernels.arena.floats(1, 1),
    t: kernels.arena.floats(1, 1),
  }));
  y.data[0] = 1;
  expect(net.loss.forward(y, t, null)).toBe(0.5);
  y.data[0] = 5;
  expect(net.loss.forward(y, t, null)).toBe(8);
});

test("a loss of one's own is a formula, whose slope is derived, or a function with its slope; a file keeps the formula", async () => {
  const rows: Row[] = Array.from({ length: 40 }, (_, i) => ({ x: i, y: 3 * i + 1 }));
  const options = { target: "y", hyper: { lr: 0.05 }, epochs: 20 };
  const formula = regress(network(""), { loss: ownLoss("square", "(y - t)^2") });
  const pair = regress(network(""), {
    loss: ownLoss("square", { value: (y, t) => (y - t) ** 2, slope: (y, t) => 2 * (y - t) }),
  });
  const known = regress(network(""));
  for (const model of [formula, pair, known]) {
    await model.fit(rows, options);
  }
  expect(formula.predict({ x: 7 })).toEqual(known.predict({ x: 7 }));
  expect(pair.predict({ x: 7 })).toEqual(known.predict({ x: 7 }));
  expect(modelFromBytes(formula.toBytes()).evaluate(rows)).toEqual(formula.evaluate(rows));
  expect(() => ownLoss("odd", "(y - target)^2")).toThrow(/only y and t have values here/);
});

test("k folds measure every row once, and each has the classes' shares", () => {
  const folds = kFold(iris(), 5);
  const lines = folds.flatMap(({ test: held }) => held.csv.lines.slice(1));
  expect([...lines].sort((a, b) => a - b)).toEqual(Array.from({ length: 150 }, (_, i) => i + 2));
  for (const { train, test: held } of folds) {
    expect([train.csv.rows, held.csv.rows]).toEqual([121, 31]);
    expect(held.csv.cells.filter((cell) => cell === "setosa")).toHaveLength(10);
  }
  // Of a table without a header the target has a number, and one with a header may be told by it.
  const bare = Array.from({ length: 60 }, (_, i) => `${i / 7},${i < 40 ? "a" : "b"}`).join("\n");
  for (const table of [
    readTable(bare, "t.csv", { target: "#2" }),
    readTable(`x,k\n${bare}`, "t.csv", { target: "#2" }),
  ]) {
    for (const { test: held } of kFold(table, 4)) {
      expect(held.csv.cells.filter((cell) => cell === "b")).toHaveLength(5);
    }
  }
  expect(() => kFold(readTable(`x,k\n${bare}`, "t.csv", { target: "kk" }), 4)).toThrow(/got "kk"\. Did you mean k\?/);
});

describe("training goes on", () => {
  const rules = ["sgd", "momentum", "adam", "rmsprop", "scheduleFreeAdamW"];
  test.each(
    rules.flatMap((optimizer) => (["float32", "float64"] as const).map((dtype) => [optimizer, dtype] as const)),
  )(
    "%s in %s: stopped anywhere, kept as bytes and gone on with, it has the bits of a run without a pause",
    async (optimizer, dtype) => {
      const net = network("affine 6; batchnorm; relu; dropout 0.2");
      const kernels = wasmKernels("wasm-simd", dtype);
      const options = {
        optimizer,
        schedule: plateau({ every: 2 }),
        epochs: 4,
        batchSize: 40,
        validation: 0.2,
        stopEarly: { patience: 3 },
      };
      const straight = classify(net, { kernels, seed: 5 });
      await straight.fit(iris(), options);
      for (const stop of [1, 4, 7]) {
        const first = classify(net, { kernels, seed: 5 });
        for await (const event of first.fit(iris(), options)) {
          if (event.kind === "step" && event.step + 1 === stop) {
            break;
          }
        }
        const second = modelFromBytes(first.toBytes(), { kernels });
        await second.resume(iris());
        expect(second.toBytes()).toEqual(straight.toBytes());
      }
    },
  );

  test("only with the data it began with", async () => {
    const model = classify(mlp([4]));
    await model.fit(iris(), { epochs: 1 });
    const other = readTable(irisText.replace("5.1,3.5", "5.2,3.5"), "iris.csv", { target: "species" });
    await expect(refused(() => model.resume(other, { epochs: 2 }))).resolves.toMatchObject({
      en: expect.stringMatching(/must go on with the data it began with/),
    });
  });
});

describe("rows of pixels", () => {
  /** Images of 4 × 4 pixels with a bright row or a bright column. */
  const pixels = () => {
    const stream = RandomStream.seeded(4);
    const lines = Array.from({ length: 120 }, (_, n) => {
      const line = Math.floor(stream.uniform(0, 4));
      const isLine = (i: number) => (n % 2 === 0 ? Math.floor(i / 4) : i % 4) === line;
      const cells = Array.from({ length: 16 }, (_, i) => Math.round(isLine(i) ? 200 : stream.uniform(0, 60)));
      return [...cells, n % 2 === 0 ? "row" : "column"].join();
    });
    const names = Array.from({ length: 16 }, (_, i) => `p${i}`);
    return readTable([[...names, "way"].join(), ...lines].join("\n"), "pixels.csv", { target: "way" });
  };

  test("are images where the network's text says so: convolved, moved, kept", async () => {
    const model = classify(network("image 4; conv2d 6 padding=1; batchnorm; prelu; maxPool; affine 8; relu"), {
      seed: 2,
    });
    await model.fit(pixels(), { optimizer: adam({ lr: 0.02 }), epochs: 20, shift: 0.3, validation: 0.2 });
    expect(model.evaluate(pixels()).accuracy).toBeGreaterThan(0.9);
    const again = modelFromBytes(model.toBytes());
    expect(again.evaluate(pixels())).toEqual(model.evaluate(pixels()));
    expect(again.toState().inputs.image).toEqual({ rows: 4, columns: 4, channels: 1 });
    const image = { height: 4, width: 4, channels: 6 };
    expect(again.toState().layers.slice(1, 3)).toMatchObject([
      { kind: "batchNorm", image },
      { kind: "prelu", image },
    ]);
    expect(again.toState().tensors.a1.shape).toEqual([6]);
  });

  test("are not, where it does not, or says what does not fit", async () => {
    const fitted = (text: string) => refused(() => classify(network(text)).fit(pixels(), { epochs: 1 }));
    expect((await fitted("conv2d 4")).en).toMatch(/conv2d must stand where rows are images, got rows of 16 numbers/);
    expect((await fitted("image 5; relu")).en).toMatch(/as many values as a row, 16, got 5 × 5 × 1/);
    expect(() => network("image 4; conv2d 2 size=5")).toThrow(/a window of 5 must fit/);
    expect(() => network("image 4; affine 8; maxPool")).toThrow(/maxPool must stand where rows are images/);
  });
});

test("residual blocks are asked for by mlp or by text, with stochastic depth falling evenly to the last", () => {
  const kinds = (of: Blueprint) => of.layers.map((spec) => (spec.kind === "residual" ? spec.survival : spec.kind));
  expect(kinds(mlp([4, 4, 8, 8], { residual: true, survival: 0.8 }))).toEqual([
    "affine",
    "relu",
    "affine",
    "relu",
    0.9,
    "affine",
    "relu",
    "affine",
    "relu",
    0.8,
  ]);
  expect(kinds(network("affine 5; residual 0.7"))).toEqual(["affine", 0.7]);
  expect(() => mlp([4, 4], { residual: true, survival: 0 })).toThrow(/survival/);
  expect(() => mlp([4, -1])).toThrow("mlp: hiddenSizes[1] must be a whole number of 1 or more, got -1.");
  expect(() => network("affine 4; affine 5; residual")).toThrow(/as many columns as they take/);
});

test("rows without a value are left out where the table says so: in fit, validation and evaluate alike", async () => {
  const gap = (i: number) => (i % 7 === 3 ? "" : i % 7 === 5 ? "NaN" : `${i % 10}`);
  const told = (i: number) => (i % 11 === 4 ? "" : i % 2 ? "odd" : "even");
  const csv = (keeps: (i: number) => boolean) =>
    `x,y,kind\n${Array.from({ length: 140 }, (_, i) => i)
      .filter(keeps)
      .map((i) => `${gap(i)},${(i % 2) * 3 - 1},${told(i)}`)
      .join("\n")}\n`;
  const gaps = readTable(
    csv(() => true),
    "gaps.csv",
    { target: "kind", missing: "skip" },
  );
  const whole = readTable(
    csv((i) => ![3, 5].includes(i % 7) && i % 11 !== 4),
    "whole.csv",
    { target: "kind" },
  );
  const models = await Promise.all(
    [gaps, whole].map(async (table) => {
      const model = classify(mlp([4]), { seed: 1 });
      const { valLoss } = await model.fit(table, { epochs: 3, validation: table });
      return { model, valLoss };
    }),
  );
  expect(models[0].valLoss).toEqual(models[1].valLoss);
  const [a, b] = models.map(({ model }) => model.evaluate(gaps));
  expect(a).toEqual(b);
  expect(a).toEqual(models[0].model.evaluate(whole));
  // Each row that is asked about has its answer: none is left out in silence.
  expect(() => models[0].model.predict(gaps)).toThrow(/gaps.csv, line 5: column x must have a value, got none/);
  expect(() =>
    models[0].model.evaluate(
      readTable(
        csv(() => true),
        "gaps.csv",
      ),
    ),
  ).toThrow(/line 5: column x must have/);
});
