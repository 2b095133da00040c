import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { addPoints, pointsOf } from "../../src/cli/study-points.ts";
import { HyperError } from "../../src/core/errors.ts";
import type { SearchSpace, TrialRecord } from "../../src/core/trial.ts";
import { trialsCsv } from "../../src/search/views/trials-csv.ts";
import type { GivenTrial } from "../../src/store/studies/study-store.ts";
import { tanren, temporaryFolder } from "../support/cli.ts";

vi.setConfig({ testTimeout: 600_000 });

const space: SearchSpace = {
  lr: { kind: "real", low: 1e-5, high: 1, scale: "log" },
  units: { kind: "int", low: 16, high: 64, step: 16 },
  init: { kind: "category", choices: ["he", "xavier", 0.01] },
  on: { kind: "category", choices: [true, false] },
};
const spec = { space, sampler: { name: "tpe" }, constraints: 0 };
const tries = (...texts: string[]) => pointsOf({ try: texts, known: [] }, spec).tries;
const known = (...texts: string[]) => pointsOf({ try: [], known: texts }, spec).known;
const whole = "lr=0.1,units=32,init=he,on=true";

describe("points typed", () => {
  test("have the kinds of their hyper-parameters", () => {
    expect(tries("lr=1e-2, units = 32", "init=0.01,on=false", '{"lr": 0.5}')).toEqual([
      { lr: 0.01, units: 32 },
      { init: 0.01, on: false },
      { lr: 0.5 },
    ]);
  });

  test("without a space are numbers, true and false, else words, checked when they are drawn", () => {
    const { tries: free } = pointsOf({ try: ["a=1,b=true,c=x"], known: [] }, { ...spec, space: null });
    expect(free).toEqual([{ a: 1, b: true, c: "x" }]);
  });

  test("with results behind them are known", () => {
    expect(known(`${whole}:0.93`, `${whole}:-Infinity`)).toMatchObject([
      { params: { lr: 0.1, units: 32, init: "he", on: true }, distributions: space, value: 0.93 },
      { value: Number.NEGATIVE_INFINITY },
    ]);
  });

  test.each([
    ["lr=2", /--try lr=2: lr: a chosen value must be one of real \[0.00001, 1\] log, got 2/],
    ["lr=x", /lr: a chosen value must be one of real .* got "x"/],
    ["units=20", /units: a chosen value must be one of int \[16, 64\] step 16, got 20/],
    ["init=hee", /init: a chosen value must be one of category \{"he", "xavier", 0.01\}, got "hee"/],
    ["unit=32", /unit: .*got one of that name\. Did you mean units\?/],
    ["lr=0.1,lr=0.2", /each name must stand once, got lr twice/],
    ["lr=0.1,", /must be name=value,name=value/],
    ["[1]", /must be an object of names and values, got 1/],
  ])("that cannot be are refused: %s", (text, sentence) => {
    expect(() => tries(text)).toThrow(HyperError);
    expect(() => tries(text)).toThrow(sentence);
  });

  test.each([
    ["lr=0.1:0.9", /a known result must have every hyper-parameter, got none for units/],
    [whole, /must end in :value/],
    [`${whole}:`, /must have a number as its value, got ""/],
    [`${whole}:NaN`, /must have a number as its value/],
    [`${whole}:good`, /must have a number as its value, got "good"/],
  ])("with results that cannot be are refused: %s", (text, sentence) => {
    expect(() => known(text)).toThrow(sentence);
  });

  test("are refused where the sampler goes through a grid, or known ones where there is no space", () => {
    const grid = { ...spec, sampler: { name: "grid" } };
    expect(() => pointsOf({ try: ["lr=0.1"], known: [] }, grid)).toThrow(
      /--try: must go with a sampler that draws, got grid/,
    );
    expect(() => pointsOf({ try: [], known: ["lr=0.1:1"] }, { ...spec, space: null })).toThrow(
      /checked against a space/,
    );
  });
});

