import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { csvRows } from "../../src/core/csv.ts";
import type { StudyJson } from "../../src/search/views/study-json.ts";
import { tanren, temporaryFolder } from "../support/cli.ts";
import { few } from "../support/few.ts";

const kinds: Record<string, { module: string; best: boolean }> = {
  "an infinite constraint": {
    module: `export const constraints = 1;
      export function objective(trial) {
        const x = trial.real("x", { min: 0, max: 1 });
        return { value: x, constraints: [x < 0.5 ? Infinity : -1] };
      }`,
    best: true,
  },
  "a constraint of NaN everywhere": {
    module: `export const constraints = 2;
      export function objective(trial) {
        return { value: trial.real("x", { min: 0, max: 1 }), constraints: [NaN, -Infinity] };
      }`,
    best: false,
  },
  "the largest number as a penalty": {
    module: `export function objective(trial) {
        const x = trial.real("x", { min: 0, max: 1 });
        return trial.number === 0 ? Number.MAX_VALUE : x;
      }`,
    best: true,
  },
  "numbers of both signs further apart than the largest": {
    module: `export const direction = "maximize";
      export function objective(trial) {
        const x = trial.real("x", { min: 0, max: 1 });
        trial.note("=sum", { odd: [NaN, -Infinity] });
        trial.report(Infinity, 0);
        trial.report(NaN, 1);
        return [1.7e308, -1.7e308, Infinity, -Infinity, x][trial.number % 5];
      }`,
    best: true,
  },
};

test.each(few(2, Object.entries(kinds)))(
  "every place says the same of a search with %s",
  async (_, { module, best }) => {
    const home = temporaryFolder();
    writeFileSync(join(home, "objective.mjs"), module);
    const search = [
      "search",
      "objective.mjs",
      "--study",
      "s",
      "--trials",
      "10",
      "--sampler",
      "random",
      "--workers",
      "1",
    ];
    const run = await tanren([...search, "--out", "out"], { home });
    expect(run, run.stderr).toMatchObject({ status: 0 });
    const json = JSON.parse(readFileSync(join(home, "out", "study.json"), "utf8")) as StudyJson;
    const [head, ...rows] = csvRows(readFileSync(join(home, "out", "trials.csv"), "utf8"));
    for (const [i, trial] of json.trials.entries()) {
      expect(rows[i][head.indexOf("value")]).toBe(String(trial.value));
      for (const [j, constraint] of (trial.constraints ?? []).entries()) {
        expect(constraint).not.toBeNull();
        expect(rows[i][head.indexOf(`constraint:${j}`)]).toBe(String(constraint));
      }
      for (const { value } of trial.intermediate) {
        expect(value).not.toBeNull();
      }
    }
    expect(json.best === null).toBe(!best);
    if (json.best !== null) {
      const { number } = json.best;
      expect((json.trials[number].constraints ?? []).every((constraint) => Number(constraint) <= 0)).toBe(true);
    }
    const list = await tanren(["study", "list", "--json"], { home });
    const told = json.best === null ? null : { number: json.best.number, value: json.best.value };
    expect(JSON.parse(list.stdout)[0].best).toEqual(told);
    const show = await tanren(["study", "show", "s", "--view", "all"], { home });
    expect(show).toMatchObject({ status: 0 });
    expect(/best \S+ in trial (\d+)/.exec(show.stdout)?.[1]).toBe(
      json.best === null ? undefined : String(json.best.number),
    );
    for (const name of ["history.svg", "history.png", "report.html"]) {
      expect(existsSync(join(home, "out", name)), name).toBe(true);
    }
  },
);
