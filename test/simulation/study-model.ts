import type { Intermediate, TrialRecord } from "../../src/core/trial.ts";
import { readTrial, unpackIntermediate } from "../../src/store/studies/study-rows.ts";
import type { ClaimedTrial, KnownTrials, Lease, Outcome } from "../../src/store/studies/study-store.ts";
import type { ArtifactRow, AttemptRow, MetricRow, StudyRow, TrialRow } from "../../src/store/studies/tables.ts";
import { leftBy } from "./sim-thread.ts";
import type { SimProcess, World } from "./world.ts";

type Values = Map<number, number | null>;
type Trial = TrialRow;
type Study = Omit<StudyRow, "id"> & { id: number };

/** The tables as they were after a commit. */
interface Tables {
  readonly study: Study | undefined;
  readonly trials: Map<number, Trial>;
  readonly attempts: Map<string, AttemptRow>;
  readonly metrics: Map<string, Values>;
  readonly checkpoints: Map<number, ArtifactRow>;
}

export interface ModelOptions {
  readonly world: World;
  /** All rows that one of {@link tableReads} gives, as they are now. */
  readonly rows: (read: string) => unknown[];
  readonly leaseMs: number;
  readonly maxAttempts: number;
  /** Reports of a whole trial. */
  readonly steps: number;
  /** Whether nothing was ever in the way of a process: it has no excuse. */
  readonly unhindered: (process: SimProcess) => boolean;
}

/** What the model reads after every commit, in the words of either database. */
export const tableReads = {
  studies: "SELECT * FROM studies",
  trials: "SELECT * FROM trials ORDER BY number",
  attempts: "SELECT number, attempt, outcome FROM attempts",
  metrics: "SELECT number, attempt, step, value FROM metrics",
  checkpoints: "SELECT * FROM artifacts WHERE name = 'checkpoint' ORDER BY attempt",
} as const;

const ended: readonly string[] = ["complete", "pruned", "failed"];
const nothing: Tables = {
  study: undefined,
  trials: new Map(),
  attempts: new Map(),
  metrics: new Map(),
  checkpoints: new Map(),
};

/**
 * What a study must be at every moment, told from outside: it reads the tables after every commit, and knows what each
 * process sent and what it was told was kept.
 */
export class StudyModel {
  private readonly options: ModelOptions;
  private readonly sent = new Map<string, Values>();
  private readonly kept = new Map<string, Set<number>>();
  private readonly inherited = new Map<string, Values>();
  private readonly outcomes = new Map<string, Outcome>();
  private readonly renewals = new Map<string, { readonly by: SimProcess; readonly at: number }>();
  private readonly givenBack = new Set<string>();
  private readonly acknowledged = new Map<number, { readonly attempt: number; readonly outcome: Outcome }>();
  /** What the sampler of each trial saw: numbers in the order in which they had finished. */
  private readonly seen = new Map<number, readonly number[]>();
  private order: number[] = [];
  private before: Tables = nothing;

  constructor(options: ModelOptions) {
    this.options = options;
  }

  /** Numbers in the order in which they finished. */
  get finishOrder(): readonly number[] {
    return this.order;
  }

  get tables(): Tables {
    return this.before;
  }

  /** The trials as the store would give them. */
  records(): TrialRecord[] {
    return [...this.before.trials.values()].map((row) => readTrial(row));
  }

  sending(lease: Lease, values: readonly Intermediate[]): void {
    const known = valuesOf(this.sent, keyOf(lease));
    for (const { step, value } of values) {
      if (!known.has(step)) {
        known.set(step, value);
      }
    }
  }

  /** The store has said that these are kept. */
  keptReports(lease: Lease, values: readonly Intermediate[]): void {
    const key = keyOf(lease);
    const kept = this.kept.get(key) ?? new Set();
    this.kept.set(key, kept);
    for (const { step } of values) {
      kept.add(step);
    }
    const { trials, metrics } = this.before;
    const trial = trials.get(lease.number);
    if (trial?.state === "running" && trial.attempt === lease.attempt) {
      const there = metrics.get(key);
      for (const step of kept) {
        this.must(
          there?.has(step) === true,
          () => `a report that was acknowledged is lost: trial ${key}, step ${step}`,
        );
      }
    }
  }

  /** Whoever sampled this trial last, before its claim was committed, saw this. */
  sampling(number: number, { finished, running }: KnownTrials): void {
    this.seen.set(
      number,
      finished.map((trial) => trial.number),
    );
    this.looked(running.map(({ number: of, attempt, intermediate }) => ({ number: of, attempt, intermediate })));
  }

