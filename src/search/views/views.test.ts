import { describe, expect, test } from "vitest";
import { sampleStudy } from "../../../test/support/sample-study.ts";
import { languages } from "../../core/text.ts";
import type { TrialRecord } from "../../core/trial.ts";
import type { ParallelPanel, PlanePanel } from "../../figure/figure-spec.ts";
import { renderTerminal } from "../../figure/terminal.ts";
import { displayWidth } from "../../figure/text-width.ts";
import { compareStudies } from "./compare.ts";
import { contourFigure } from "./contour.ts";
import { empiricalDistribution } from "./edf.ts";
import { edgeFindings } from "./edge.ts";
import { bestSoFar } from "./history.ts";
import { studyViews } from "./index.ts";
import { parametersOf } from "./parameter.ts";
import { failureNotes, studyReport } from "./report.ts";
import type { StudyData } from "./study-view.ts";
import { bestTable, summarize, summaryText } from "./summary.ts";
import { linearTicks, logTicks } from "./ticks.ts";
import { lanesOf } from "./timeline.ts";
import { completedOf } from "./trials.ts";
import { trialsCsv } from "./trials-csv.ts";
import { valueScale } from "./value-axis.ts";

const study = sampleStudy();
const empty: StudyData = { trials: [], direction: "minimize" };

function trial(number: number, more: Partial<TrialRecord> = {}): TrialRecord {
  return {
    number,
    state: "complete",
    value: number,
    params: { x: 0.5 },
    distributions: { x: { kind: "real", low: 0, high: 1 } },
    intermediate: [],
    attributes: {},
    attempt: 1,
    startedAt: null,
    finishedAt: null,
    ...more,
  };
}

/** Every number in a figure. */
function numbersOf(value: unknown): number[] {
  return typeof value === "number"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(numbersOf)
      : [];
}

describe.each(studyViews)("the view $id", (view) => {
  test("draws a study as plain JSON of finite numbers", () => {
    const figure = view.draw(study);
    expect(figure?.id).toBe(view.id);
    expect(JSON.parse(JSON.stringify(figure))).toEqual(JSON.parse(JSON.stringify(view.draw(study))));
    expect(numbersOf(figure).every(Number.isFinite)).toBe(true);
  });

  test("has nothing to draw of an empty study, and says what it needs", () => {
    expect(view.draw(empty)).toBeNull();
    expect(view.needs).toMatchObject({ en: expect.any(String), ja: expect.any(String) });
  });

  test("changes no trial", () => {
    const before = structuredClone(study.trials);
    view.draw(study);
    expect(study.trials).toEqual(before);
  });

  test.each(languages)("fits a terminal of 60 columns, %s", (language) => {
    const drawn = renderTerminal(view.draw(study)!, { language, columns: 60, rows: 8, color: false });
    expect(Math.max(...drawn.split("\n").slice(1).map(displayWidth))).toBeLessThanOrEqual(60);
  });

  test("stays small for 10,000 trials", () => {
    const trials = Array.from({ length: 10_000 }, (_, i) =>
      trial(i, {
        value: 1 + ((i * 7919) % 1000) / 1000,
        params: { x: ((i * 104_729) % 1000) / 1000 },
        intermediate: [0, 1, 2].map((step) => ({ step, value: i / (step + 1) })),
        startedAt: i,
        finishedAt: i + 1,
      }),
    );
    const figure = view.draw({ trials, direction: "minimize" });
    expect(JSON.stringify(figure).length).toBeLessThan(800_000);
  });
});

test("the best so far falls in steps, skips infeasible trials and lasts to the last trial", () => {
  const trials = [trial(0, { value: 5 }), trial(1, { value: 1, constraints: [0.1] }), trial(3, { value: 4 })];
  expect(bestSoFar(completedOf(trials), "minimize", 7)).toEqual({ x: [0, 3, 3, 7], y: [5, 5, 4, 4] });
});

test("the empirical distribution rises by 1/n at each value", () => {
  expect(empiricalDistribution([2, 1])).toEqual({ x: [1, 1, 2, 2], y: [0, 0.5, 0.5, 1] });
});

