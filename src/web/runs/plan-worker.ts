import { experimentNamed } from "../../experiments/registry.ts";
import { tellable } from "../told-error.ts";
import type { FromPlanWorker, ToPlanWorker } from "./planner.ts";

/** Plans runs away from the page: moving through the random stream of a hundred trials takes most of a second. */
const page = self as unknown as Worker;

page.onmessage = ({ data: { id, experiment, settings, seed } }: MessageEvent<ToPlanWorker>) => {
  try {
    const tasks = experimentNamed(experiment).plan(settings, seed);
    page.postMessage({ id, tasks } satisfies FromPlanWorker);
  } catch (error) {
    page.postMessage({ id, failed: tellable(error) } satisfies FromPlanWorker);
  }
};
