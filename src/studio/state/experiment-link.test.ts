import fc from "fast-check";
import { expect, test } from "vitest";
import { dtypes } from "../../core/tensor.ts";
import { inLanguage } from "../../core/text.ts";
import { optimizerComparison as experiment } from "../../experiments/ch06/optimizer-comparison.ts";
import { backends } from "../../kernels/kernels.ts";
import {
  abscissas,
  bookState,
  type ExperimentState,
  mostSeeds,
  paramsOf,
  questionsOf,
  stateOf,
  teacherParts,
} from "./experiment-link.ts";

const settings = bookState(experiment).settings;

const anyState: fc.Arbitrary<ExperimentState> = fc
  .record({
    iterations: fc.integer({ min: 1, max: 2000 }),
    hiddenSizes: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
    seed: fc.nat(0xffffffff - mostSeeds),
    more: fc.option(fc.integer({ min: 1, max: mostSeeds - 1 })),
    dtype: fc.constantFrom(...dtypes),
    backend: fc.constantFrom(...backends),
    at: fc.option(fc.nat(1e9)),
    smoothing: fc.oneof(fc.constant("book" as const), fc.double({ min: 0, max: 0.999, noNaN: true })),
    abscissa: fc.constantFrom(...abscissas),
    logX: fc.boolean(),
    logY: fc.boolean(),
    locked: fc.boolean(),
    hidden: fc.subarray([...teacherParts]),
    steps: fc.uniqueArray(fc.integer({ min: 0, max: 98 }), { maxLength: 8 }),
    questions: fc.array(fc.string({ maxLength: 40 }), { maxLength: 8 }),
    step: fc.nat(98),
  })
  .map(({ iterations, hiddenSizes, seed, more, smoothing, abscissa, logX, logY, locked, hidden, steps, ...rest }) => {
    const { questions, ...others } = rest;
    return {
      ...others,
      preset: "book",
      settings: { ...settings, iterations, hiddenSizes },
      seed,
      lastSeed: more === null ? null : seed + more,
      view: { smoothing: smoothing === 0 ? 0 : smoothing, abscissa, logX, logY },
      teacher: { locked, hidden, steps, questions: questionsOf(questions) },
    };
  });

test("whatever a page shows, its link shows the same, and nothing in it is complained of", () => {
  fc.assert(
    fc.property(anyState, (state) => {
      const link = new URLSearchParams(paramsOf(experiment, state).toString());
      expect(stateOf(experiment, link)).toEqual({ state, complaints: [] });
    }),
    { numRuns: 200 },
  );
});

test("the book's own page has an empty link", () => {
  expect(paramsOf(experiment, bookState(experiment)).toString()).toBe("");
});

test.each([
  ["seeds=0..49", { seed: 0, lastSeed: 49 }],
  ["seeds=0..50", "seeds must be a..b, 2…50"],
  ["seeds=3..3", "seeds must be a..b, 2…50"],
  ["seeds=4..3", "seeds must be a..b, 2…50"],
  ["smooth=0.99", { view: { smoothing: 0.99 } }],
  ["smooth=0", { view: { smoothing: 0 } }],
  ["smooth=1", "smooth must be book, 0…0.99"],
  ["smooth=-0.1", "smooth must be book, 0…0.99"],
  ["step=1", { step: 0 }],
  ["step=99", { step: 98 }],
  ["step=100", "step must be 0…99"],
  ["at=1e10", "at must be 0…1000000000"],
  ["dtype=float16", "dtype must be float32, float64"],
  ["iterations=-1", "iterations must be"],
  ["learningRate=1", "learningRate is no setting of this experiment"],
])("%s is heeded, or complained of and the usual stands", (link, wanted) => {
  const { state, complaints } = stateOf(experiment, new URLSearchParams(link));
  const told = complaints.map((text) => inLanguage(text, "en"));
  if (typeof wanted === "string") {
    expect(told).toEqual([expect.stringContaining(wanted)]);
    expect(state).toEqual(bookState(experiment));
  } else {
    expect(told).toEqual([]);
    expect(state).toMatchObject(wanted);
  }
});
