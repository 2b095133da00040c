import { checkOptions } from "../core/checks.ts";
import { HyperError } from "../core/errors.ts";
import { describeValue } from "../core/foreign-value.ts";
import type { Direction, TrialRecord } from "../core/trial.ts";
import type {
  ClaimedTrial,
  Json,
  KnownTrials,
  Lease,
  ReleaseOptions,
  StudyRecord,
} from "../store/studies/study-store.ts";
import { type ChosenPoint, checkAllDrawn, checkPoint, chosenOf } from "./chosen-point.ts";
import { MemoryStudyLog, type StudyLog } from "./memory-study-log.ts";
import type { TrialEnding } from "./objective-result.ts";
import { openPruner, openSampler } from "./open.ts";
import { NoTrialLeftError, type OptimizeOptions, optimize } from "./optimize.ts";
import { outcomeOf } from "./outcome.ts";
import type { Pruner } from "./pruner.ts";
import { bestTrial, type Completed } from "./ranking.ts";
import type { Sampler, TrialSampler } from "./sampler.ts";
import { checkSpace } from "./space.ts";
import { byNumber, StudyDraws } from "./study-draws.ts";
import { checkStudyOptions, type StudyOptions } from "./study-options.ts";
import { StudyView } from "./study-view.ts";
import { type Objective, Trial } from "./trial.ts";
import { drawAll, TrialRun } from "./trial-run.ts";
import { TrialWriter } from "./trial-writer.ts";

interface Attempt {
  readonly claimed: ClaimedTrial;
  readonly run: TrialRun;
  readonly writer: TrialWriter;
  readonly abort: AbortController;
}

const idle: TrialSampler = {
  suggest(name) {
    throw new HyperError({
      en: `${name}: must be drawn while its trial runs, got a trial that has ended. Ask for another trial.`,
      ja: `${name}: 値を引けるのは試行の実行中だけです(この試行は終わっています)。別の試行を ask してください。`,
    });
  },
};

/**
 * A search: asks for trials, draws their hyper-parameters, keeps what came of them.
 *
 * `await openStudy(…)` makes one; `optimize(objective)` runs it, or `ask()` and `tell()` by hand.
 */
export class Study {
  readonly record: StudyRecord;
  readonly direction: Direction;
  readonly log: StudyLog;
  readonly leaseMs: number;
  private readonly options: StudyOptions;
  private readonly sampler: Sampler;
  private readonly pruner: Pruner;
  private readonly draws: StudyDraws;
  private readonly attempts = new Map<number, Attempt>();
  /** Of a trial too that is run again by now: what its objective still says must not be taken for the next attempt's. */
  private readonly attemptOf = new WeakMap<Trial, Attempt>();
  private readonly view: StudyView;
  /** Trials whose draws have moved the one stream on already. */
  private readonly passed = new Set<number>();

  private constructor(record: StudyRecord, sampler: Sampler, pruner: Pruner, log: StudyLog, options: StudyOptions) {
    this.record = record;
    this.direction = record.direction;
    this.sampler = sampler;
    this.pruner = pruner;
    this.log = log;
    this.options = options;
    this.leaseMs = options.leaseMs ?? 60_000;
    const { space, stream } = options;
    this.draws = new StudyDraws({ study: record, sampler, pruner, space, stream });
    this.view = new StudyView(log, record.id, () => [...this.attempts.keys()]);
  }

