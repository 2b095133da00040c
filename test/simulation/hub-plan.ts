import { Chance } from "./chance.ts";
import { shorter } from "./shrink.ts";
import { type StoreFault, storeFaultOf } from "./store-faults.ts";

/** What goes wrong between a server, its store and those who watch, or what a person does. `at` is in milliseconds. */
export type HubFault = {
  readonly at: number;
} /** The server ends without a word; another is started so much later. */ & (
  | { readonly kind: "kill"; readonly ms: number }
  /** It is told to end, as by Ctrl-C, and another is started so much later. */
  | { readonly kind: "leave"; readonly ms: number }
  | { readonly kind: "freeze"; readonly ms: number }
  /** Every connection breaks at once. */
  | { readonly kind: "drop" }
  /** Every connection of this moment carries nothing any more, and nobody is told. */
  | { readonly kind: "cut" }
  /** A page is closed and opened anew. */
  | { readonly kind: "reload"; readonly who: number }
  /** A page's machine sleeps. */
  | { readonly kind: "sleep"; readonly who: number; readonly ms: number }
  | { readonly kind: "pause"; readonly who: number; readonly ms: number }
  | { readonly kind: "stop"; readonly who: number }
  | StoreFault
);

/** Runs on a server, and pages that watch them. Plain JSON. */
export interface HubPlan {
  readonly seed: number;
  /** Tasks of each run, and events of each task. */
  readonly tasks: number;
  readonly events: number;
  /** Milliseconds between two events of a task, at most. */
  readonly pace: number;
  /** When pages are opened: the first begins a run, each other begins one too or follows the first's. */
  readonly pages: readonly { readonly at: number; readonly begins: boolean }[];
  readonly faults: readonly HubFault[];
}

export function hubPlanOf(seed: number): HubPlan {
  const chance = new Chance(seed, "hub plan");
  const events = chance.pick([2, 5, 15]);
  const pace = chance.pick([20, 100, 400]);
  const horizon = 2 * events * pace + 500;
  const pages = Array.from({ length: chance.int(1, 4) }, (_, i) => ({
    at: i === 0 ? 0 : chance.int(0, horizon),
    begins: i === 0 || chance.one(3),
  }));
  const faults = Array.from({ length: chance.int(0, 7) }, (): HubFault => {
    const at = chance.int(0, horizon);
    const who = chance.int(0, pages.length - 1);
    switch (chance.int(0, 13)) {
      case 0:
      case 1:
        return { at, kind: "kill", ms: chance.pick([10, 700, 8000]) };
      case 2:
        return { at, kind: "leave", ms: chance.pick([10, 700, 8000]) };
      case 3:
        return { at, kind: "freeze", ms: chance.pick([100, 3000, 25_000]) };
      case 4:
        return { at, kind: "drop" };
      case 5:
        return { at, kind: "cut" };
      case 6:
        return { at, kind: "reload", who };
      case 7:
        return { at, kind: "sleep", who, ms: chance.pick([300, 5000, 40_000]) };
      case 8:
        return { at, kind: "pause", who, ms: chance.pick([50, 2000]) };
      case 9:
        return { at, kind: "stop", who };
      default:
        return { at, ...storeFaultOf(chance) };
    }
  });
  return {
    ...{ seed, tasks: chance.int(1, 3), events, pace },
    pages: pages.sort((a, b) => a.at - b.at),
    faults: faults.sort((a, b) => a.at - b.at),
  };
}

export function* smallerHubPlans(plan: HubPlan): Generator<HubPlan> {
  for (const faults of shorter(plan.faults)) {
    yield { ...plan, faults };
  }
  for (let i = plan.pages.length - 1; i > 0; i--) {
    yield { ...plan, pages: plan.pages.toSpliced(i, 1) };
  }
  if (plan.tasks > 1) {
    yield { ...plan, tasks: plan.tasks - 1 };
  }
  if (plan.events > 1) {
    yield { ...plan, events: plan.events - 1 };
  }
}
