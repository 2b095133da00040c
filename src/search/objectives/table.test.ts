import { expect, test } from "vitest";
import { attemptAt } from "../../../test/support/lost-attempt.ts";
import { wasmKernels } from "../../kernels/wasm.ts";
import { mlp } from "../../model/blueprint.ts";
import { classify } from "../../model/classify.ts";
import { encodeData } from "../../model/encode.ts";
import { tableOfRows } from "../../model/table.ts";
import { openStudy } from "../study.ts";
import { tableObjective } from "./table.ts";
import { checkTableSpec, metricOf, type TableSpec, trialSettings } from "./table-spec.ts";

const kernels = wasmKernels("wasm-simd", "float32");
const rows = Array.from({ length: 90 }, (_, i) => {
  const [a, b] = [Math.sin(i), Math.cos(1.3 * i)];
  return { a, b, price: 100 + 20 * a * b, kind: a * b > 0 ? "up" : "down" };
});
const of = (task: "classification" | "regression", target: string) =>
  encodeData(tableOfRows(rows.map(({ a, b, [target as "price"]: told }) => ({ a, b, [target]: told }))), task, target);
const classes = of("classification", "kind");
const numbers = of("regression", "price");
const lr = { kind: "real", low: 1e-3, high: 1, scale: "log" } as const;
const spec: TableSpec = {
  ...{ data: "rows", model: "mlp", seed: 3, space: { lr }, fixed: { epochs: 6 } },
  ...{ task: "classification", targets: ["kind"], metric: "valAccuracy" },
};

test.each([
  ["adam", {}],
  ["momentum", { dropRatio: 0.2, batchNorm: "on", schedule: "cosine", emaDecay: 0.9 }],
])("goes on from a checkpoint to the same bits, %s %j", async (optimizer, more) => {
  const one: TableSpec = { ...spec, fixed: { epochs: 9, optimizer, hidden: 8, ...more } };
  const objective = tableObjective(one, { kernels, data: classes, checkpointDue: () => true });
  const whole = await attemptAt(objective, 99, null);
  const lost = await attemptAt(objective, 3, null);
  const again = await attemptAt(objective, 99, lost.left);
  expect([whole.reports.length, lost.value]).toEqual([9, null]);
  expect(again.reports).toEqual(whole.reports.slice(2));
  expect(again.value).toBe(whole.value);
  expect(again.left).toEqual(whole.left);
});

test("a table that is measured beside is so after each epoch, and where a trial goes on", async () => {
  const validation = tableOfRows(
    Array.from({ length: 30 }, (_, i) => {
      const [a, b] = [Math.sin(5 * i + 0.4), Math.cos(3.1 * i)];
      return { a, b, kind: a * b > 0 ? "up" : "down" };
    }),
    { target: "kind" },
  );
  const fixed = { epochs: 7, hidden: 8 };
  const one: TableSpec = { ...spec, fixed, metric: "valLoss", validationData: "beside.csv" };
  const objective = tableObjective(one, { kernels, data: classes, validation, checkpointDue: () => true });
  const whole = await attemptAt(objective, 99, null);
  const lost = await attemptAt(objective, 3, null);
  const again = await attemptAt(objective, 99, lost.left);
  const model = classify(mlp([8]), { seed: 3, kernels });
  const history = await model.fit(classes, { optimizer: "adam", hyper: { lr: 0.025 }, epochs: 7, validation });
  expect(whole.reports).toEqual(history.valLoss);
  expect([again.reports, again.value]).toEqual([whole.reports.slice(2), whole.value]);
});

test.each([
  ["several updates", 32, "valLoss"],
  ["one update", 90, "valAccuracy"],
] as const)(
  "training by epochs of %s that stops early is worth its best epoch, whatever is kept on the way",
  async (_, batchSize, stopMetric) => {
    const fixed = { epochs: 60, patience: 2, optimizer: "sgd", stopMetric, batchSize };
    const attempt = (metric: "valLoss" | "valAccuracy", prunedAt = 99, checkpointDue?: () => boolean) =>
      attemptAt(tableObjective({ ...spec, fixed, metric }, { kernels, data: classes, checkpointDue }), prunedAt, null);
    const losses = await attempt("valLoss");
    const { reports, value } = await attempt("valAccuracy");
    const best =
      stopMetric === "valLoss"
        ? losses.reports.indexOf(Math.min(...losses.reports))
        : reports.indexOf(Math.max(...reports));
    expect([reports.length < 60, losses.reports.length, reports.length]).toEqual([true, best + 3, best + 3]);
    expect([losses.value, value]).toEqual([losses.reports[best], reports[best]]);
    // A pruner that speaks up at the last report finds the trial complete.
    expect((await attempt("valAccuracy", reports.length)).value).toBe(value);
    const kept = await attempt("valAccuracy", 99, () => true);
    expect([kept.reports, kept.value, kept.left === null]).toEqual([reports, value, false]);
  },
);

