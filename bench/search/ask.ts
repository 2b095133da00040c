// Milliseconds of computing that an ask takes with n past trials and 10 parameters, and ask + tell of a study in memory.
//   node bench/search/ask.ts [samplers, comma-separated]
import type { Distribution, SearchSpace, TrialRecord } from "../../src/core/trial.ts";
import { drawUniform } from "../../src/search/draw.ts";
import { openStudy, samplerNamed, trialStream } from "../../src/search/index.ts";

const spaces: Record<string, SearchSpace> = {
  "10 real": tenOf(() => ({ kind: "real", low: -5, high: 5 })),
  "10 int of 1..10000": tenOf(() => ({ kind: "int", low: 1, high: 10_000 })),
  mixed: tenOf(
    (i): Distribution =>
      (
        [
          { kind: "real", low: 1e-6, high: 1e-1, scale: "log" },
          { kind: "real", low: 0, high: 0.9, step: 0.1 },
          { kind: "int", low: 1, high: 8 },
          { kind: "int", low: 8, high: 512, scale: "log" },
          { kind: "category", choices: ["relu", "sigmoid", "tanh"] },
        ] as const
      )[i % 5],
  ),
};

function tenOf(of: (i: number) => Distribution): SearchSpace {
  return Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`x${i}`, of(i)]));
}

function pastTrials(space: SearchSpace, count: number): TrialRecord[] {
  return Array.from({ length: count }, (_, number) => {
    const random = trialStream(1, number, "sampler");
    const params = Object.fromEntries(Object.entries(space).map(([name, d]) => [name, drawUniform(d, random)]));
    return {
      number,
      state: "complete",
      value: random.double(),
      params,
      distributions: space,
      intermediate: [],
      attributes: {},
      attempt: 1,
      startedAt: null,
      finishedAt: null,
    };
  });
}

/** Milliseconds this process has computed for: what others do on the machine does not count. */
function cpu(): number {
  return process.cpuUsage().user / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

const kinds: [label: string, name: string, settings: Record<string, string>][] = [
  ["random", "random", {}],
  ["sobol", "sobol", {}],
  ["tpe", "tpe", {}],
  ["tpe multivariate", "tpe", { variant: "multivariate" }],
  ["cma-es", "cma-es", {}],
];
const wanted = process.argv[2]?.split(",");
for (const [label, name, settings] of kinds.filter(([label]) => wanted?.includes(label) ?? true)) {
  for (const [what, space] of Object.entries(spaces)) {
    for (const count of [100, 1000, 10_000]) {
      const trials = pastTrials(space, count);
      const sampler = samplerNamed(name).open({ seed: 0 }, settings);
      const times: number[] = [];
      for (let round = 0; round < 25; round++) {
        const random = trialStream(0, count + round, "sampler");
        const start = cpu();
        const draw = sampler.begin({ direction: "minimize", number: count + round, trials, random, startup: random });
        for (const [parameter, distribution] of Object.entries(space)) {
          draw.suggest(parameter, distribution);
        }
        times.push(cpu() - start);
      }
      console.log(
        `${label.padEnd(17)} ${what.padEnd(19)} ${String(count).padStart(6)} trials ${median(times).toFixed(2)} ms`,
      );
    }
  }
}

const study = await openStudy({ sampler: "random", seed: 0 });
for (const upTo of [100, 1000, 10_000]) {
  const before = study.trials.length;
  const start = cpu();
  await study.optimize((trial) => trial.real("x", { min: 0, max: 1 }), { trials: upTo - before });
  const each = (cpu() - start) / (upTo - before);
  console.log(`ask + tell in memory, up to ${upTo} trials: ${each.toFixed(3)} ms`);
}