  /** What a view tells of running trials is those attempts' own. */
  looked(running: readonly { number: number; attempt: number; intermediate: readonly Intermediate[] }[]): void {
    for (const { number, attempt, intermediate } of running) {
      const key = `${number}/${attempt}`;
      for (const { step, value } of intermediate) {
        this.must(
          this.told(key, step) === value,
          () => `a view shows a report that attempt ${key} did not make: step ${step}`,
        );
      }
    }
  }

  claimed(trial: ClaimedTrial): void {
    const key = keyOf(trial);
    const { trials } = this.before;
    const row = trials.get(trial.number);
    if (row?.state === "running" && row.attempt === trial.attempt) {
      this.must(row.seen === trial.seen, () => `claimed ${key} as having seen ${trial.seen}, kept is ${row.seen}`);
    }
    const latest = this.latest.get(key);
    const by1 = trial.checkpoint === null ? null : leftBy(trial.checkpoint.bytes);
    this.must(
      latest === undefined || (latest?.by === by1?.by && latest?.step === by1?.step),
      () => `attempt ${key} goes on from ${JSON.stringify(by1)}, the last checkpoint was ${JSON.stringify(latest)}`,
    );
  }
  private readonly latest = new Map<string, { readonly by: number; readonly step: number } | null>();

  givingBack(lease: Lease): void {
    this.givenBack.add(keyOf(lease));
  }

  /** A process was told that what it did comes too late. */
  refused(lease: Lease, wanted: readonly string[]): void {
    const outcome = this.before.attempts.get(keyOf(lease))?.outcome ?? "";
    this.must(
      !wanted.includes(outcome),
      () => `what attempt ${keyOf(lease)} did is kept (${outcome}), and it was told otherwise`,
    );
  }

  finishing(lease: Lease, outcome: Outcome): void {
    this.outcomes.set(keyOf(lease), outcome);
  }

  finished(lease: Lease, outcome: Outcome): void {
    const row = this.before.trials.get(lease.number);
    this.must(
      row?.state === outcome.state && row.attempt === lease.attempt,
      () =>
        `a result that was acknowledged is not there: trial ${keyOf(lease)} is ${row?.state}, attempt ${row?.attempt}`,
    );
    this.must(!this.acknowledged.has(lease.number), () => `trial ${lease.number} was finished twice`);
    this.acknowledged.set(lease.number, { attempt: lease.attempt, outcome });
  }

  /** Reads the tables, and holds them against what was there before. */
  check(by: SimProcess): void {
    const now = this.read();
    const { study } = now;
    const { before } = this;
    for (const { number, attempt, state, lease_until, worker } of now.trials.values()) {
      const was = before.trials.get(number);
      const same = state === "running" && was?.state === "running" && was.attempt === attempt;
      this.must(
        !same || was.lease_until === lease_until || worker === by.name,
        () => `${by.name} prolonged the lease of ${number}/${attempt}, which is ${worker}'s`,
      );
      // When it is written, not when its worker hears of it: that may sleep in between.
      if (state === "running" && !(same && was.lease_until === lease_until)) {
        this.renewals.set(`${number}/${attempt}`, { by, at: this.options.world.now });
      }
    }
    if (study === undefined) {
      this.must(before.study === undefined, () => "the study has vanished");
      return;
    }
    for (const [number, row] of before.trials) {
      this.must(now.trials.has(number), () => `trial ${number} (${row.state}) has vanished`);
    }
    let number = 0;
    for (const trial of now.trials.values()) {
      this.must(trial.number === number++, () => `trial ${trial.number} leaves a gap before it`);
      this.checkTrial(trial, before.trials.get(trial.number), now);
    }
    this.must(study.next_number === number, () => `the next number is ${study.next_number}, trials are ${number}`);
    for (const { number: of, attempt, bytes } of now.checkpoints.values()) {
      const { by: maker } = leftBy(new Uint8Array(bytes));
      this.must(maker === attempt, () => `attempt ${of}/${attempt} keeps a checkpoint of attempt ${maker}`);
    }
    for (const [key, values] of now.metrics) {
      for (const [step, value] of values) {
        this.must(this.told(key, step) === value, () => `a metric that attempt ${key} did not make: step ${step}`);
      }
    }
    this.order = [...now.trials.values()]
      .filter((trial) => trial.finish_order !== null)
      .sort((a, b) => a.finish_order! - b.finish_order!)
      .map((trial, i) => {
        this.must(
          trial.finish_order === i + 1,
          () => `trial ${trial.number} has place ${trial.finish_order}, not ${i + 1}`,
        );
        return trial.number;
      });
    this.must(study.finished === this.order.length, () => `the study counts ${study.finished} finished trials`);
    this.must(study.revision >= (before.study?.revision ?? 0), () => "the revision went back");
    this.before = now;
    for (const trial of now.trials.values()) {
      const saw = this.seen.get(trial.number);
      const kept = before.trials.get(trial.number)?.seen ?? null;
      // What fails for good in the transaction that draws has finished before.
      this.must(
        trial.seen === null || kept !== null || trial.seen === this.order.length,
        () => `trial ${trial.number} has seen ${trial.seen} of ${this.order.length} results`,
      );
      if (trial.seen !== null && kept === null && saw !== undefined) {
        this.must(
          trial.seen === saw.length,
          () => `trial ${trial.number} saw ${saw.length} results, ${trial.seen} are kept`,
        );
        this.must(
          saw.every((one, i) => one === this.order[i]),
          () => `trial ${trial.number} saw [${saw}], finished were [${this.order}]`,
        );
      }
    }
  }

