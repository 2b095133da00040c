import { expect, test } from "vitest";
import {
  adam,
  cosine,
  HyperError,
  he,
  median,
  none,
  openStudy,
  optimizerComparison,
  optimizers,
  pruners,
  RandomStream,
  random,
  samplers,
  schedules,
  Tensor,
  tpe,
  weightDecay,
  weightInits,
} from "../../src/index.ts";

test("a rule with a value is the rule with another default, and leaves the rule as it was", () => {
  const faster = adam({ lr: 0.5, beta1: undefined });
  expect(faster.name).toBe("adam");
  expect(faster.hyper.lr.default).toBe(0.5);
  expect(faster.hyper.beta1.default).toBe(adam.hyper.beta1.default);
  expect(adam.hyper.lr.default).toBe(0.001);
});

test("a schedule with a value begins its curve with it", () => {
  const run = { lr: 1, steps: 10 };
  expect(cosine({ minLr: 0.25 }).open({}, run).rate(10)).toBe(0.25);
  expect(cosine.open({}, run).rate(10)).toBe(0);
  expect(cosine({ minLr: 0.25 }).open({ minLr: 0.5 }, run).rate(10)).toBe(0.5);
});

test("a study keeps the values of a typed sampler and pruner", async () => {
  const { record } = await openStudy({ sampler: tpe({ startupTrials: 3 }), pruner: median({ startupTrials: 2 }) });
  expect(record.sampler).toEqual({ name: "tpe", settings: { startupTrials: 3 } });
  expect(record.pruner).toEqual({ name: "median", settings: { startupTrials: 2 } });
  const plain = await openStudy({ sampler: random, pruner: none() });
  expect(plain.record.sampler).toEqual({ name: "random", settings: {} });
});

test("an initialiser is the same by value and by name", () => {
  const drawn = [he, he(), weightInits.find(({ name }) => name === "he")!].map((init) => {
    const w = new Tensor(2, 3, new Float64Array(6));
    init.draw(w, RandomStream.seeded(1));
    return [...w.data];
  });
  expect(drawn[1]).toEqual(drawn[0]);
  expect(drawn[2]).toEqual(drawn[0]);
});

test("an experiment with settings plans with them, under every preset", () => {
  const short = weightDecay({ iterations: 7 });
  expect(short.plan({}, 0).map(({ iterations }) => iterations)).toEqual([7, 7]);
  expect(short.plan({ iterations: 9 }, 0)[0].iterations).toBe(9);
  expect(short.settings.iterations.default).toBe(7);
  expect(short.presets.book).toEqual({ iterations: 7 });
  expect(optimizerComparison({ "Adam.lr": 0.5 }).settings["Adam.lr"].default).toBe(0.5);
});

test("every rule, schedule, sampler and pruner can be called", () => {
  for (const definition of [...optimizers, ...schedules, ...samplers, ...pruners]) {
    const call = definition as unknown as (values?: object) => { readonly name: string };
    expect(call().name).toBe(definition.name);
    expect(() => call({ misspelt: 1 })).toThrow(HyperError);
  }
});

test("a misspelt name does not compile, and is refused", () => {
  // @ts-expect-error
  expect(() => adam({ rate: 0.01 })).toThrow(/rate: no such setting/);
  // @ts-expect-error
  expect(() => cosine({ minLR: 0 })).toThrow(/Did you mean minLr/);
  // @ts-expect-error
  expect(() => tpe({ variant: "multi" })).toThrow(/variant: must be one of/);
  // @ts-expect-error
  expect(() => random({ seed: 1 })).toThrow(HyperError);
  // @ts-expect-error
  expect(() => weightDecay({ iteration: 7 })).toThrow(/Did you mean iterations/);
  // @ts-expect-error
  expect(() => optimizerComparison({ "Adam.rate": 1 })).toThrow(HyperError);
  // @ts-expect-error
  expect(() => he({ std: 1 })).not.toThrow();
});