describe("points of a file", () => {
  const file = (name: string, text: string) => {
    const path = join(temporaryFolder(), name);
    writeFileSync(path, text);
    return path;
  };
  const trial = (number: number, more: Partial<TrialRecord>): TrialRecord => ({
    ...{ number, state: "complete", value: number / 10, distributions: space, intermediate: [], attributes: {} },
    ...{ attempt: 1, startedAt: 0, finishedAt: 1, params: { lr: 0.1, units: 16 * (number + 1), init: "he", on: true } },
    ...more,
  });

  test("our own trials.csv is read back: what was complete, with its values", () => {
    const csv = trialsCsv([trial(0, {}), trial(1, { state: "failed", value: null, error: "=no" }), trial(2, {})]);
    expect(known(file("trials.csv", csv)).map(({ params, value }) => [params.units, value])).toEqual([
      [16, 0],
      [48, 0.2],
    ]);
    expect(tries(file("trials.csv", csv.replaceAll("\n", "\r\n")))).toHaveLength(3);
  });

  test("JSON: a list of points, of results, or a study.json", () => {
    const params = { lr: 0.1, units: 32, init: "he", on: true };
    expect(tries(file("a.json", JSON.stringify([{ lr: 0.1 }, { params }])))).toEqual([{ lr: 0.1 }, params]);
    const study = { trials: [trial(0, {}), trial(1, { state: "pruned" })] };
    expect(known(file("study.json", JSON.stringify(study)))).toHaveLength(1);
    expect(known(file("b.json", JSON.stringify([{ params, value: "Infinity" }])))[0].value).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  test("what is wrong is named with its file and line", () => {
    expect(() => tries(file("x.csv", "lr,unit\n0.1,32\n"))).toThrow(
      /x\.csv: a column must be a hyper-parameter .*"unit"\. Did you mean units\?/,
    );
    expect(() => tries(file("x.csv", "lr\n0.1\n5\n"))).toThrow(/x\.csv, line 3: lr: a chosen value must be one of/);
    for (const [head, name] of [
      ["lr,units,lr", "lr"],
      ["lr,units,params_lr", "lr"],
      ["lr,value,value", "value"],
    ]) {
      const sentence = `x.csv: each column must stand once, got ${name} twice. Leave one out.`;
      expect(() => known(file("x.csv", `${head}\n0.1,32,0.2\n`))).toThrow(sentence);
    }
    expect(() => tries("no-such.csv")).toThrow(
      /--try no-such\.csv: must be name=value,… or a file that can be read, got no such file/,
    );
    expect(() => known(file("x.json", "[{"))).toThrow(/x\.json: must be JSON/);
  });
});

test("points that a study has already, whatever the order of their names, are not added again", async () => {
  const trials = [
    { attributes: { "sampler:chosen": { lr: 0.1, units: 32 }, "sampler:known": true }, value: 0.9 },
    { attributes: { "sampler:chosen": { units: 16, lr: 0.2 } }, value: 0.5 },
    { attributes: {}, value: 0.1 },
  ];
  const added: unknown[] = [];
  const store = {
    trials: async () => ({ trials }),
    record: async (_: number, known: unknown[]) => added.push(...known),
    enqueue: async (_: number, tries: unknown[]) => added.push(...tries),
  };
  const given = (params: Record<string, number>, value: number) => ({ params, value }) as unknown as GivenTrial;
  const other = given({ lr: 0.1, units: 32 }, 0.8);
  await addPoints(store as never, { id: 1 } as never, {
    known: [given({ units: 32, lr: 0.1 }, 0.9), other],
    tries: [
      { lr: 0.2, units: 16 },
      { lr: 0.1, units: 32 },
    ],
  });
  expect(added).toEqual([other, { "sampler:chosen": { lr: 0.1, units: 32 } }]);
});

test("a search tries what was chosen first, counts what is known, and repeats neither", async () => {
  const home = temporaryFolder();
  writeFileSync(
    join(home, "bowl.mjs"),
    `export const space = { x: { kind: "real", low: -5, high: 5 }, y: { kind: "category", choices: ["a", "b"] } };
     export default (trial) => trial.real("x", { min: -5, max: 5 }) ** 2 + (trial.category("y", ["a", "b"]) === "a" ? 0 : 1);`,
  );
  writeFileSync(join(home, "known.csv"), "x,y,value\n0.5,a,0.25\n-4,b,17\n");
  const args =
    "search bowl.mjs --study s --sampler random --workers 1 --json --try x=2,y=b --try y=a --known known.csv".split(
      " ",
    );
  const run = async (...more: string[]) => {
    const { status, stdout, stderr } = await tanren([...args, ...more], { home, pictures: "none" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    return JSON.parse(stdout).trials as TrialRecord[];
  };
  const trials = await run("--trials", "6");
  expect(trials.map(({ params, value }) => [params.x, params.y, value]).slice(0, 3)).toEqual([
    [0.5, "a", 0.25],
    [-4, "b", 17],
    [2, "b", 5],
  ]);
  expect(trials[3].params.y).toBe("a");
  expect(trials).toHaveLength(6);
  const more = await run("--trials", "8", "--resume");
  expect(more.map(({ params }) => params).slice(0, 6)).toEqual(trials.map(({ params }) => params));
  expect(more).toHaveLength(8);
  // The same again from nothing.
  const again = await tanren(["search", ...args.slice(1), "--study", "t", "--trials", "6"], { home, pictures: "none" });
  expect((JSON.parse(again.stdout).trials as TrialRecord[]).map(({ params }) => params)).toEqual(
    trials.map(({ params }) => params),
  );

  const refused = await tanren(["search", "bowl.mjs", "--study", "u", "--try", "x=9"], { home, pictures: "none" });
  expect(refused).toMatchObject({
    status: 2,
    stdout: "",
    stderr: expect.stringContaining("x: a chosen value must be one of real [-5, 5], got 9"),
  });
  expect((await tanren(["study", "show", "u"], { home, pictures: "none" })).status).toBe(1);
});
