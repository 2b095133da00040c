import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { scheduleNamed, schedules } from "./registry.ts";

const file = new URL("../../test/golden/torch-optimizers.json.gz", import.meta.url);
const torch: { name: string; lr: number[] }[] = JSON.parse(gunzipSync(readFileSync(file)).toString()).schedules;

/** PyTorch's schedules with the arguments that the file was made with, as ours. */
const asOurs: Readonly<Record<string, { name: string; values: Record<string, unknown>; lr: number }>> = {
  StepLR: { name: "step", values: { every: 10, gamma: 0.5 }, lr: 0.1 },
  MultiStepLR: { name: "multiStep", values: { milestones: [7, 20, 33], gamma: 0.3 }, lr: 0.1 },
  ExponentialLR: { name: "exponential", values: { gamma: 0.95 }, lr: 0.1 },
  CosineAnnealingLR: { name: "cosine", values: { minLr: 0.001 }, lr: 0.1 },
  CosineAnnealingWarmRestarts: { name: "cosineRestarts", values: { first: 10, factor: 2 }, lr: 0.1 },
  LinearLR: { name: "warmup", values: { updates: 20, start: 0.1 }, lr: 0.1 },
  PolynomialLR: { name: "polynomial", values: { power: 2 }, lr: 0.1 },
  OneCycleLR: { name: "oneCycle", values: {}, lr: 1 },
};

test("the file holds eight schedules", () => {
  expect(torch.map(({ name }) => name).sort()).toEqual(Object.keys(asOurs).sort());
});

test.each(torch)("$name: PyTorch's rates over the run", ({ name, lr: wanted }) => {
  const ours = asOurs[name];
  const curve = scheduleNamed(ours.name).open(ours.values, { lr: ours.lr, steps: wanted.length });
  for (const [t, lr] of wanted.entries()) {
    expect(Math.abs(curve.rate(t) - lr), `step ${t}`).toBeLessThanOrEqual(1e-12 * Math.abs(lr));
  }
});

describe.each(schedules)("$name", (schedule) => {
  test("gives finite rates of 0 or more, in runs of any length", () => {
    for (const steps of [1, 2, 7, 3000]) {
      const curve = schedule.open({}, { lr: 0.1, steps });
      for (let t = 0; t < steps; t++) {
        const rate = curve.rate(t);
        expect(rate).toBeGreaterThanOrEqual(0);
        expect(rate).toBeLessThanOrEqual(0.1 * (1 + 1e-12));
        curve.observe?.(1);
      }
    }
  });

  test("refuses a hyper-parameter that it has not", () => {
    expect(() => schedule.open({ gama: 1 }, { lr: 0.1, steps: 10 })).toThrow(/gama: no such setting/);
  });
});

test("warm-up and cosine: the top is reached after the share that rises, the lowest rate at the end", () => {
  const curve = scheduleNamed("warmupCosine").open({ share: 0.2, minLr: 0.01 }, { lr: 1, steps: 50 });
  expect([0, 4, 9, 10].map((t) => curve.rate(t))).toEqual([0.1, 0.5, 1, 1]);
  expect(curve.rate(30)).toBeCloseTo(0.505, 12);
  expect(curve.rate(50)).toBeCloseTo(0.01, 12);
});

test.each(schedules.filter(({ hyper }) => "minLr" in hyper))(
  "$name: no rate rises above lr where minLr does",
  (schedule) => {
    const [lr, steps] = [0.01, 40];
    const curve = schedule.open({ minLr: 0.1 }, { lr, steps });
    for (let t = 0; t < steps; t++) {
      expect(curve.rate(t)).toBeLessThanOrEqual(lr);
    }
  },
);

test("plateau cuts after patience runs out, rests, and never goes below its lowest rate", () => {
  const values = { every: 1, patience: 2, factor: 0.5, threshold: 0.1, cooldown: 2, minLr: 0.2 };
  const curve = scheduleNamed("plateau").open(values, { lr: 1, steps: 100 });
  const rates = (losses: readonly number[]) =>
    losses.map((loss) => {
      curve.observe?.(loss);
      return curve.rate(0);
    });
  // 0.95 is within a tenth of the best and is no improvement.
  expect(rates([1, 0.95, 0.95, 0.95])).toEqual([1, 1, 1, 0.5]);
  // Two looks rest, three count.
  expect(rates([1, 1, 1, 1, 1])).toEqual([0.5, 0.5, 0.5, 0.5, 0.25]);
  expect(rates([0.5, 0.5, 1, 1, 1])).toEqual([0.25, 0.25, 0.25, 0.25, 0.2]);
});

test("plateau cuts, and so leaves a rate alone that is below its lowest already", () => {
  const curve = scheduleNamed("plateau").open({ every: 1, patience: 0, minLr: 0.5 }, { lr: 0.1, steps: 10 });
  for (const loss of [1, 1, 1]) {
    curve.observe?.(loss);
    expect(curve.rate(1)).toBe(0.1);
  }
});

