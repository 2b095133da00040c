import { expect, test } from "vitest";
import { resolve } from "../../core/hyper.ts";
import { Recorder, type TaskEvent } from "../../core/record.ts";
import { encodedTable } from "../../data/csv/encoded-table.ts";
import { csvTable } from "../../data/csv/read-csv.ts";
import { wasmKernels } from "../../kernels/wasm.ts";
import { mlp } from "../../model/blueprint.ts";
import { type Classifier, regress } from "../../model/classify.ts";
import { modelFromBytes } from "../../model/load.ts";
import { readTable } from "../../model/table.ts";
import type { Settings, TaskContext } from "../../runs/experiment.ts";
import { type OwnData, prepareData } from "./prepare.ts";
import { sandbox } from "./sandbox.ts";
import type { SandboxValues } from "./settings.ts";

const kernels = wasmKernels("wasm-simd", "float32");
const points = Array.from({ length: 80 }, (_, i) => ({ x: Math.sin(i), y: Math.cos(1.7 * i) }));

/** The model of the last look at a run, the boundary that was seen there, and how many models were made before. */
async function learnt(given: Settings, own?: OwnData, watched = false) {
  let now = 0;
  const context = {
    kernels,
    kernelsIn: () => kernels,
    signal: new AbortController().signal,
    now: () => (now += 10),
    watch: () => (watched ? { every: 1, histograms: false, weights: false, mistakes: false } : null),
  };
  const settings = resolve(sandbox.settings, { iterations: 60, ...given }) as Settings;
  const events: TaskEvent[] = [];
  for (const task of sandbox.plan(settings, 0)) {
    for await (const event of sandbox.execute({ ...task, own }, context as unknown as TaskContext)) {
      events.push(event);
    }
  }
  const seen = events.flatMap((event) => (event.kind === "snapshot" ? [event.snapshot] : []));
  const { model, boundary, told } = seen.at(-1)!;
  const meanwhile = seen.slice(0, -1).filter((one) => one.model !== undefined).length;
  const recorder = new Recorder();
  for (const event of events) {
    recorder.add({ task: 0, event });
  }
  return {
    model: model && (modelFromBytes(model) as Classifier),
    boundary,
    told,
    meanwhile,
    record: recorder.recorded(),
  };
}

test("a network of the plane is a model of x and y that says what the picture says", async () => {
  const { model, boundary } = await learnt({ toy: "moons", network: "affine 8; tanh; dropout 0.1" });
  const { columns, rows, x, y, probabilities } = boundary!;
  for (const [i, j] of [
    [0, 0],
    [columns - 1, 3],
    [7, rows - 1],
  ]) {
    const at = (low: number, high: number, k: number, n: number) => low + ((high - low) * k) / (n - 1);
    const told = model!.predict({ x: at(...x, i, columns), y: at(...y, j, rows) });
    expect(255 * told.probabilities.A).toBeCloseTo(probabilities[2 * (j * columns + i)], -0.5);
  }
});

test("a file's columns, words and classes go with the network; one of sin πx and the like takes its inputs in order", async () => {
  const text = [
    "side,colour,kind",
    ...points.map(({ x, y }) => `${x},${y > 0 ? "red" : "blue"},${x > 0 ? "right" : "left"}`),
  ];
  const table = encodedTable(csvTable(text.join("\n"), "sides.csv", {}), { target: "kind" });
  const { model } = await learnt({ data: "csv", iterations: 200 }, { kind: "csv", table });
  expect(model!.predict({ side: 0.9, colour: "red" }).class).toBe("right");
  expect(model!.toState().inputs.names).toEqual(["side", "colour=blue", "colour=red"]);
  const bent = await learnt({ toy: "circles", inputs: ["x2", "sinx"] });
  expect(bent.model!.toState().inputs).toMatchObject({ kind: "numbers", size: 2, names: ["x²", "sin πx"] });
});

const prices = `area,kind,price\n${points.map(({ x, y }, i) => `${Math.round(50 + 30 * x)},${i % 2 ? "flat" : "house"},${Math.round(300 + 100 * x + (i % 2) * 40 + 3 * y)}%`).join("\n")}`;

