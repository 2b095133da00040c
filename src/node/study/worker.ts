import { allOrNone } from "../../core/all-or-none.ts";
import { checkOptions, type OptionNames } from "../../core/checks.ts";
import { HyperError, saidBy } from "../../core/errors.ts";
import { EventQueue } from "../../core/event-queue.ts";
import { append } from "../../core/long-lists.ts";
import type { Told } from "../../core/text.ts";
import { rest } from "../../core/timers.ts";
import { checkLeases } from "../../search/study-options.ts";
import type { SqlStudyStore } from "../../store/studies/sql-study-store.ts";
import type { StudyRecord } from "../../store/studies/study-store.ts";
import { StudyCrew } from "./crew.ts";
import type { StudyEvent } from "./events.ts";
import { keepLeases } from "./heartbeat.ts";
import { processHost, type StudyHost, type ThreadsOptions, threadsOptionNames } from "./host.ts";
import { objectiveOf } from "./objective/objective.ts";
import type { Delivery, StudyQueue } from "./queue.ts";
import { resumeStudy } from "./resume.ts";

export interface StudyWorkerOptions extends ThreadsOptions {
  readonly store: SqlStudyStore;
  /** Delivers trials; without one (on a file) the worker looks for them itself. */
  readonly queue?: Pick<StudyQueue, "take" | "done">;
  /** Trials at a time, each in a thread of its own. */
  readonly threads: number;
  /** Only this study; all of them when absent. It may be made later. */
  readonly study?: string;
  /** Ends when there is nothing left to do; otherwise waits for more. */
  readonly untilDone?: boolean;
}

const optionNames: OptionNames<StudyWorkerOptions> = {
  ...threadsOptionNames,
  store: true,
  queue: true,
  threads: true,
  study: true,
  untilDone: true,
};

export type WorkerEvent =
  | (StudyEvent & { readonly study: string })
  /** This worker cannot run a study's objective and leaves its trials to others. */
  | { readonly kind: "unusable"; readonly study: string; readonly reason: Told };

/** How often to look for studies, and for trials that no job tells of, in milliseconds. */
const intervals = { studies: 1000, trials: 500, rest: 100 };

/**
 * Takes trials of the store's studies and runs them in threads, until `signal` aborts or, with `untilDone`, nothing is
 * left. What a worker leaves behind when it dies is taken up by the others.
 * @throws DataError when the store can no longer be reached or written, or the one study asked for cannot be run here
 * @throws SpaceChangedError when an objective draws otherwise than its study's earlier trials
 */
export async function* runWorker(options: StudyWorkerOptions): AsyncGenerator<WorkerEvent, void, void> {
  checkOptions("runWorker", options, optionNames);
  const { threads, store, leaseMs = 30_000, host = processHost } = options;
  if (!Number.isSafeInteger(threads) || threads < 1) {
    throw new HyperError({
      en: `threads: must be a whole number ≥ 1, got ${threads}. Use 1 for one trial at a time.`,
      ja: `threads: 1以上の整数を指定してください(指定された値: ${threads})。1なら試行を1つずつ実行します。`,
    });
  }
  checkLeases("runWorker", options);
  const stop = new AbortController();
  const worker = new StudyWorker(options, AbortSignal.any([options.signal, stop.signal]));
  const beating = keepLeases(
    store,
    () => worker.leases,
    leaseMs,
    (lease) => worker.revoke(lease),
    { timers: host.timers, studies: () => worker.studies, maxAttempts: options.maxAttempts },
  );
  const run = async () => {
    await worker.lookForStudies();
    const slots = Array.from({ length: threads }, () => () => worker.work());
    const working = allOrNone(slots, () => stop.abort());
    const looking = worker.keepLooking();
    await working.finally(async () => {
      stop.abort();
      await looking;
    });
  };
  yield* worker.events.during(run, async (all) => {
    stop.abort();
    await all;
    beating.stop();
    await worker.close();
  });
}

class StudyWorker {
  readonly events = new EventQueue<WorkerEvent>();
  private readonly options: StudyWorkerOptions;
  private readonly signal: AbortSignal;
  private readonly host: StudyHost;
  private readonly name: string;
  /** Of the studies that this worker takes part in. */
  private readonly crews = new Map<number, StudyCrew>();
  private readonly unusable = new Set<number>();
  /** Those with something to do, as last seen. */
  private open: number[] = [];
  private readonly ahead: Delivery[] = [];
  private lookedAt = Number.NEGATIVE_INFINITY;

  constructor(options: StudyWorkerOptions, signal: AbortSignal) {
    this.options = options;
    this.host = options.host ?? processHost;
    this.name = this.host.workerName();
    this.signal = signal;
  }

  get leases() {
    return [...this.crews.values()].flatMap(({ study }) => study.leases);
  }

  get studies(): number[] {
    return [...this.crews.keys()];
  }

  revoke(lease: Parameters<StudyCrew["revoke"]>[0]): void {
    this.crews.get(lease.study)?.revoke(lease);
  }