  /**
   * Makes a study, or goes on with the one of that name in the log.
   * @throws HyperError on an unknown sampler, pruner or setting, or a space that cannot be drawn from
   * @throws DataError when the log has a study of that name with other settings
   */
  static async open(options: StudyOptions = {}): Promise<Study> {
    checkStudyOptions(options);
    const { name = "study", direction = "minimize", seed = 0, constraints = 0, stream = "trial" } = options;
    const space = options.space === undefined ? undefined : checkSpace(options.space);
    const sampler = openSampler(options.sampler ?? "tpe", { seed, space });
    const pruner = openPruner(options.pruner ?? "none");
    const log = options.log ?? new MemoryStudyLog();
    const record = await log.createStudy(
      {
        name,
        direction,
        seed,
        constraints,
        space: space ?? null,
        objective: options.objective ?? null,
        sampler: { ...sampler.description, ...(stream === "optuna" ? { stream } : {}) },
        pruner: pruner.description,
      },
      { existing: "open" },
    );
    const study = new Study(record, sampler.opened, pruner.opened, log, { ...options, space });
    await study.view.refresh();
    study.draws.replay(study.view.finished);
    return study;
  }

  /** The trials that have ended, by number. */
  get trials(): TrialRecord[] {
    return byNumber(this.view.finished);
  }

  /** What is known of the study's trials at this moment, in every process; valid until the next call. */
  get known(): KnownTrials {
    const here = [...this.attempts.values()].map(({ run }) => run.live());
    return { finished: this.view.finished, running: byNumber([...this.view.running, ...here]) };
  }

  /** The complete trial of the best value among those that keep every constraint; undefined while there is none. */
  get best(): Completed | undefined {
    return bestTrial(this.view.finished, this.direction);
  }

  /**
   * Begins a trial: one that waits for another attempt, or a new one.
   * @param options `params`: values chosen by hand for a new trial; the others are drawn
   * @throws NoTrialLeftError when a sampler with an end has given all its trials  @throws HyperError on a chosen name or
   *   value that cannot be
   */
  async ask(options: { readonly params?: TrialRecord["params"]; readonly signal?: AbortSignal } = {}): Promise<Trial> {
    checkOptions("ask", options, { params: true, signal: true });
    const trial = await this.take({ ...options, create: true });
    if (trial === undefined) {
      throw new HyperError({
        en: "ask: a log must give a trial when it may create one, got none. Look at the log.",
        ja: "ask: ログが試行を返しませんでした(新しく作れる場合は必ず返す必要があります)。ログの実装を確かめてください。",
      });
    }
    return trial;
  }

