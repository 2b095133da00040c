import fc from "fast-check";
import type { Hyper, HyperValue } from "../../src/core/hyper.ts";
import type { Experiment, Settings } from "../../src/runs/experiment.ts";

/** Sizes that a test can wait for; every other setting takes values of its whole range. */
const small: Readonly<Record<string, number>> = {
  iterations: 12,
  batchSize: 8,
  trainRows: 40,
  rows: 6,
  width: 8,
  layers: 4,
  bins: 40,
  hiddenWidth: 6,
  samples: 3,
  scales: 4,
  accuracyEvery: 6,
  trials: 4,
  epochs: 3,
};

const rules = [
  "",
  "w = w - lr * g",
  "v = momentum * v - lr * g\nw = w + v",
  "w = w - lr * g / (g * g)",
  "w = w * w * w / lr",
];
const surfaces = ["x^4 - y^2", "exp(x) * exp(y)", "1 / (x - y)", "log(x) * 1e300", "0 * x", "x^2/20 + y^2"];
const groups = ["", "*.W lrFactor=2", "*.b lrFactor=0; *.W lrFactor=1e3"];
const initialisers = ["he", "xavier", "orthogonal", "lecunUniform", "0", "0.01", "1", "1000"];

/** Texts of settings that take any; another's are those of initial weights. */
const texts: Readonly<Record<string, readonly string[]>> = {
  rule: rules,
  surface: surfaces,
  "training.groups": groups,
};

/**
 * Settings of an experiment, each anywhere in its declared range: learning rates to 1e6, scales to 1e3; bounds in order,
 * one mean of the weights at most, mixup where there are two rows to mix.
 */
export function anySettings({ settings }: Experiment): fc.Arbitrary<Settings> {
  return fc
    .record(Object.fromEntries(Object.entries(settings).map(([name, hyper]) => [name, anyOf(name, hyper)] as const)))
    .map(withBoundsInOrder)
    .map(withOneMean)
    .map((settings) => (settings.batchSize === 1 ? { ...settings, "training.mixup": 0 } : settings));
}

/** Weights have one mean: the moving one where both are asked for. */
function withOneMean(settings: Settings): Settings {
  return Number(settings["training.emaDecay"] ?? 0) > 0 ? { ...settings, "training.swaFrom": 0 } : settings;
}

/** Swaps a `…Low` and its `…High` where the lower bound is above: such a pair is refused before anything runs. */
function withBoundsInOrder(settings: Settings): Settings {
  const ordered: Record<string, HyperValue> = { ...settings };
  for (const lower of Object.keys(settings).filter((name) => name.endsWith("Low"))) {
    const upper = lower.replace(/Low$/, "High");
    if (Number(ordered[lower]) > Number(ordered[upper])) {
      [ordered[lower], ordered[upper]] = [ordered[upper] as HyperValue, ordered[lower] as HyperValue];
    }
  }
  return ordered;
}

function anyOf(name: string, hyper: Hyper): fc.Arbitrary<HyperValue> {
  const { kind, min = 0, max = 1e6, options = [] } = hyper;
  switch (kind) {
    case "integer":
      return fc.integer({ min, max: Math.max(min, Math.min(max, small[name] ?? 10)) });
    case "real":
      return real(min, Math.min(max, 1e6)).filter((value) => allowed(hyper, value));
    case "choice":
      return fc.constantFrom(...options);
    case "names":
      return fc.shuffledSubarray([...options], { minLength: 1 });
    case "sizes":
      return fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 });
    case "text":
      return fc.constantFrom(...options, ...(texts[name] ?? initialisers));
  }
}

function real(min: number, max: number): fc.Arbitrary<number> {
  return fc.oneof(
    fc.constantFrom(min, max, (min + max) / 2, Math.min(max, 0.01), Math.min(max, 1)),
    fc.double({ min, max, noNaN: true }),
    // As many small ones as large ones.
    fc.double({ min: -12, max: 6, noNaN: true }).map((power) => Math.min(max, Math.max(min, 10 ** power))),
  );
}

function allowed(hyper: Hyper, value: number): boolean {
  try {
    hyper.check(value, "");
    return true;
  } catch {
    return false;
  }
}
