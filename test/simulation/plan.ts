import { Chance } from "./chance.ts";
import type { Trouble } from "./shared-file.ts";
import { shorter } from "./shrink.ts";
import type { SimObjective } from "./sim-thread.ts";
import { troubleOf } from "./store-faults.ts";

/** What a process does that a fault may wait for: `draw` is in the middle of a claim's transaction. */
export const moments = ["claim", "draw", "report", "checkpoint", "finish", "release", "beat"] as const;
export type Moment = (typeof moments)[number];

/**
 * Something that happens to a study from outside, at a true time in milliseconds, or as soon before it as some process has
 * done something for the nth time: then it happens to that process.
 */
export type Fault = { readonly at: number; readonly on?: { readonly what: Moment; readonly nth: number } } & (
  | { readonly kind: "kill"; readonly who: number; readonly backMs: number | null }
  | { readonly kind: "freeze"; readonly who: number; readonly ms: number }
  /** A person ends it with Ctrl-C. */
  | { readonly kind: "stop"; readonly who: number }
  /** The thread of one of its trials dies. */
  | { readonly kind: "thread"; readonly who: number }
  | { readonly kind: "trouble"; readonly who: number; readonly trouble: Trouble }
  /** The machine's clock is set, or one process's (another machine's) is off. */
  | { readonly kind: "clock"; readonly by: number }
  | { readonly kind: "skew"; readonly who: number; readonly by: number }
  /** Another program holds the file; of a server, it is away. */
  | { readonly kind: "lock"; readonly ms: number }
  | { readonly kind: "full"; readonly ms: number }
  /** The store is deleted and an empty one put in its place. */
  | { readonly kind: "replace" }
);

export interface PlannedProcess {
  readonly kind: "search" | "worker";
  readonly threads: number;
  readonly at: number;
}

/** All that a schedule is, but for the order that comes of it. Plain JSON. */
export interface Plan {
  readonly seed: number;
  readonly trials: number;
  readonly objective: SimObjective;
  readonly sampler: "random" | "tpe";
  /** Whether the study knows the whole space, so that all of it is drawn as a trial begins. */
  readonly declared: boolean;
  readonly leaseMs: number;
  readonly maxAttempts: number;
  /** Whether a process can see whether another one lives. */
  readonly sees: boolean;
  readonly processes: readonly PlannedProcess[];
  readonly faults: readonly Fault[];
  /** Milliseconds after the last fault until somebody goes on with the study; none unless told. */
  readonly calmMs?: number;
}

const leaseMs = 600;
const hour = 3_600_000;

export function planOf(seed: number): Plan {
  const chance = new Chance(seed, "plan");
  // Small ones find nearly all that large ones find, and more of them can be played.
  const trials = chance.pick([1, 1, 1, 2, 2, 2, 3, 5]);
  const objective: SimObjective = {
    steps: chance.pick([1, 2, 2, 3, 4]),
    checkpointEvery: chance.pick([0, 1, 1, 2]),
    pace: chance.pick([20, 60, 200]),
    prunes: chance.one(3),
  };
  // About as long as the study takes: what happens after its end finds nothing.
  const horizon = Math.max(100, objective.pace * (objective.steps + 2) * Math.ceil(trials / 2));
  const processes: PlannedProcess[] = [{ kind: "search", threads: chance.int(0, 2), at: 0 }];
  for (let i = chance.pick([0, 1, 1, 1, 2]); i > 0; i--) {
    const kind = chance.one(2) ? "search" : "worker";
    processes.push({ kind, threads: chance.pick([1, 1, 2]), at: chance.int(0, horizon / 2) });
  }
  // Some schedules have one kind of trouble again and again: what needs it three times is met too.
  const only = chance.one(3) ? chance.int(0, kinds - 1) : undefined;
  const faults = Array.from({ length: chance.pick([1, 1, 2, 2, 3, 3, 4, 6]) }, (): Fault => {
    const fault = faultOf(chance, { processes: processes.length, horizon, kind: only ?? chance.int(0, kinds - 1) });
    return chance.one(3) ? { ...fault, on: { what: chance.pick(moments), nth: chance.int(1, 4) } } : fault;
  });
  if (chance.one(6)) {
    faults.push(...crowdedFaults(chance, horizon));
  }
  return {
    seed,
    trials,
    objective,
    sampler: chance.one(3) ? "tpe" : "random",
    declared: chance.one(2),
    leaseMs,
    maxAttempts: chance.pick([1, 2, 5, 5]),
    sees: chance.one(2),
    processes,
    faults: faults.sort((a, b) => a.at - b.at),
    calmMs: chance.pick([0, 0, 700]),
  };
}

