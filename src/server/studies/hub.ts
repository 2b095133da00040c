import { objectiveRef } from "../../node/study/objective/objective.ts";
import { runStudyPool } from "../../node/study/pool.ts";
import type { StudyRecord, StudyStore } from "../../store/studies/study-store.ts";
import { ApiError } from "../api-error.ts";

export interface StudyHubOptions {
  readonly store: StudyStore;
  /** Trials at a time. */
  readonly threads: number;
  readonly log: (line: string) => void;
}

/** Trials that are put into the store at a time: what a stop leaves waiting is no more. */
const slice = 500;

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
  resume(study: StudyRecord, more: number): void {
    const { store, threads, log } = this.options;
    if (objectiveRef(study.objective).kind !== "builtin") {
      throw new ApiError("refused", {
        en: `study: only networks given by flags can be gone on with from a page, got a program. Run: tanren study resume ${study.name}`,
        ja: `ページから続行できるのは、オプションで指定したネットワークの探索だけです。この探索はプログラムなので、端末で tanren study resume ${study.name} を実行してください。`,
      });
    }
    if (this.running.has(study.id)) {
      throw new ApiError("conflict", {
        en: `study: ${study.name} is being worked on already. Wait until it has ended.`,
        ja: `探索 ${study.name} はすでに進行中です。終わるのを待ってください。`,
      });
    }
    const stop = new AbortController();
    const work = async () => {
      const { trials } = await store.trials(study.id);
      const all = trials.length + more;
      for (let total = trials.length; total < all && !stop.signal.aborted; ) {
        total = Math.min(all, total + slice);
        for await (const _event of runStudyPool({ store, study, threads, trials: total, signal: stop.signal })) {
          // The store tells those who watch.
        }
      }
    };
    // Before anything is waited for: of two who ask at once, one is refused.
    const ended = work()
      .catch((error: Error) => log(error.message))
      .finally(() => this.running.delete(study.id));
    this.running.set(study.id, { stop, ended });
  }

  /** Whether this server works on a study because a page asked for it. */
  works(id: number): boolean {
    return this.running.has(id);
  }

  /** Gives the trials under way back and makes no more. @throws ApiError when this server does not work on it */
  async stop(study: Pick<StudyRecord, "id" | "name">): Promise<void> {
    const work = this.running.get(study.id);
    if (work === undefined) {
      throw new ApiError("conflict", {
        en: `study: must be worked on by this server to be stopped, got ${study.name}, which is not. Stop its worker where it runs.`,
        ja: `探索 ${study.name} は、このサーバーでは実行していません。実行しているところで停止してください。`,
      });
    }
    work.stop.abort();
    await work.ended;
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
