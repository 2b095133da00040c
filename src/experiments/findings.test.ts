import { expect, test } from "vitest";
import type { RunRecord, Series, Tags } from "../core/record.ts";
import { inLanguage } from "../core/text.ts";
import { lossFigure } from "./loss-figure.ts";
import { noteText } from "./note-text.ts";
import { experimentNamed } from "./registry.ts";

interface Told {
  readonly run: string;
  readonly tags?: Tags;
  readonly metric: string;
  readonly y: readonly (number | null)[];
  readonly x?: readonly number[];
}

const series = ({ run, tags = {}, metric, y, x = y.map((_, i) => i) }: Told): Series => ({
  run,
  tags,
  metric,
  x: [...x],
  y: [...y],
});
const diverged = (run: string, tags: Tags = {}, step = 1) =>
  ({ kind: "diverged", run, tags, step, layer: "affine1" }) as const;

/** What a report says of such a record, in English. */
function said(id: string, told: readonly Told[], record: Partial<RunRecord> = {}): string[] {
  const whole = { settings: {}, events: [], checks: [], engine: {}, series: told.map(series), ...record };
  return (experimentNamed(id).findings?.(whole as unknown as RunRecord) ?? []).map((text) => inLanguage(text, "en"));
}

test("batchnorm-scales: a plain network that diverged, or has not come as far, is not ahead", () => {
  const [first, second] = [{ weightInitStd: 1 }, { weightInitStd: 0.1 }];
  const pair = (tags: Tags, plain: number, batchnorm: number): Told[] => [
    { run: "plain", tags, metric: "trainAccuracy", y: [0.1, plain] },
    { run: "batchnorm", tags, metric: "trainAccuracy", y: [0.1, batchnorm] },
  ];
  const told = [...pair(first, 0.097, 0.09), ...pair(second, 0.9, 0.8)];
  expect(said("batchnorm-scales", told)[0]).toContain("at 2 of 2 scales (1, 0.1)");
  expect(said("batchnorm-scales", told, { events: [diverged("plain", first)] })[0]).toContain("at 1 of 2 scales (0.1)");
  expect(said("batchnorm-scales", [...told.slice(0, 3), { ...told[3], y: [0.8] }])[0]).toContain("(1)");
});

test("batchnorm-scales: scales that are one are one pair of runs", () => {
  const { plan } = experimentNamed("batchnorm-scales");
  expect(plan({ largestScale: 0.1, smallestScale: 0.1, scales: 5, iterations: 1 }, 0)).toHaveLength(2);
});

/** Trials with these exponents of lr and validation accuracies. */
const trials = (told: readonly (readonly [exponent: number, accuracy: number])[]): Told[] =>
  told.flatMap(([exponent, accuracy], i) =>
    ["trainAccuracy", "valAccuracy"].map((metric) => ({
      run: `trial ${i}`,
      tags: { lr: 10 ** exponent, weightDecay: 1e-6 },
      metric,
      y: [accuracy],
    })),
  );
const ranges = { lrLow: -6, lrHigh: -1.5, weightDecayLow: -8, weightDecayHigh: -4 };
const ofTwenty = Array.from({ length: 20 }, (_, i) => [i < 5 ? -1.6 : -4, i < 5 ? 0.9 : 0.1] as const);

test("hyperparameter-search: the best press on a bound where they are enough, better than others, and it is a range", () => {
  const search = (told: readonly Told[], settings = ranges) => said("hyperparameter-search", told, { settings });
  expect(search(trials(ofTwenty))).toEqual([expect.stringContaining("upper bound, 3.16e-2. Widen")]);
  expect(search(trials(ofTwenty.slice(0, 9)))).toEqual([]);
  expect(search(trials(ofTwenty.map(([lr]) => [lr, 0.1])))).toEqual([]);
  expect(search(trials(ofTwenty.map(([, y]) => [-2, y])), { ...ranges, lrLow: -2, lrHigh: -2 })).toEqual([]);
});

test("hyperparameter-search: a figure of all trials is not called that of the best 20", () => {
  const { figures } = experimentNamed("hyperparameter-search");
  const title = (count: number) =>
    figures({
      series: trials(Array(count).fill([-3, 0.5])).map(series),
      events: [],
      settings: ranges,
    } as unknown as RunRecord)[0].title;
  expect(title(21)).toMatchObject({ en: "The best 20 trials" });
  expect(title(20)).toMatchObject({ en: "The trials, the best first" });
});

test("batchnorm-gradcheck: what several rows do not move either is not one row's doing", () => {
  const check = (rows: number, vacuous: boolean) =>
    ({ parameter: "affine1.W", rows, vacuous, pass: true, meanAbsDiff: 0, maxRelError: 0 }) as const;
  expect(said("batchnorm-gradcheck", [], { checks: [check(1, true), check(8, false)] })[0]).toContain("1 of 1");
  expect(said("batchnorm-gradcheck", [], { checks: [check(1, true), check(8, true)] })).toEqual([]);
});

test("schedules: a rate that did not come down explains no lower loss, and a run that was lost counts", () => {
  const run = (name: string, loss: number | null, rate: number): Told[] => [
    { run: name, metric: "loss", y: [loss] },
    { run: name, metric: "lr", y: [rate] },
  ];
  const [constant, cosine] = [run("constant", 0.5, 0.1), run("cosine", 0.4, 0.001)];
  const [fell] = said("schedules", [...constant, ...cosine, ...run("step", null, 0.1)]);
  expect(fell).toContain("1 of 2 schedules end with a lower loss than the constant rate (0.500)");
  expect(fell).toContain("come down to 0.001 from 0.1");
  for (const other of [run("warmup", 0.4, 0.1), run("cosine", 0.6, 0.001)]) {
    expect(said("schedules", [...constant, ...other])[0]).toMatch(/the lowest of them is \w+ with 0\.\d00\.$/);
  }
});