/** An attempt is lost for good, and the claim that finds it cannot be committed at once: others go by meanwhile. */
function crowdedFaults(chance: Chance, horizon: number): Fault[] {
  const at = 4 * horizon;
  const lost = { on: { what: "claim" as const, nth: chance.int(1, 3) }, at, who: 0 };
  const draw = { on: { what: "draw" as const, nth: chance.int(2, 6) }, at, who: 0 };
  const ms = chance.pick([50, 300]);
  return [
    chance.one(2)
      ? { ...lost, kind: "kill", backMs: null }
      : { ...lost, kind: "freeze", ms: chance.int(1, 3) * leaseMs },
    ...(chance.one(2)
      ? ([{ ...draw, kind: "full", ms }] as const)
      : ([
          { ...draw, kind: "trouble", trouble: { kind: "fails", at: 9, how: "disk" } },
          { ...draw, kind: "lock", ms },
        ] as const)),
  ];
}

/** Of `faultOf`, each as often as it has numbers. */
const kinds = 20;

function faultOf(
  chance: Chance,
  { processes, horizon, kind }: { readonly processes: number; readonly horizon: number; readonly kind: number },
): Fault {
  const at = chance.int(0, horizon);
  const who = chance.int(0, processes - 1);
  const sign = chance.one(2) ? -1 : 1;
  // Around a lease, and by hours.
  const by = sign * Math.floor(chance.one(2) ? chance.next() * 2 * leaseMs : chance.next() * 12 * hour);
  switch (kind) {
    case 0:
    case 1:
    case 2:
      return { at, kind: "kill", who, backMs: chance.one(2) ? null : chance.int(0, 900) };
    case 3:
    case 4:
    case 5:
      return { at, kind: "freeze", who, ms: chance.int(100, 3 * leaseMs) };
    case 6:
      return { at, kind: "stop", who };
    case 7:
    case 8:
      return { at, kind: "thread", who };
    case 9:
    case 10:
      return { at, kind: "clock", by };
    case 11:
      return { at, kind: "skew", who, by };
    case 12:
      return { at, kind: "lock", ms: chance.pick([50, 300, 300, 700, 4000]) };
    case 13:
      return { at, kind: "full", ms: chance.pick([50, 300, 300, 700, 4000]) };
    case 14:
      return chance.one(4) ? { at, kind: "replace" } : { at, kind: "freeze", who, ms: chance.int(100, 3 * leaseMs) };
    default:
      return { at, kind: "trouble", who, trouble: troubleOf(chance) };
  }
}

/** Plans with less in them, the boldest first. */
export function* smallerPlans(plan: Plan): Generator<Plan> {
  for (const faults of shorter(plan.faults)) {
    yield { ...plan, faults };
  }
  if (plan.processes.length > 1) {
    const last = plan.processes.length - 1;
    yield {
      ...plan,
      processes: plan.processes.slice(0, -1),
      faults: plan.faults.filter((fault) => !("who" in fault) || fault.who < last),
    };
  }
  for (const trials of [1, plan.trials - 1]) {
    if (trials >= 1 && trials < plan.trials) {
      yield { ...plan, trials };
    }
  }
  if (plan.objective.steps > 1) {
    yield { ...plan, objective: { ...plan.objective, steps: plan.objective.steps - 1 } };
  }
  if (plan.sampler !== "random") {
    yield { ...plan, sampler: "random" };
  }
}