  /** One slot: takes a trial, runs it, takes the next. */
  async work(): Promise<void> {
    while (!this.signal.aborted) {
      const delivery = await this.next();
      const worked = delivery === undefined ? await this.findOne() : await this.perform(delivery);
      if (worked) {
        continue;
      }
      if (delivery === undefined) {
        if (this.options.untilDone === true && (await this.nothingLeft())) {
          return;
        }
        await this.rest(intervals.rest);
      }
    }
  }

  async keepLooking(): Promise<void> {
    while (!this.signal.aborted) {
      await this.rest(intervals.studies);
      // A store that is away for long says so to those who work.
      await this.lookForStudies().catch(() => {});
    }
  }

  /** Takes part in the studies that have something to do. */
  async lookForStudies(): Promise<void> {
    const { store, study: only } = this.options;
    const found = (await store.openStudies()).filter(({ name }) => only === undefined || name === only);
    for (const record of found) {
      if (!this.crews.has(record.id) && !this.unusable.has(record.id) && !this.signal.aborted) {
        await this.takePart(record);
      }
    }
    this.open = found.map(({ id }) => id).filter((id) => this.crews.has(id));
  }

  async close(): Promise<void> {
    await Promise.all([...this.crews.values()].map((crew) => crew.close()));
  }

  private async takePart(record: StudyRecord): Promise<void> {
    const { store, leaseMs = 30_000, threads, folder = process.cwd(), maxAttempts } = this.options;
    const { name, id } = record;
    try {
      const objective = objectiveOf(record.objective, this.options.objective);
      const study = await resumeStudy(store, record, { worker: this.name, leaseMs, maxAttempts });
      const { maxTimeMs } = objective;
      const crew = new StudyCrew(study, {
        host: this.host,
        objective,
        thread: { folder },
        maxTimeMs,
        maxAttempts,
        signal: this.signal,
        events: { push: (event) => this.events.push({ ...event, study: name }) },
      });
      try {
        // The objective is loaded before any trial is touched.
        await crew.prepare(threads);
      } catch (error) {
        await crew.close();
        throw error;
      }
      this.crews.set(id, crew);
    } catch (error) {
      if (this.options.study === name) {
        throw error;
      }
      const reason = saidBy(error);
      this.unusable.add(id);
      this.events.push({ kind: "unusable", study: name, reason });
    }
  }

  /** A job: one taken ahead, or the next of the studies in turn. */
  private async next(): Promise<Delivery | undefined> {
    const { queue } = this.options;
    if (queue === undefined) {
      return undefined;
    }
    const before = this.ahead.shift();
    if (before !== undefined) {
      return before;
    }
    for (const study of [...this.open]) {
      try {
        const [delivery] = await queue.take(study, 1);
        if (delivery !== undefined) {
          // The next one to ask begins with the study after this.
          this.open = [...this.open.filter((id) => id !== study), study];
          return delivery;
        }
      } catch {
        // The queue is away; the store, asked next, says so if it stays away.
        await this.rest(intervals.trials);
      }
    }
    return undefined;
  }

  /** Takes a job for later while trials run, so that nobody waits for it. */
  private async takeAhead(study: number): Promise<void> {
    const { queue } = this.options;
    if (queue !== undefined && this.ahead.length === 0 && !this.signal.aborted) {
      await queue.take(study, 1).then(
        (deliveries) => append(this.ahead, deliveries),
        () => {},
      );
    }
  }

  private async perform(delivery: Delivery): Promise<boolean> {
    const worked = await this.attempt(delivery.study, delivery.number);
    this.options.queue?.done(delivery);
    return worked;
  }

  /** Looks for a trial that no job tells of, now and then: a job may have been lost, or is held by a worker that died. */
  private async findOne(): Promise<boolean> {
    const now = this.host.timers.monotonic();
    if (now - this.lookedAt < intervals.trials) {
      return false;
    }
    for (const study of [...this.open]) {
      if (await this.attempt(study)) {
        return true;
      }
    }
    this.lookedAt = now;
    return false;
  }

  private async attempt(id: number, number?: number): Promise<boolean> {
    const crew = this.crews.get(id);
    if (crew === undefined || (crew.study.oneAtATime && crew.study.leases.length > 0)) {
      return false;
    }
    const trial = await crew.study.take({ signal: this.signal, ...(number === undefined ? {} : { number }) });
    if (trial === undefined) {
      return false;
    }
    this.lookedAt = Number.NEGATIVE_INFINITY;
    const running = crew.run(trial);
    const taking = this.takeAhead(id);
    await running;
    await taking;
    return true;
  }

  private async nothingLeft(): Promise<boolean> {
    const { store, study: only } = this.options;
    const open = (await store.openStudies()).filter(({ name }) => only === undefined || name === only);
    if (open.some(({ id }) => !this.unusable.has(id))) {
      return false;
    }
    if (only === undefined) {
      return true;
    }
    // A study that is not there yet, or has no trials yet, has not begun.
    const summary = (await store.studies()).find(({ name }) => name === only);
    return summary !== undefined && Object.values(summary.counts).some((count) => count > 0);
  }

  private rest(ms: number): Promise<void> {
    return rest(this.host.timers, ms, this.signal);
  }
}