test("trials that ran at the same time have lanes of their own; a lane is used again", () => {
  const trials = [
    trial(0, { startedAt: 0, finishedAt: 10 }),
    trial(1, { startedAt: 5, finishedAt: 8 }),
    trial(2, { startedAt: 9, finishedAt: 20 }),
    trial(3, { state: "running", startedAt: 12, value: null }),
    trial(4, { state: "waiting", value: null }),
  ];
  const lanes = lanesOf({ trials, direction: "minimize", now: 30 });
  expect(lanes.map(({ trial: { number }, lane, to }) => [number, lane, to])).toEqual([
    [0, 0, 10],
    [1, 1, 8],
    [2, 1, 20],
    [3, 0, 30],
  ]);
});

test("a bad outlier does not press the others flat: it is drawn at the axis's end", () => {
  const values = [...Array.from({ length: 20 }, (_, i) => 1 + i / 20), 500];
  const loss = { direction: "minimize", valueName: "loss" } as const;
  const low = valueScale(loss, values);
  expect(low.axis.domain[1]).toBeLessThan(3);
  expect(low.beyond).toBe(1);
  expect(low.clamp(500)).toBeLessThanOrEqual(low.axis.domain[1]);
  // The best is never cut off, however far away.
  expect(valueScale(loss, [...values, -500]).axis.domain[0]).toBeLessThan(-500);
  expect(valueScale(loss, [1e-6, 1e-3, 1]).axis.scale).toBe("log");
});

test("ticks are round numbers within the range", () => {
  expect(linearTicks(0, 1).ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(linearTicks(-3, 17).ticks).toEqual([0, 5, 10, 15]);
  expect(logTicks(1e-5, 1e-1).tickLabels).toEqual(["1e-5", "1e-4", "1e-3", "1e-2", "1e-1"]);
  expect(logTicks(16, 256).tickLabels).toEqual(["20", "50", "100", "200"]);
});

test("a parameter's axis spans everything its trials drew from, and a trial without it has no place", () => {
  const wider = trial(1, { distributions: { x: { kind: "real", low: -1, high: 0.5 } } });
  const other = trial(2, { params: {}, distributions: {} });
  const [x] = parametersOf([trial(0), wider, other]);
  expect(x.axis.domain).toEqual([-1, 1]);
  expect(x.share(trial(0))).toBe(0.75);
  expect(x.at(other)).toBeNull();
});

test("a response can be asked for over any two parameters; an unknown one gives no figure", () => {
  expect(contourFigure(study, [["hidden", "lr"]])?.panels).toHaveLength(1);
  expect(contourFigure(study, [["hidden", "lrr"]])).toBeNull();
});

test("studies are compared with one axis and a curve each", () => {
  const figure = compareStudies([
    { name: "a", data: study },
    { name: "b", data: { ...study, trials: study.trials.slice(0, 20) } },
    { name: "c", data: empty },
  ]);
  expect(figure?.panels.map((panel) => (panel.kind === "plane" ? panel.layers.length : 0))).toEqual([2, 2]);
  expect(compareStudies([{ name: "c", data: empty }])).toBeNull();
});

describe("the edge of a range", () => {
  const at = (value: (i: number) => number) => ({
    trials: Array.from({ length: 40 }, (_, i) => trial(i, { value: i, params: { x: value(i) } })),
    direction: "minimize" as const,
  });

  test("is told when the best trials press on it, with its bound, in both languages", () => {
    const [finding, ...more] = edgeFindings(at((i) => (i < 5 ? 0.95 : 0.5)));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      en: expect.stringContaining("the best 5 trials have x close to its upper bound, 1. Widen"),
      ja: expect.stringContaining("x は上限の 1 に寄って"),
    });
  });

  test("is not told when they lie inside, nor with few trials", () => {
    expect(edgeFindings(at((i) => (i < 5 ? 0.6 : 1)))).toEqual([]);
    expect(edgeFindings({ ...at(() => 1), trials: at(() => 1).trials.slice(0, 9) })).toEqual([]);
    const infeasible = at(() => 1).trials.map((one) => ({ ...one, constraints: [1] }));
    expect(edgeFindings({ ...at(() => 1), trials: infeasible })).toEqual([]);
  });
});