test("dead-units: a run that diverged is said to have, and the iteration of the last look is told", () => {
  const told = ["ReLU", "leaky ReLU", "He", "BatchNorm"].flatMap((run): Told[] => [
    { run, metric: "deadShare", x: [0, 25], y: [0, 0.5] },
    { run, metric: "testAccuracy", x: [0, 40], y: [0.1, 0.9] },
  ]);
  const [text] = said("dead-units", told, { events: [diverged("He")] });
  expect(text).toContain("iteration 25");
  expect(text).toContain("ReLU 50.0%, 90.0%; leaky ReLU 50.0%, 90.0%; He diverged;");
  expect(said("dead-units", told.slice(0, -1))).toEqual([]);
});

test("depth: gradients are compared where a layer lies between, accuracies of networks that have some", () => {
  const depth = (layers: number, norms: readonly number[], events: RunRecord["events"] = []) => {
    const tags = { depth: layers };
    const runs = [`plain ${layers}`, `residual ${layers}`];
    const looks = runs.map((run) => ({
      kind: "diagnostic" as const,
      run,
      tags,
      step: 0,
      layers: norms.map((gradientNorm, i) => ({ layer: `affine${i}`, gradientNorm })),
    }));
    const told = runs.map((run) => ({ run, tags, metric: "trainAccuracy", y: [0.1, 0.9] }));
    return said("depth", told, { events: [...looks, ...events] as RunRecord["events"] })[0];
  };
  expect(depth(3, [9, 4000, 5, 2, 1])).toContain("plain 3: the second layer's gradient is 2000 times the last");
  for (const norms of [
    [9, 4, 1],
    [9, 0, 5, 2, 1],
    [9, 4, 0, 0, 1],
  ]) {
    expect(depth(2, norms)).toBe("plain 2: training accuracy 90.0%; residual 2: training accuracy 90.0%.");
  }
  expect(depth(2, [9, 4, 1], [diverged("plain 2", { depth: 2 })])).toContain("plain 2: diverged;");
});

test("depth: a depth that is asked for twice is run once", () => {
  expect(
    experimentNamed("depth")
      .plan({ depths: [2, 3, 2] }, 0)
      .map(({ run }) => run),
  ).toEqual(["plain 2", "residual 2", "plain 3", "residual 3"]);
});

test.each(["schedules", "depth"])("%s says where its horizon is, as whatever else has one", (id) => {
  const record = { settings: { horizon: "on" }, engine: { dtype: "float32" } } as unknown as Partial<RunRecord>;
  expect(said(id, [{ run: "constant", metric: "loss", y: [1] }], record)).toEqual([expect.stringContaining("Horizon")]);
});

test("lr-find: a loss that falls up to the last rate names none worth taking", () => {
  const rates = Array.from({ length: 100 }, (_, i) => 1e-4 * 1.1 ** i);
  const run = (losses: readonly number[]): Told[] => [
    { run: "SGD", metric: "loss", y: losses },
    { run: "SGD", metric: "lr", y: rates },
  ];
  const falling = rates.map((_, i) => 2 - i / 60);
  expect(said("lr-find", run(falling))).toEqual([expect.stringContaining("the loss still falls at the last rate")]);
  const { results } = experimentNamed("lr-find");
  expect(results({ series: run(falling).map(series) } as unknown as RunRecord).rows[0][1]).toBeNull();
  const still: Told[] = [run(falling)[0], { run: "SGD", metric: "lr", y: rates.map(() => 0.1) }];
  expect(said("lr-find", still)).toEqual([]);
  expect(results({ series: still.map(series) } as unknown as RunRecord).rows[0].slice(1)).toEqual([null, null, null]);
  expect(said("lr-find", run(rates.map((_, i) => (i < 60 ? 2 - i / 60 : 9))))[0]).toContain("take about");
});

test("the axis of losses shows something of every curve, and is the book's where it does", () => {
  const axis = (...ends: number[]) => {
    const record = {
      events: [],
      series: ends.map((end, i) => series({ run: `${i}`, metric: "loss", y: Array(40).fill(end) })),
    };
    const [panel] = lossFigure(record, { id: "loss", title: "", top: 1 }).panels;
    return panel.kind === "plane" ? panel.y.domain : null;
  };
  expect(axis(0.2, 0.9)).toEqual([0, 1]);
  expect(axis(0.2, 2.3)).toEqual([0, 2.5]);
  expect(axis(0.2, 16)).toEqual([0, 17]);
  expect(axis(0.2, Number.NaN)).toEqual([0, 1]);
  expect(axis(1e30)).toEqual([0, 17]);
});

test("a table's mean is of as many losses as there are", () => {
  const { results } = experimentNamed("optimizer-comparison");
  const told = [series({ run: "SGD", metric: "loss", y: Array(20).fill(1) })];
  const { columns } = results({ series: told } as unknown as RunRecord);
  expect(columns[2]).toEqual({ en: "mean loss of the last 20", ja: "最後の20回の平均損失" });
});

test("a path that left all numbers has no weights to be lowered", () => {
  const text = noteText({ ...diverged("SGD"), layer: "position" });
  expect(inLanguage(text ?? "", "en")).toBe(
    "SGD: the position must be finite, got NaN or Infinity at step 1. Lower its lr.",
  );
});