  private checkTrial(trial: Trial, was: Trial | undefined, now: Tables): void {
    const key = `${trial.number}/${trial.attempt}`;
    const done = ended.includes(trial.state);
    if (was !== undefined && ended.includes(was.state)) {
      this.must(same(was, trial), () => `trial ${trial.number} changed after its end`);
      return;
    }
    this.must(done === (trial.finish_order !== null), () => `trial ${trial.number} is ${trial.state} with a place`);
    if (was !== undefined) {
      this.must(trial.attempt - was.attempt >= 0, () => `trial ${trial.number} went back to attempt ${trial.attempt}`);
      this.must(trial.attempt - was.attempt <= 1, () => `trial ${trial.number} left out an attempt: ${trial.attempt}`);
      this.must(was.seen === null || was.seen === trial.seen, () => `what trial ${trial.number} had seen changed`);
      const params = JSON.parse(trial.params);
      for (const [name, value] of Object.entries(JSON.parse(was.params))) {
        this.must(params[name] === value, () => `${name} of trial ${trial.number} changed after it was drawn`);
      }
      if (was.state !== trial.state || was.attempt !== trial.attempt) {
        const { revision } = this.before.study!;
        this.must(trial.revision > revision, () => `trial ${trial.number} changed without a new revision`);
      }
    }
    this.checkAttempts(trial, now);
    if (trial.state === "running") {
      if (was?.state !== "running" || was.attempt !== trial.attempt) {
        this.begun(trial, was, now, key);
      }
      this.must(trial.lease_until !== null && trial.worker !== null, () => `trial ${key} runs without a lease`);
      for (const step of this.kept.get(key) ?? []) {
        this.must(
          now.metrics.get(key)?.has(step) === true,
          () => `an acknowledged report is lost: ${key}, step ${step}`,
        );
      }
    }
    if (was?.state === "running" && trial.state !== "running") {
      this.ended(trial, was, now);
    }
  }

  private checkAttempts(trial: Trial, now: Tables): void {
    let lost = 0;
    const last = trial.state === "waiting" ? trial.attempt - 1 : trial.attempt;
    for (let attempt = 1; attempt <= last; attempt++) {
      const row = now.attempts.get(`${trial.number}/${attempt}`);
      this.must(row !== undefined, () => `attempt ${trial.number}/${attempt} was never written down`);
      const outcome = row?.outcome ?? null;
      lost += Number(outcome === "lost");
      if (attempt < last || trial.state === "waiting") {
        this.must(
          outcome === "lost" || outcome === "released",
          () => `attempt ${trial.number}/${attempt} is over as ${outcome}`,
        );
      } else if (trial.state === "running") {
        this.must(outcome === null, () => `attempt ${trial.number}/${attempt} runs and is over as ${outcome}`);
      } else {
        const failed = trial.state === "failed" && outcome === "lost" && trial.lost >= this.options.maxAttempts;
        this.must(
          outcome === trial.state || failed,
          () => `trial ${trial.number} is ${trial.state}, its attempt ${outcome}`,
        );
      }
    }
    this.must(lost === trial.lost, () => `trial ${trial.number} counts ${trial.lost} lost attempts, got ${lost}`);
    this.must(
      !now.attempts.has(`${trial.number}/${last + 1}`),
      () => `an attempt of trial ${trial.number} came too early`,
    );
  }