test("a summary counts states, and names the best feasible trial", () => {
  const trials = [
    trial(0, { value: 3, startedAt: 0, finishedAt: 10 }),
    trial(1, { value: 1, constraints: [2], startedAt: 5, finishedAt: 25 }),
    trial(2, { state: "failed", value: null }),
  ];
  const summary = summarize({ trials, direction: "minimize" });
  expect(summary).toMatchObject({ total: 3, elapsed: 25, worked: 30, best: { number: 0 } });
  expect(summaryText(summary)).toEqual({
    en: "3 trials: 2 complete, 1 failed",
    ja: "3 試行(完了 2、失敗 1)",
  });
});

test("the table of the best names every parameter; what a trial has not is missing", () => {
  const table = bestTable({ trials: [trial(0), trial(1, { params: {}, distributions: {} })], direction: "maximize" });
  expect(table.rows).toEqual([
    ["1", 1, 1, null],
    ["2", 0, 0, 0.5],
  ]);
  expect(table.columns).toHaveLength(4);
});

test("CSV quotes what needs it, and keeps a parameter apart that is named as a column", () => {
  const distributions = { value: { kind: "category", choices: ['a,"b"'] } } as const;
  const csv = trialsCsv([
    trial(0, { params: { value: 'a,"b"' }, distributions, startedAt: 0, finishedAt: 1500, error: "line\nbreak" }),
  ]);
  expect(csv).toBe(
    "number,state,value,param:value,attempt,started,finished,seconds,error\n" +
      '0,complete,0,"a,""b""",1,1970-01-01T00:00:00.000Z,1970-01-01T00:00:01.500Z,1.5,"line\nbreak"\n',
  );
});

test("every word of every view is there in both languages", () => {
  const texts = (value: unknown): { en: string; ja: string }[] =>
    typeof value !== "object" || value === null
      ? []
      : "en" in value
        ? [value as { en: string; ja: string }]
        : Object.values(value).flatMap(texts);
  const all = texts([studyViews, studyViews.map((view) => view.draw(study)), bestTable(study), edgeFindings(study)]);
  expect(all.length).toBeGreaterThan(60);
  for (const { en, ja } of all) {
    expect(en).toMatch(/\S/);
    expect(ja).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
    expect(en).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
  }
});