test("a column of numbers is told as numbers, in the page and in the file, in its own unit", async () => {
  const csv = csvTable(prices, "prices.csv", {});
  const own: OwnData = { kind: "csv", table: encodedTable(csv, { target: "price" }, { kind: "found" }) };
  const { model, told, record } = await learnt({ data: "csv", iterations: 600, testShare: 0.25 }, own);
  const state = model!.toState();
  expect([state.task, state.targets]).toMatchObject(["regression", { names: ["price"], units: ["%"] }]);
  const asked = (i: number) =>
    model!.predict({ area: `${Math.round(50 + 30 * points[i].x)}`, kind: i % 2 ? "flat" : "house" });
  expect((asked(3) as unknown as { values: { price: number } }).values.price).toBeCloseTo(
    340 + 100 * points[3].x,
    -1.5,
  );
  // What the curves end with is what the file measures on the rows that were held back.
  const { train, test, values } = prepareData(
    resolve(sandbox.settings, { data: "csv" }) as unknown as SandboxValues,
    own,
  );
  const learntFrom = values!.train.data.reduce((sum, value) => sum + value, 0) / train.images.count;
  expect(learntFrom).toBeCloseTo(0, 5);
  const last = (metric: string) => record.series.find((one) => one.metric === metric)!.y.at(-1)!;
  expect(told!.wanted.length).toBe(test!.images.count);
  const truth = prices
    .split("\n")
    .slice(1)
    .map((line) => Number(line.split(",")[2].replace("%", "")));
  told!.wanted.forEach((wanted, i) => {
    expect(truth).toContainEqual(expect.closeTo(wanted, 3));
    expect(Math.abs(told!.told[i] - wanted)).toBeLessThan(5 * last("testRmse"));
  });
  const share = test!.images.count / (train.images.count + test!.images.count);
  const all = Math.sqrt((1 - share) * last("trainRmse") ** 2 + share * last("testRmse") ** 2);
  const measured = model!.evaluate(readTable(prices, "prices.csv")) as unknown as { rmse: number };
  expect(measured.rmse).toBeCloseTo(all, 3);
  // The same rows are the same data, whoever learnt from them.
  const other = regress(mlp([4]));
  await other.fit(readTable(prices, "prices.csv"), { target: "price", epochs: 1 });
  expect(record.data?.[0]).toMatchObject({ fingerprint: other.toState().resume!.data, classes: 0, trainRows: 80 });
});

test("what stands in for a missing value is of the training rows alone, on the plane and in the model", async () => {
  const wide = (i: number) => (i % 5 === 2 ? "" : `${i + 1}`);
  const text = ["wide,long,kind", ...points.map((_, i) => `${wide(i)},${i % 7},${i % 2 ? "odd" : "even"}`)];
  const table = encodedTable(csvTable(text.join("\n"), "gaps.csv", {}), { target: "kind", missing: "fill" });
  const values = resolve(sandbox.settings, { data: "csv", testShare: 0.5 }) as unknown as SandboxValues;
  const { fills, plane } = prepareData(values, { kind: "csv", table });
  const trained = [...plane!.points.slice(0, 2 * plane!.trainRows)].filter((_, k) => k % 2 === 0);
  // A mean with a fraction stands out among whole numbers.
  const known = trained.filter((value) => Number.isInteger(value));
  expect(fills![0]).toBeCloseTo(known.reduce((sum, value) => sum + value, 0) / known.length, 10);
  expect(fills![0]).not.toBeCloseTo(table.fills[0] as number, 3);
  expect(new Set(trained.filter((value) => !Number.isInteger(value)))).toEqual(new Set([fills![0]]));
  const { model } = await learnt({ data: "csv", testShare: 0.5 }, { kind: "csv", table });
  expect(model!.predict({ wide: null, long: 3 })).toEqual(model!.predict({ wide: fills![0] as number, long: 3 }));
  const strict = encodedTable(csvTable(text.join("\n"), "gaps.csv", {}), { target: "kind", missing: "skip" });
  const other = await learnt({ data: "csv" }, { kind: "csv", table: strict });
  expect(() => other.model!.predict({ wide: null, long: 3 })).toThrow(/column wide must have a value/);
});

test("images keep their rows and columns, a typed rule its text; what diverged is no model, and only who asks has one meanwhile", async () => {
  const images = { data: Uint8Array.from({ length: 40 * 6 }, (_, i) => (i * 67) % 256), count: 40, width: 6 };
  const split = { images, labels: Uint8Array.from({ length: 40 }, (_, i) => i % 2) };
  const own: OwnData = { kind: "idx", name: "images", split, classes: 2, rows: 2, columns: 3 };
  const settings = { data: "idx", optimizer: "custom", rule: "w = w - lr * g" };
  const { model, meanwhile } = await learnt(settings, own);
  const { inputs, training } = model!.toState();
  expect([inputs.image, training?.optimizer.rule]).toEqual([{ rows: 2, columns: 3, channels: 1 }, "w = w - lr * g"]);
  expect((await learnt({ optimizer: "SGD", "SGD.lr": 1e30 })).model).toBeUndefined();
  // What a person draws is named meanwhile; where nobody asks, no model is made for it.
  expect(meanwhile).toBe(0);
  expect((await learnt(settings, own, true)).meanwhile).toBeGreaterThan(0);
  expect((await learnt({ toy: "moons" }, undefined, true)).meanwhile).toBe(0);
});
