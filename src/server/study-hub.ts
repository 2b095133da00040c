import { runStudyPool } from "../node/study-pool.ts";
import { objectiveRef } from "../node/trial-objective.ts";
import type { StudyRecord, StudyStore } from "../store/study-store.ts";
import { ApiError } from "./api-error.ts";

export interface StudyHubOptions {
  readonly store: StudyStore;
  /** Trials at a time. */
  readonly threads: number;
  readonly log: (line: string) => void;
}

/** Goes on with studies on this machine when a page asks for it. */
export class StudyHub {
  private readonly options: StudyHubOptions;
  private readonly running = new Map<number, { readonly stop: AbortController; readonly ended: Promise<void> }>();

  constructor(options: StudyHubOptions) {
    this.options = options;
  }

  /**
   * Runs so many trials more. Only networks described by settings: a page must not be able to start whatever program a
   * study names.
   * @throws ApiError when this server works on it already, or its objective is a program
   */
  async resume(study: StudyRecord, more: number): Promise<void> {
    const { store, threads, log } = this.options;
    if (objectiveRef(study.objective).kind !== "builtin") {
      throw new ApiError(
        "refused",
        `study: only networks given by flags can be gone on with from a page, got a program. Run: tanren study resume ${study.name}`,
      );
    }
    if (this.running.has(study.id)) {
      throw new ApiError("conflict", `study: ${study.name} is being worked on already. Wait until it has ended.`);
    }
    const stop = new AbortController();
    const { trials } = await store.trials(study.id);
    const work = async () => {
      const events = runStudyPool({ store, study, threads, trials: trials.length + more, signal: stop.signal });
      for await (const _event of events) {
        // The store tells those who watch.
      }
    };
    const ended = work()
      .catch((error: Error) => log(error.message))
      .finally(() => this.running.delete(study.id));
    this.running.set(study.id, { stop, ended });
  }

  /** Trials under way are given back, and whoever goes on with the study takes them up. */
  async close(): Promise<void> {
    const all = [...this.running.values()];
    for (const { stop } of all) {
      stop.abort();
    }
    await Promise.all(all.map(({ ended }) => ended));
  }
}
