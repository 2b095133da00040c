import type { Choice } from "../../search/choice.ts";
import type { StudyLog } from "../../search/memory-study-log.ts";
import { Study } from "../../search/study.ts";
import type { StudyRecord, StudyStore } from "../../store/studies/study-store.ts";

/**
 * Opens a study as its record says, to work on it.
 * @throws HyperError when this version does not know its sampler or pruner
 */
export function resumeStudy(
  store: StudyStore,
  record: StudyRecord,
  options: { readonly worker: string; readonly leaseMs: number; readonly maxAttempts?: number },
): Promise<Study> {
  const { name, direction, seed, space, constraints, objective } = record;
  const { stream, ...sampler } = record.sampler as unknown as Choice & { readonly stream?: "optuna" };
  return Study.open({
    name,
    direction,
    seed,
    constraints,
    objective,
    sampler,
    pruner: record.pruner as unknown as Choice,
    log: logOf(store, record),
    ...(space === null ? {} : { space }),
    ...(stream === undefined ? {} : { stream }),
    ...options,
  });
}

/** The store as a study sees it. The study is there already: what its record says is not compared with itself. */
function logOf(store: StudyStore, record: StudyRecord): StudyLog {
  return {
    createStudy: async () => record,
    view: (study, options) => store.view(study, options),
    claim: (study, options) => store.claim(study, options),
    suggest: (lease, sampled) => store.suggest(lease, sampled),
    heartbeat: (leases, leaseMs) => store.heartbeat(leases, leaseMs),
    report: (lease, values) => store.report(lease, values),
    checkpoint: (lease, bytes) => store.checkpoint(lease, bytes),
    finish: (lease, outcome) => store.finish(lease, outcome),
    release: (lease, options) => store.release(lease, options),
  };
}
