import { expect, test } from "vitest";
import type { SearchSpace } from "../core/trial.ts";
import { checkAllDrawn } from "./chosen-point.ts";
import { openSampler } from "./open.ts";
import { redraw } from "./redraw.ts";
import { openStudy } from "./study.ts";

const space: SearchSpace = { lr: { kind: "real", low: 0.01, high: 1 }, units: { kind: "int", low: 1, high: 8 } };

test("a chosen value is taken, the others are drawn as they would be", async () => {
  const study = await openStudy({ sampler: "random", space });
  const trial = await study.ask({ params: { units: 3 } });
  expect(trial.int("units", { min: 1, max: 8 })).toBe(3);
  trial.real("lr", { min: 0.01, max: 1 });
  const record = await study.tell(trial, 1);
  expect(record.attributes["sampler:chosen"]).toEqual({ units: 3 });
  const { opened } = openSampler("random", { seed: 0, space });
  expect(redraw({ study: study.record, sampler: opened, finished: [], trial: record })).toEqual(record.params);
});

test.each([
  [{ lr: 2 }, "lr: a chosen value must be one of real [0.01, 1], got 2. Choose another."],
  [{ lr: "0.1" }, 'lr: a chosen value must be one of real [0.01, 1], got "0.1"'],
  [{ lr: Number.NaN }, "got NaN"],
  [{ units: 2.5 }, "units: a chosen value must be one of int [1, 8], got 2.5"],
  [
    { unit: 2 },
    "unit: a chosen value must be of a hyper-parameter that is searched, got one of that name. Did you mean units?",
  ],
])("%j is refused as it is asked for, and no trial begins", async (params, sentence) => {
  const study = await openStudy({ sampler: "random", space });
  await expect(study.ask({ params: params as Record<string, number> })).rejects.toThrow(sentence);
  expect(study.begun).toBe(0);
});

test("where the space is not known beforehand, the value is refused as it is drawn", async () => {
  const study = await openStudy({ sampler: "random" });
  const trial = await study.ask({ params: { lr: 2 } });
  expect(() => trial.real("lr", { min: 0, max: 1 })).toThrow("lr: a chosen value must be one of real [0, 1], got 2");
});

test("… and a misspelt name when the trial has ended, or at once where other trials have drawn its like", async () => {
  const study = await openStudy({ sampler: "random" });
  const trial = await study.ask({ params: { lrr: 0.5 } });
  trial.real("lr", { min: 0, max: 1 });
  expect(await study.tell(trial, 1)).toMatchObject({
    state: "failed",
    error:
      "lrr: a chosen value must be of a hyper-parameter that the objective draws, got a name that it never asked for. Did you mean lr?",
  });
  await expect(study.ask({ params: { lrr: 0.5 } })).rejects.toThrow("Did you mean lr?");
});

test("a name that the objective leaves out as it takes another way is no mistake", async () => {
  const study = await openStudy({ sampler: "random" });
  const objective = async (params: Record<string, string | number>) => {
    const trial = await study.ask({ params });
    const rule = trial.category("rule", ["sgd", "momentum"]);
    return study.tell(trial, rule === "sgd" ? 1 : trial.real("momentum", { min: 0, max: 1 }));
  };
  expect((await objective({ rule: "momentum", momentum: 0.5 })).value).toBe(0.5);
  expect((await objective({ rule: "sgd", momentum: 0.5 })).state).toBe("complete");
});

test("a trial that is given back keeps what was chosen for it", async () => {
  const study = await openStudy({ sampler: "random" });
  const first = await study.ask({ params: { lr: 0.25 } });
  await study.release(first);
  const second = await study.ask();
  expect(second.number).toBe(first.number);
  expect(second.real("lr", { min: 0, max: 1 })).toBe(0.25);
});

test("a name that other trials have drawn is no misspelling of one that this trial drew", () => {
  expect(() => checkAllDrawn({ lr2: 1 }, ["lr1"], (name) => name === "lr2")).not.toThrow();
  expect(() => checkAllDrawn({ lr2: 1 }, ["lr1"], () => false)).toThrow(/Did you mean lr1\?/);
});