  /** An attempt has just begun. */
  private begun(trial: Trial, was: Trial | undefined, now: Tables, key: string): void {
    this.must(
      was === undefined || was.state !== "running" || was.attempt !== trial.attempt,
      () => `trial ${key} began twice`,
    );
    const checkpoint = this.before.checkpoints.get(trial.number);
    this.latest.set(key, checkpoint === undefined ? null : leftBy(new Uint8Array(checkpoint.bytes)));
    const expected: Values = new Map(
      unpackIntermediate(checkpoint?.intermediate ?? "[[],[]]").map(({ step, value }) => [step, value]),
    );
    this.inherited.set(key, expected);
    const there = now.metrics.get(key) ?? new Map();
    this.must(
      there.size === expected.size && [...expected].every(([step, value]) => there.get(step) === value),
      () => `attempt ${key} begins with ${there.size} reports, its checkpoint had ${expected.size}`,
    );
  }

  /** An attempt has just ended. */
  private ended(trial: Trial, was: Trial, now: Tables): void {
    const key = `${trial.number}/${was.attempt}`;
    const { world, leaseMs } = this.options;
    const outcome = now.attempts.get(key)?.outcome;
    if (outcome === "lost" && !this.givenBack.has(key)) {
      const renewal = this.renewals.get(key);
      const young = renewal !== undefined && world.now - renewal.at < leaseMs / 2;
      this.must(
        !(young && renewal.by.alive),
        () => `attempt ${key} was taken from a worker that lives and had just prolonged it`,
      );
      const by = world.processes.find(({ name }) => name === was.worker);
      this.must(
        by === undefined || !this.options.unhindered(by),
        () => `attempt ${key} was lost, and nothing had happened to it`,
      );
    }
    if (trial.state === "waiting") {
      this.must(
        trial.lost < this.options.maxAttempts,
        () => `trial ${key} waits though ${trial.lost} attempts were lost`,
      );
      this.must(outcome !== "released" || this.givenBack.has(key), () => `nobody gave ${key} back`);
      return;
    }
    if (outcome !== "lost") {
      const told = this.outcomes.get(key);
      this.must(
        told?.state === trial.state && told?.value === trial.value,
        () => `trial ${key} has a result that nobody told`,
      );
    }
    this.checkRecord(trial, key, now);
  }

  /** The reports that stay with a trial. */
  private checkRecord(trial: Trial, key: string, now: Tables): void {
    const values = unpackIntermediate(trial.intermediate ?? "[[],[]]");
    for (const { step, value } of values) {
      this.must(
        this.told(key, step) === value,
        () => `trial ${key} keeps a report that its attempt did not make: step ${step}`,
      );
    }
    const steps = new Set(values.map(({ step }) => step));
    for (const step of this.kept.get(key) ?? []) {
      this.must(steps.has(step), () => `an acknowledged report is lost: ${key}, step ${step}`);
    }
    if (trial.state === "complete") {
      this.must(steps.size === this.options.steps, () => `trial ${key} is complete with ${steps.size} reports`);
    }
    this.must(!now.metrics.has(key), () => `metrics of ${key} stay behind`);
    this.must(!now.checkpoints.has(trial.number), () => `a checkpoint of trial ${trial.number} stays behind`);
  }

  /** What an attempt said at a step, by itself or by the checkpoint from which it went on. */
  private told(key: string, step: number): number | null | undefined {
    const before = this.inherited.get(key)?.get(step);
    return before === undefined ? this.sent.get(key)?.get(step) : before;
  }

  private must(holds: boolean, what: () => string): void {
    if (!holds) {
      this.options.world.violate(what());
    }
  }

  private read(): Tables {
    const all = <T>(read: keyof typeof tableReads) => this.options.rows(tableReads[read]) as T[];
    const [study] = all<Study>("studies");
    const metrics = new Map<string, Values>();
    for (const { number, attempt, step, value } of all<MetricRow>("metrics")) {
      valuesOf(metrics, `${number}/${attempt}`).set(step, value);
    }
    return {
      study,
      trials: new Map(all<Trial>("trials").map((row) => [row.number, row])),
      attempts: new Map(all<AttemptRow>("attempts").map((row) => [`${row.number}/${row.attempt}`, row])),
      metrics,
      // The last attempt's of each trial.
      checkpoints: new Map(all<ArtifactRow>("checkpoints").map((row) => [row.number, row])),
    };
  }
}

/** Whether two rows of a table hold the same. */
function same(one: object, other: object): boolean {
  const values = Object.values(other);
  return Object.values(one).every((value, i) => value === values[i]);
}

export function keyOf({ number, attempt }: Pick<Lease, "number" | "attempt">): string {
  return `${number}/${attempt}`;
}

function valuesOf(map: Map<string, Values>, key: string): Values {
  let values = map.get(key);
  if (values === undefined) {
    values = new Map();
    map.set(key, values);
  }
  return values;
}