  /**
   * Begins a trial that waits: the one of that number, or the first.
   * @returns undefined when none does and none may be created
   */
  async take(
    options: {
      readonly number?: number;
      readonly create?: boolean;
      readonly params?: TrialRecord["params"];
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<Trial | undefined> {
    if (this.oneAtATime && this.attempts.size > 0) {
      throw new HyperError({
        en: 'ask: stream "optuna" runs one trial at a time, got a second. Tell the first one\'s value.',
        ja: `ask: stream "optuna" で同時に実行できる試行は1つだけです(2つ目を求められました)。先に1つ目の値を tell してください。`,
      });
    }
    if (options.params !== undefined) {
      this.checkChosen(options.params);
    }
    let begun: { readonly sampler: TrialSampler; readonly number: number; readonly view: KnownTrials } | undefined;
    const claimed = await this.log.claim(this.record.id, {
      worker: this.options.worker ?? "study",
      leaseMs: this.leaseMs,
      ...(this.options.maxAttempts === undefined ? {} : { maxAttempts: this.options.maxAttempts }),
      create: options.create ?? false,
      ...(options.number === undefined ? {} : { number: options.number }),
      sample: (view, number, attributes) => {
        // Inside the claim, where no other can take the same number.
        if (options.create && this.limit !== undefined && number >= this.limit) {
          throw new NoTrialLeftError({
            en: `ask: the sampler must have a trial left, got all ${this.limit} given. End here, or begin a study with another sampler.`,
            ja: `ask: このサンプラーの試行は ${this.limit} 個で終わりです。ここで終えるか、別のサンプラーで study を始めてください。`,
          });
        }
        const sampler = this.draws.begin(number, view.finished);
        begun = { sampler, number, view };
        const chosen = { ...chosenOf(attributes), ...options.params };
        return this.draws.sampled(sampler, { seen: view.finished.length, chosen });
      },
    });
    if (claimed === null) {
      return undefined;
    }
    // A claim that failed and was made again may have found that another has drawn the trial meanwhile.
    if (begun?.number === claimed.number && claimed.attempt === 1) {
      // What the sampler saw a moment ago is what there is.
      this.view.see(begun.view);
      return this.attempt(claimed, begun.sampler, options);
    }
    await this.view.refresh();
    const sampler = this.draws.begin(claimed.number, this.view.finished.slice(0, claimed.seen));
    if (!this.passed.has(claimed.number)) {
      // What an attempt before has drawn is kept; what comes after it is drawn as that attempt would have drawn it.
      drawAll(sampler, claimed.distributions, chosenOf(claimed.attributes));
    }
    return this.attempt(claimed, sampler, options);
  }

  /**
   * Ends a trial. A value that is not a number makes it fail.
   * @returns the trial as it is kept
   * @throws HyperError when the trial has ended or is not this study's
   * @throws StaleAttemptError when another attempt has taken its place
   */
  async tell(trial: Trial, told: TrialEnding): Promise<TrialRecord> {
    const attempt = this.attemptOf.get(trial);
    if (!(trial instanceof Trial)) {
      throw new HyperError({
        en: `tell: must be given the trial that ask gave, got ${describeValue(trial)}. Keep what ask gives, and tell of that.`,
        ja: `tell: ask が返した試行そのものを渡してください(指定された値: ${describeValue(trial)})。`,
      });
    }
    if (attempt === undefined || this.attempts.get(trial.number) !== attempt) {
      throw new HyperError({
        en: `tell: trial ${trial.number} must be running, got one that has ended. Ask for another.`,
        ja: `tell: 試行 ${trial.number} はすでに終わっています。別の試行を ask してください。`,
      });
    }
    const { run, writer } = attempt;
    const record = run.record("running");
    const { state, ...end } = outcomeOf(this.misspelt(record) ?? told, record, this.record.constraints);
    this.attempts.delete(trial.number);
    await writer.finish({ state, ...end });
    await this.view.refresh();
    return run.record(state, end);
  }

  /** Gives a trial back unfinished: it waits for another attempt. */
  async release(trial: Trial, options?: ReleaseOptions): Promise<void> {
    const attempt = this.attemptOf.get(trial);
    if (attempt !== undefined && this.attempts.get(trial.number) === attempt) {
      this.attempts.delete(trial.number);
      await attempt.writer.release(options);
    }
  }

  /** Waits until what a trial drew, reported and left is kept. @throws StaleAttemptError when it is another's by now */
  async written(trial: Trial): Promise<void> {
    await this.attemptOf.get(trial)?.writer.flushed();
  }

  /** What an attempt before left for this one, as bytes; null for a fresh start. */
  checkpointOf(trial: Trial): Uint8Array | null {
    return this.attemptOf.get(trial)?.run.resumed ?? null;
  }

  /** Keeps the bytes that the objective of a trial left in another thread. */
  keepCheckpoint(trial: Trial, bytes: Uint8Array): void {
    this.attemptOf.get(trial)?.run.checkpoint(bytes);
  }

  /**
   * Runs trials one after the other, or several at a time, until there are enough.
   * @throws ObjectiveError when every trial that it ran has failed, or as `rejectOn` says
   * @throws SpaceChangedError when the objective draws a name in another way than the study's earlier trials
   */
  async optimize(objective: Objective, options: OptimizeOptions): Promise<Study> {
    await optimize(this, objective, options);
    return this;
  }

  /** Stops a trial's signal: its time is up. */
  abort(trial: Trial, reason: Error): void {
    this.attemptOf.get(trial)?.abort.abort(reason);
  }

  /** The attempts that run in this process, for a heartbeat. */
  get leases(): Lease[] {
    return [...this.attempts.values()].map(({ writer }) => writer.lease);
  }

  /** Looks at what other processes have done. */
  async look(): Promise<void> {
    await this.view.refresh();
  }

  /** Whether trials must follow one another, because they draw from one stream. */
  get oneAtATime(): boolean {
    return this.draws.oneAtATime;
  }

  /** What a running trial has drawn until now; all of its parameters when the space is known. */
  paramsOf(trial: Trial): TrialRecord["params"] {
    return { ...this.attemptOf.get(trial)?.claimed.params, ...trial.params };
  }

  /** How many trials have begun, those that run included. */
  get begun(): number {
    return this.view.finished.length + this.view.running.length + this.attempts.size;
  }

  /** How many trials the sampler has to give; undefined when there is no end. */
  get limit(): number | undefined {
    return this.sampler.trials;
  }

  private attempt(claimed: ClaimedTrial, sampler: TrialSampler, options: { signal?: AbortSignal }): Trial {
    const { number, attempt, checkpoint } = claimed;
    const writer = new TrialWriter(this.log, { study: this.record.id, number, attempt }, (reports) =>
      this.view.lookAfter(reports),
    );
    const abort = new AbortController();
    const run: TrialRun = new TrialRun({
      study: this.record,
      number,
      attempt,
      sampler: {
        suggest: (name, distribution) =>
          (this.attempts.get(number)?.run === run ? sampler : idle).suggest(name, distribution),
      },
      pruner: this.pruner,
      others: () => this.others(number),
      earlier: (name) => this.view.earlier.get(name),
      chosen: chosenOf(claimed.attributes),
      known: claimed.params,
      attributes: claimed.attributes,
      intermediate: checkpoint?.intermediate,
      signal: options.signal === undefined ? abort.signal : AbortSignal.any([abort.signal, options.signal]),
      onDrawn: (name, distribution, value) => {
        // What an earlier attempt drew stands, unless this one's range has no room for it.
        if (claimed.params[name] !== value) {
          writer.drawn(name, distribution, value);
        }
      },
      onReport: (entry) => writer.reported(entry),
      onNote: (key, value) => writer.noted(key, value as Json),
      resumed: checkpoint?.bytes ?? null,
      onCheckpoint: (bytes) => writer.checkpointed(bytes),
    });
    const trial = new Trial(run);
    const begun = { claimed, run, writer, abort };
    this.attempts.set(number, begun);
    this.attemptOf.set(trial, begun);
    if (this.oneAtATime) {
      this.passed.add(number);
    }
    return trial;
  }

  /** @throws HyperError on a chosen name or value that cannot be, as far as that is known before it is drawn */
  private checkChosen(point: ChosenPoint): void {
    const { space } = this.options;
    if (space !== undefined) {
      checkPoint(point, space);
    } else if (this.view.earlier.size > 0) {
      checkAllDrawn(point, [...this.view.earlier.keys()], (name) => this.view.earlier.has(name));
    }
  }

  /** How a trial ends in which a name was chosen that the objective has never heard of. */
  private misspelt({ attributes, params }: TrialRecord): TrialEnding | undefined {
    try {
      checkAllDrawn(chosenOf(attributes), Object.keys(params), (name) => this.view.earlier.has(name));
      return undefined;
    } catch (error) {
      return { state: "failed", error: (error as Error).message };
    }
  }

  /** Every other trial, those of this process as they stand now. */
  private others(number: number): TrialRecord[] {
    const here = [...this.attempts.values()].filter(({ run }) => run.number !== number);
    const elsewhere = this.view.running.filter((trial) => trial.number !== number && !this.attempts.has(trial.number));
    return [...this.view.finished, ...elsewhere, ...here.map(({ run }) => run.live())];
  }
}

/** Makes a study, or goes on with the one of that name in the log; see `Study.open`. */
export function openStudy(options: StudyOptions = {}): Promise<Study> {
  return Study.open(options);
}
