import fc from "fast-check";
import { expect } from "vitest";
import { csvRows } from "../../src/core/csv.ts";
import type { Direction, SearchSpace, TrialRecord } from "../../src/core/trial.ts";
import { fromTrialJson } from "../../src/core/trial-json.ts";
import { renderSvg } from "../../src/figure/svg.ts";
import { renderTerminal } from "../../src/figure/terminal.ts";
import type { StudyLog } from "../../src/search/memory-study-log.ts";
import { compareTrials, isCompleted, isFeasible } from "../../src/search/ranking.ts";
import { pruners, samplers } from "../../src/search/registry.ts";
import { openStudy, type Study } from "../../src/search/study.ts";
import { PrunedTrial } from "../../src/search/trial.ts";
import { studyViews } from "../../src/search/views/index.ts";
import { studyReport } from "../../src/search/views/report.ts";
import { studyJson } from "../../src/search/views/study-json.ts";
import { bestTable, summarize } from "../../src/search/views/summary.ts";
import { trialsCsv } from "../../src/search/views/trials-csv.ts";

/** Any float64 whatever, the odd ones often. */
const anyNumber = fc.oneof(
  fc.double(),
  fc.constantFrom(
    ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MAX_VALUE, -Number.MAX_VALUE],
    ...[Number.MIN_VALUE, -Number.MIN_VALUE, 0, -0, 1, -1, 1e300, -1e-300],
  ),
  fc.double({ min: -10, max: 10, noNaN: true }),
);

const space: SearchSpace = {
  x: { kind: "real", low: -1, high: 1 },
  step: { kind: "real", low: 0, high: 1, step: 0.1 },
  n: { kind: "int", low: 1, high: 64, scale: "log" },
  "=act": { kind: "category", choices: ["relu", "-tanh", null, true] },
};

/** A study whose objective returns whatever numbers it is given. */
export const anyStudy = fc.record({
  sampler: fc.constantFrom(...samplers.map(({ name }) => name)),
  pruner: fc.constantFrom(...pruners.map(({ name }) => name)),
  direction: fc.constantFrom<Direction>("minimize", "maximize"),
  seed: fc.nat(1000),
  constraints: fc.nat(2),
  trials: fc.array(
    fc.record({
      value: anyNumber,
      constraints: fc.array(anyNumber, { minLength: 2, maxLength: 2 }),
      reports: fc.array(anyNumber, { maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 25 },
  ),
});

export type AnyStudy = typeof anyStudy extends fc.Arbitrary<infer T> ? T : never;

/** Settings without which a pruner cannot be opened. */
const needed: Readonly<Record<string, Record<string, number>>> = { threshold: { upper: 5, lower: -5 } };

/** Runs it where its trials are kept at `log`, and gives what is kept, without times. */
export async function kept(one: AnyStudy, log: StudyLog | undefined): Promise<TrialRecord[]> {
  const { sampler, pruner, direction, seed, constraints, trials } = one;
  const study: Study = await openStudy({
    ...{ name: "any", sampler, direction, seed, constraints, space },
    pruner: { name: pruner, ...(needed[pruner] === undefined ? {} : { settings: needed[pruner] }) },
    ...(log === undefined ? {} : { log }),
  });
  await study.optimize(
    (trial) => {
      const { value, constraints: broken, reports } = trials[trial.number];
      trial.note("told", reports);
      for (const [step, report] of reports.entries()) {
        trial.report(report, step);
        if (trial.shouldPrune()) {
          throw new PrunedTrial();
        }
      }
      return constraints === 0 ? value : { value, constraints: broken.slice(0, constraints) };
    },
    { trials: trials.length, rejectOn: "none" },
  );
  expect(study.best?.number).toBe(bestByHand(study.trials, direction)?.number);
  return study.trials.map((trial) => ({ ...trial, startedAt: null, finishedAt: null }));
}

/** The best, looked for in the plainest way. */
export function bestByHand(trials: readonly TrialRecord[], direction: Direction): TrialRecord | undefined {
  let best: TrialRecord | undefined;
  for (const trial of trials) {
    const counts = trial.state === "complete" && (trial.constraints ?? []).every((constraint) => constraint <= 0);
    const better = (a: number, b: number) => (direction === "minimize" ? a < b : a > b);
    best = counts && (best === undefined || better(trial.value!, best.value!)) ? trial : best;
  }
  return best;
}

/** The numbers in a figure that JSON has not. */
function oddNumbers(value: unknown): unknown[] {
  if (typeof value === "object" && value !== null) {
    return Object.values(value).flatMap(oddNumbers);
  }
  return typeof value === "number" && !Number.isFinite(value) ? [value] : [];
}

/** Everything that is made of a study is made, says the same, and is read back equal. */
export function checkOutputs(trials: readonly TrialRecord[], direction: Direction): void {
  const data = { trials, direction };
  const study = {
    ...{ name: "any", direction, seed: 0, sampler: null, pruner: null, space, objective: null },
    constraints: trials.reduce((most, { constraints }) => Math.max(most, constraints?.length ?? 0), 0),
  };
  const best = bestByHand(trials, direction);
  expect(summarize(data).best?.number).toBe(best?.number);
  const completed = trials.filter(isCompleted);
  const order = completed.toSorted((a, b) => compareTrials(a, b, direction)).map(({ number }) => number);
  const table = bestTable(data, { rows: trials.length });
  expect(table.rows.map((row) => row[1])).toEqual(order);
  expect(best === undefined || order[0] === best.number).toBe(true);
  expect(completed.filter(isFeasible).length === 0).toBe(best === undefined);

  const json = JSON.parse(JSON.stringify(studyJson({ study, data })));
  expect(json.trials.map(fromTrialJson)).toEqual(trials);
  expect(json.best?.number).toBe(best?.number);
  const [head, ...rows] = csvRows(trialsCsv(trials));
  const cells = (name: string) => rows.map((row) => row[head.indexOf(name)]);
  expect(cells("value")).toEqual(trials.map(({ value }) => (value === null ? "" : String(value))));
  expect(cells("=act")).toEqual(trials.map(({ params }) => String(params["=act"])));
  for (let i = 0; i < study.constraints; i++) {
    expect(cells(`constraint:${i}`)).toEqual(trials.map(({ constraints }) => String(constraints?.[i] ?? "")));
  }
  for (const view of studyViews) {
    const figure = view.draw(data);
    if (figure !== null) {
      // A figure is plain JSON: no number in it that JSON has not.
      expect(oddNumbers(figure), view.id).toEqual([]);
      const svg = renderSvg(figure, { language: "en", width: 640 });
      expect(svg, view.id).toContain("</svg>");
      expect(svg, view.id).not.toMatch(/NaN|="-?Infinity/);
      renderTerminal(figure, { language: "ja", columns: 60, rows: 8, color: false });
    }
  }
  studyReport({ study, data });
}