describe("a study of others' making stays a few drawings of a few kilobytes", () => {
  const category = (choices: string[]) => ({ kind: "category", choices }) as const;
  const range = { kind: "real", low: 0, high: 1 } as const;
  const long = "名前".repeat(50_000);
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`p${i}`, range]));
  const choices = Array.from({ length: 100_000 }, (_, i) => `choice ${i}`);
  const studies: Readonly<Record<string, TrialRecord["distributions"]>> = {
    "names of 100,000 characters": { [long]: range, [`${long}2`]: range, x: range },
    "100,000 choices": { c: category(choices), d: category(choices), x: range },
    "choices of 100,000 characters": { c: category([`${long}a`, `${long}b`]), x: range },
    "1,000 hyper-parameters": many,
  };

  const spec = {
    name: "s",
    direction: "minimize",
    seed: 0,
    sampler: { name: "random" },
    pruner: null,
    space: null,
    objective: null,
    constraints: 0,
  } as const;

  test.each(Object.entries(studies))("%s", (_, distributions) => {
    const trials = Array.from({ length: 30 }, (_, number) =>
      trial(number, {
        distributions,
        value: (number * 7) % 30,
        params: Object.fromEntries(
          Object.entries(distributions).map(([name, of], i) => [
            name,
            of.kind === "category" ? of.choices[(number * 31 + i) % of.choices.length] : ((number + i) % 30) / 30,
          ]),
        ),
      }),
    );
    const data: StudyData = { trials, direction: "minimize" };
    for (const { draw, id } of studyViews) {
      const figure = draw(data);
      if (figure !== null) {
        expect(JSON.stringify(figure).length, id).toBeLessThan(100_000);
        expect(renderTerminal(figure, { language: "en", columns: 100, color: false }).length, id).toBeLessThan(20_000);
      }
    }
    const table = bestTable(data);
    expect(table.columns.length).toBeLessThan(30);
    expect(JSON.stringify(table).length).toBeLessThan(20_000);
    const report = studyReport({ study: spec, data });
    expect(JSON.stringify(report).length).toBeLessThan(1_000_000);
  });

  test("100,000 failed trials are told by their reasons, the most frequent first", () => {
    const trials = Array.from({ length: 100_000 }, (_, number) =>
      trial(number, { state: "failed", value: null, error: number % 3 === 0 ? `reason ${number}` : "out of memory" }),
    );
    const notes = failureNotes({ trials });
    expect(notes).toHaveLength(21);
    expect(notes[0]).toMatchObject({ en: "66666 trials failed (1, 2, 4, 5, 7, …): out of memory" });
    expect(notes[20]).toMatchObject({ en: expect.stringMatching(/^33315 more trials failed for 33315 other reasons/) });
  });

  test("one reason is told once for each line of the objective that threw it", () => {
    const at = (number: number, thrownAt?: string) =>
      trial(number, { state: "failed", value: null, error: "Error: no", attributes: thrownAt ? { thrownAt } : {} });
    const notes = failureNotes({ trials: [at(0, "o.ts:3:9"), at(1), at(2, "o.ts:8:5"), at(3, "o.ts:3:9")] });
    expect(notes.map((note) => (note as { en: string }).en)).toEqual([
      "2 trials failed (0, 3): Error: no (o.ts:3:9)",
      "1 trial failed (1): Error: no",
      "1 trial failed (2): Error: no (o.ts:8:5)",
    ]);
  });

  test("a choice of null is shown, and is not what a trial has not drawn", () => {
    const distributions = { c: { kind: "category", choices: [null, 1] } } as const;
    const trials = [trial(0, { params: { c: null }, distributions }), trial(1, { value: 9 })];
    const { rows } = bestTable({ trials, direction: "minimize" });
    expect(rows.map((row) => row[3])).toEqual(["null", null]);
  });

  test("parallel coordinates name values that a trial may have; a trial pruned at once is a ring", () => {
    const distributions = {
      layers: { kind: "int", low: 1, high: 6 },
      drop: { kind: "real", low: 0, high: 0.5, step: 0.1 },
      rate: { kind: "real", low: 0, high: 1 },
    } as const;
    const params = { layers: 2, drop: 0.1, rate: 0.3 };
    const report = (step: number, value: number | null) => ({ step, value });
    const trials = [
      trial(0, { params, distributions, intermediate: [report(0, 3), report(1, 2)] }),
      trial(1, { params, distributions, state: "pruned", value: 7, intermediate: [report(0, 7)] }),
      trial(2, { params, distributions, state: "pruned", value: 5, intermediate: [report(0, 6), report(1, 5)] }),
      trial(3, { params, distributions, state: "pruned", value: null, intermediate: [report(0, null)] }),
      trial(4, { params, distributions, value: 8, intermediate: [report(0, 8)] }),
    ];
    const study: StudyData = { trials, direction: "minimize" };
    const panel = (id: string) => studyViews.find((view) => view.id === id)?.draw(study)?.panels[0];
    const parallel = panel("parallel") as ParallelPanel;
    const ticks = Object.fromEntries(parallel.axes.slice(1).map(({ label, ticks }) => [label, ticks]));
    expect(ticks).toEqual({ layers: [1, 3, 6], drop: [0, 0.2, 0.5], rate: [0, 0.5, 1] });
    const { layers } = panel("intermediate") as PlanePanel;
    expect(layers.filter(({ kind }) => kind === "points")).toMatchObject([
      { style: 0, x: [0], y: [8] },
      { marker: "ring", x: [0, 1], y: [7, 5] },
    ]);
  });
});