test("plateau looks at means, and a loss that is not a number counts as no improvement", () => {
  const curve = scheduleNamed("plateau").open({ every: 2, patience: 0 }, { lr: 1, steps: 100 });
  for (const loss of [3, 1, 2.5, 1]) {
    curve.observe?.(loss);
  }
  expect(curve.rate(4)).toBe(1);
  curve.observe?.(Number.NaN);
  curve.observe?.(1);
  expect(curve.rate(6)).toBe(0.5);
});

test("a mistyped name is answered with the nearest", () => {
  expect(() => scheduleNamed("onecyle")).toThrow(
    'schedule: must be a known name, got "onecyle". Did you mean oneCycle?',
  );
  expect(scheduleNamed("ONECYCLE").name).toBe("oneCycle");
});

test("milestones must ascend", () => {
  const { milestones } = scheduleNamed("multiStep").hyper;
  expect(milestones.parse("10, 20", "m")).toEqual([10, 20]);
  expect(() => milestones.parse("20,10", "m")).toThrow(/ascending updates/);
  expect(() => milestones.parse("", "m")).toThrow(/ascending updates/);
});

test("linear is warm-up the other way round, and PyTorch's LinearLR", () => {
  const wanted = torch.find(({ name }) => name === "LinearLR")!.lr;
  const curve = scheduleNamed("linear").open({ updates: 20, start: 0.1, end: 1 }, { lr: 0.1, steps: wanted.length });
  for (const [t, lr] of wanted.entries()) {
    expect(Math.abs(curve.rate(t) - lr)).toBeLessThan(1e-12);
  }
});

test("cyclic goes from lr/divisor to lr and back, halving its height where asked", () => {
  const open = (mode: string) => scheduleNamed("cyclic").open({ up: 4, divisor: 5, mode }, { lr: 1, steps: 100 });
  const rates = (mode: string) => [0, 2, 4, 6, 8, 12].map((t) => Number(open(mode).rate(t).toFixed(12)));
  expect(rates("triangular")).toEqual([0.2, 0.6, 1, 0.6, 0.2, 1]);
  expect(rates("triangular2")).toEqual([0.2, 0.6, 1, 0.6, 0.2, 0.6]);
});

test("warm-up, stable, decay: the rate stands at lr between its two slopes", () => {
  const curve = scheduleNamed("warmupStableDecay").open({ share: 0.1, decayShare: 0.2 }, { lr: 1, steps: 100 });
  expect([0, 9, 50, 80, 90, 99].map((t) => Number(curve.rate(t).toFixed(12)))).toEqual([0.1, 1, 1, 1, 0.5, 0.05]);
});

test("plateau goes on from what it has seen, as plain numbers", () => {
  const open = () => scheduleNamed("plateau").open({ every: 2, patience: 0 }, { lr: 1, steps: 100 });
  const whole = open();
  const first = open();
  const losses = [3, 2, 3, 2, 4, 4, 1, 1, 5];
  for (const loss of losses.slice(0, 5)) {
    first.observe?.(loss);
  }
  const second = open();
  second.restore?.(JSON.parse(JSON.stringify(first.saved?.())));
  for (const loss of losses) {
    whole.observe?.(loss);
  }
  for (const loss of losses.slice(5)) {
    second.observe?.(loss);
  }
  expect(second.saved?.()).toEqual(whole.saved?.());
  expect(second.rate(9)).toBe(whole.rate(9));
});

test.each(["oneCycle", "cosine", "warmupCosine", "polynomial", "warmupStableDecay"])(
  "%s stays where the run has ended",
  (name) => {
    const curve = scheduleNamed(name).open({}, { lr: 1, steps: 40 });
    expect(curve.rate(40)).toBeLessThan(1e-4);
    for (const t of [41, 60, 95, 400]) {
      expect(curve.rate(t)).toBeCloseTo(curve.rate(40), 12);
    }
  },
);

test("the Transformer's rate falls with the root of the updates", () => {
  const curve = scheduleNamed("inverseSqrt").open({ updates: 100 }, { lr: 1, steps: 1000 });
  expect([0, 49, 99, 399].map((t) => curve.rate(t))).toEqual([0.01, 0.5, 1, 0.5]);
});

test("updates at which something happens rise", () => {
  const open = (milestones: readonly number[]) => scheduleNamed("multiStep").open({ milestones }, { lr: 1, steps: 9 });
  expect(() => open([2, 2])).toThrow(/milestones: must be 1 to 64 ascending updates/);
  expect(() => open([3, 2])).toThrow(/ascending/);
  expect(open([2, 3]).rate(3)).toBeCloseTo(0.01, 12);
});
