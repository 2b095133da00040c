import { type HubPlan, hubPlanOf, smallerHubPlans } from "./hub-plan.ts";
import { playHub } from "./hub-schedule.ts";
import { type Plan, planOf, smallerPlans } from "./plan.ts";
import { playRun, type RunPlan, runPlanOf, smallerRunPlans } from "./run-schedule.ts";
import { type Played, type PlayOptions, playStudy } from "./schedule.ts";
import type { SharedFile } from "./shared-file.ts";

/** What is simulated in some place: a plan from a seed, less of it, and how it goes. */
export interface Kind<P, W> {
  readonly planOf: (seed: number) => P;
  readonly smaller: (plan: P) => Iterable<P>;
  readonly play: (place: W, plan: P, options?: PlayOptions) => Promise<Played>;
}
export type FileKind<P> = Kind<P, SharedFile>;

export const study: FileKind<Plan> = { planOf, smaller: smallerPlans, play: playStudy };
export const run: FileKind<RunPlan> = { planOf: runPlanOf, smaller: smallerRunPlans, play: playRun };
export const hub: FileKind<HubPlan> = { planOf: hubPlanOf, smaller: smallerHubPlans, play: playHub };