test("with folds it is worth their mean, reports that of those done, and goes on between two", async () => {
  const one: TableSpec = { ...spec, fixed: { epochs: 5, folds: 4, hidden: 8, patience: 2 } };
  const objective = tableObjective(one, { kernels, data: classes, checkpointDue: () => true });
  const whole = await attemptAt(objective, 99, null);
  const values: number[] = [];
  for (let fold = 0; fold < 4; fold++) {
    const model = classify(mlp([8]), { seed: 3, kernels });
    const asked = { optimizer: "adam", hyper: { lr: 0.025 }, epochs: 5, stopEarly: { patience: 2 } };
    const history = await model.fit(classes, { ...asked, validation: { fold, of: 4 } });
    const losses = history.valLoss as number[];
    values.push(history.valAccuracy[losses.indexOf(Math.min(...losses))] as number);
  }
  const means = values.map((_, i) => values.slice(0, i + 1).reduce((sum, value) => sum + value, 0) / (i + 1));
  expect([whole.reports, whole.value]).toEqual([means, means[3]]);
  expect(new Set(values).size).toBeGreaterThan(1);
  const lost = await attemptAt(objective, 3, null);
  const again = await attemptAt(objective, 99, lost.left);
  expect([lost.value, again.reports, again.value]).toEqual([null, whole.reports.slice(2), whole.value]);
});

test("is worth what the rows held back measure, or the least there is where it diverges", async () => {
  const study = await openStudy({ direction: "minimize", sampler: "random", seed: 1 });
  const fixed = { epochs: 8, optimizer: "sgd", hidden: 16 };
  const space = { lr: { kind: "category", choices: [0.05, 1e6] } } as const;
  const prices: TableSpec = { ...spec, task: "regression", targets: ["price"], metric: "valRmse", space, fixed };
  await study.optimize(tableObjective(prices, { kernels, data: numbers }), { trials: 8 });
  const values = (rate: number) => study.trials.filter(({ params }) => params.lr === rate).map(({ value }) => value);
  const [learnt, lost] = [values(0.05), values(1e6)];
  expect([learnt.length > 0, lost.length > 0]).toEqual([true, true]);
  // One seed for all: the same hyper-parameters are the same network.
  expect(new Set(learnt).size).toBe(1);
  expect(learnt[0]).toBeLessThan(20);
  expect(new Set(lost)).toEqual(new Set([Number.POSITIVE_INFINITY]));
  expect(study.trials.find(({ params }) => params.lr === 1e6)?.attributes).toHaveProperty("diverged");
});

test("the loss and its own settings are of the trials that draw it; what would do nothing is left out", () => {
  const asked = checkTableSpec({
    ...spec,
    space: { loss: { kind: "category", choices: ["auto", "huber"] }, lookahead: { kind: "int", low: 0, high: 5 } },
    fixed: { "huber.delta": 2, lookaheadAlpha: 0.8, decayOf: "all", classWeights: "none", validation: 0.3 },
  });
  const told = (loss: string, lookahead: number) =>
    trialSettings(asked, (name) => ({ loss, lookahead })[name as "loss"]).values;
  const rest = { epochs: 100, batchSize: 32, validation: 0.3, classWeights: "" };
  expect(told("auto", 0)).toEqual({ ...rest, loss: "auto", lookahead: 0 });
  const both = { lookahead: 5, lookaheadAlpha: 0.8 };
  expect(told("huber", 5)).toEqual({ ...rest, ...both, loss: "huber", "huber.delta": 2 });
});

test("what a trial does is told as train takes it", () => {
  const asked = checkTableSpec({
    ...spec,
    space: {
      optimizer: { kind: "category", choices: ["adamw", "sgd"] },
      "adamw.lr": lr,
      hidden: { kind: "int", low: 2, high: 9 },
    },
    fixed: {
      layers: 2,
      weightDecay: 0.01,
      schedule: "cosine",
      "cosine.minLr": 1e-5,
      labelSmoothing: 0.1,
      dropRatio: 0.3,
    },
  });
  const drawn = { optimizer: "adamw", "adamw.lr": 0.02, hidden: 4 };
  expect(trialSettings(asked, (name) => drawn[name as keyof typeof drawn])).toEqual({
    model: "affine 4; relu; dropout 0.3; affine 4; relu; dropout 0.3",
    optimizer: "adamw",
    values: {
      ...{ lr: 0.02, weightDecay: 0.01, epochs: 100, batchSize: 32, schedule: "cosine", "cosine.minLr": 1e-5 },
      ...{ validation: 0.2, labelSmoothing: 0.1 },
    },
  });
  const sgd = trialSettings(asked, (name) => ({ ...drawn, optimizer: "sgd" })[name as keyof typeof drawn]);
  expect([sgd.optimizer, sgd.values.lr, sgd.values.weightDecay]).toEqual(["sgd", undefined, 0.01]);
});

test.each([
  [{ fixed: { weightInit: "he" } }, /search on a table: weightInit: no such setting/],
  [{ space: { trainRows: { kind: "int", low: 10, high: 50 } } }, /search on a table: trainRows: no such setting/],
  [{ space: { lrr: lr } }, /lrr: no such setting\. Did you mean lr\?/],
  [{ fixed: { network: "affine 4; relu", hidden: 8 } }, /network: must stand alone/],
  [{ fixed: { "huber.delta": 2 } }, /huber\.delta: must be of a loss that trials use/],
  [{ fixed: { validation: 0.3, validationShare: 0.3 } }, /validation: must be said once/],
  [{ fixed: { validationShare: 0.3, folds: 3 } }, /folds: must stand alone, got validationShare too/],
  [{ space: { folds: { kind: "int", low: 2, high: 5 } } }, /--space folds: must be the same in all trials/],
] as const)("%j is refused", (more, sentence) => {
  expect(() => checkTableSpec({ ...spec, ...more })).toThrow(sentence);
});

test("measures by what the task has", () => {
  expect(
    (["classification", "binary", "multilabel", "regression"] as const).map((task) => metricOf(task, undefined)),
  ).toEqual([...["valAccuracy", "valAccuracy", "valF1", "valRmse"]]);
  expect(() => metricOf("regression", "valAccuracy")).toThrow(/metric must be a known name/);
});
