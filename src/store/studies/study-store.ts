import { DataError, HyperError } from "../../core/errors.ts";
import type { Told } from "../../core/text.ts";
import type {
  Direction,
  Intermediate,
  ParameterValue,
  SearchSpace,
  TrialRecord,
  TrialState,
} from "../../core/trial.ts";

/** Plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a study is made with. All of it must be the same when the study is resumed. */
export interface StudySpec {
  /** Unique in its store. */
  readonly name: string;
  readonly direction: Direction;
  readonly seed: number;
  /** The sampler's name and settings. */
  readonly sampler: Json;
  /** The pruner's name and settings; null when nothing is pruned. */
  readonly pruner: Json;
  /** The space when it is declared beforehand; null when the objective defines it while it runs. */
  readonly space: SearchSpace | null;
  /** What a worker runs: a module's path, or a built-in objective and its settings. */
  readonly objective: Json;
  /** How many constraints every trial tells; 0 for none. */
  readonly constraints: number;
}

/** A study as it is kept. */
export interface StudyRecord extends StudySpec {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** A study whose row in the store cannot be read. */
export interface DamagedStudy {
  readonly name: string;
  /** What is wrong with it, as the "got" of a sentence. */
  readonly reason: string;
}

/** Names a damaged study on a page and what can be done. */
export function damagedStudyText({ name, reason }: DamagedStudy): Told {
  return {
    en: `study ${name}: its row in the store must be readable, got ${reason}. Restore a copy of the store, or delete this study; the others are not concerned.`,
    ja: `探索 ${name} の記録が壊れていて読めません(${reason})。ストアの控えを戻すか、tanren study delete でこの探索を削除してください。他の探索に影響はありません。`,
  };
}

/** A study in a list: what it is and how far it is. */
export interface StudySummary extends StudyRecord {
  readonly counts: Readonly<Record<TrialState, number>>;
  /** The complete trial of the best value that keeps every constraint (as search/ranking.ts decides); null when there is none. */
  readonly best: { readonly number: number; readonly value: number } | null;
  /** When its first trial began and the last change was made, in milliseconds since 1970; null before. */
  readonly startedAt: number | null;
  readonly touchedAt: number | null;
}

/** One attempt at one trial. Every write names it, and is refused once the attempt no longer counts. */
export interface Lease {
  /** The study's id. */
  readonly study: number;
  /** The trial's number. */
  readonly number: number;
  readonly attempt: number;
}

/** A trial that this worker has just begun. */
export interface ClaimedTrial extends Lease {
  /** What was sampled when it was claimed, or recorded by an attempt before. */
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly distributions: SearchSpace;
  readonly attributes: Readonly<Record<string, unknown>>;
  /**
   * How many finished trials the sampler saw (the first ones of `KnownTrials.finished`). Recorded with the trial's first
   * attempt and kept by the others, so that whatever is sampled for it later is the same too.
   */
  readonly seen: number;
  /** What an attempt before left to go on from, and what it had reported until then; null for a fresh start. */
  readonly checkpoint: { readonly bytes: Uint8Array; readonly intermediate: readonly Intermediate[] } | null;
}

/** What a sampler or pruner looks at. The arrays belong to the store: valid until the next call, never to be changed. */
export interface KnownTrials {
  /**
   * Complete, pruned and failed trials in the order in which they finished; the same order in every process. It only
   * grows at its end.
   */
  readonly finished: readonly TrialRecord[];
  /** Trials that run now, by number, with what the current attempts have reported. */
  readonly running: readonly TrialRecord[];
}

/** What a sampler gives to a trial that begins. */
export interface Sampled {
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly distributions: SearchSpace;
  /** Kept among the trial's attributes. */
  readonly attributes?: Readonly<Record<string, Json>>;
}

/** A trial whose result was known before the study. */
export interface GivenTrial extends Sampled {
  readonly value: number;
  readonly constraints?: readonly number[];
}

export interface ClaimOptions {
  /** Who works on it: unique among the workers of a study. */
  readonly worker: string;
  /** The lease: an attempt without a heartbeat for so long is given up, in milliseconds. */
  readonly leaseMs: number;
  /** How many attempts of a trial that is taken back may be lost before it fails; 5 unless told. */
  readonly maxAttempts?: number;
  /** Only this trial, if it waits. Otherwise the waiting trial of the smallest number. */
  readonly number?: number;
  /** Make a new trial when none waits; false unless told. */
  readonly create?: boolean;
  /**
   * Draws the trial's first parameters. Synchronous, because it runs inside the transaction; not called for a trial that
   * an attempt before has already drawn. When it throws, nothing has changed. `attributes` are those that the trial waited
   * with; what is sampled is added to them.
   */
  readonly sample?: (view: KnownTrials, number: number, attributes: Readonly<Record<string, unknown>>) => Sampled;
}

/** How an attempt ended. */
export interface Outcome {
  readonly state: "complete" | "pruned" | "failed";
  /** Null when it failed, or was pruned before it had reported. */
  readonly value: number | null;
  /** Each ≤ 0 is met; one that is not a number is not. */
  readonly constraints?: readonly number[];
  /** Added to the trial's attributes. */
  readonly attributes?: Readonly<Record<string, Json>>;
  /** Why it failed, in a sentence. */
  readonly error?: string;
}

export interface ReleaseOptions {
  /** The attempt was lost (its thread died) and counts against `maxAttempts`; false unless told. */
  readonly lost?: boolean;
  /** How many attempts may be lost before the trial fails; 5 unless told. */
  readonly maxAttempts?: number;
  /** Why, in a sentence; becomes the trial's error when it was the last attempt. */
  readonly reason?: string;
}

export interface TrialsOptions {
  readonly since?: number;
  /** Whether the trials come with what they reported; true unless told. Most of a large study's bytes are that. */
  readonly reports?: boolean;
}

export interface TrialChanges {
  /** Give it as `since` to read only what changes from here on. */
  readonly revision: number;
  /** By number: every trial that has changed, and every running one with what it has reported. */
  readonly trials: readonly TrialRecord[];
}

/** An artifact that an attempt attached to its trial. */
export interface ArtifactInfo {
  readonly name: string;
  readonly attempt: number;
  /** Bytes. */
  readonly size: number;
  readonly createdAt: number;
}

/** How many lost attempts a trial may have unless a call tells otherwise. */
export const defaultMaxAttempts = 5;

/** How long a lease is unless a call tells otherwise, in milliseconds. */
export const defaultLeaseMs = 30_000;

/** The artifact in which an attempt leaves what the next one goes on from. */
export const checkpointName = "checkpoint";

/** @throws HyperError when a trial would be complete without a number */
export function checkOutcome({ state, value }: Outcome): void {
  if (state === "complete" && (value === null || Number.isNaN(value))) {
    throw new HyperError({
      en: `study store: a complete trial must have a number, got ${value}. Finish it as failed.`,
      ja: `study store: 完了した試行には数値の結果が必要です(結果: ${value})。失敗として終えてください。`,
    });
  }
}

/** A write came from an attempt that no longer counts: its lease had run out, or its trial is finished. */
export class StaleAttemptError extends DataError {
  override name = "StaleAttemptError";

  constructor(lease: Lease, now: Told) {
    super({
      en: `study store: trial ${lease.number} must still be running as attempt ${lease.attempt} to be written, got ${now.en}. Its result was refused; the attempt that counts goes on.`,
      ja: `study store: 試行 ${lease.number} の ${lease.attempt} 回目はもう実行中ではないため、書き込めません(${now.ja})。この結果は受け付けません。有効な回の実行はそのまま続きます。`,
    });
  }
}

/** A study cannot be deleted: a trial of it is at work. */
export class StudyAtWorkError extends DataError {
  override name = "StudyAtWorkError";
}

/**
 * Keeps studies. Every method is one transaction: all of it or nothing. What a call returned from survives the death of
 * any process; studies and artifacts survive that of the machine too, and so do results, some milliseconds later in a
 * file. One conformance suite (test/conformance/study-stores.test.ts) holds for every implementation.
 */
export interface StudyStore {
  /**
   * Makes a study; one of the same name and the same settings is opened instead when `existing` is "open".
   * @throws DataError when the name is taken (and, with "open", which setting differs), or it cannot be written
   */
  createStudy(spec: StudySpec, options?: { readonly existing?: "refuse" | "open" }): Promise<StudyRecord>;
  /** One study by name. @throws DataError when there is none (the nearest is suggested) */
  study(name: string): Promise<StudyRecord>;
  /** All studies, the newest first. One whose row cannot be read is handed to `onDamaged` and left out. */
  studies(onDamaged?: (damaged: DamagedStudy) => void): Promise<StudySummary[]>;
  /** The studies of which trials wait or run, the oldest first. */
  openStudies(): Promise<StudyRecord[]>;
  /** Forgets a study and its trials. @throws DataError when there is none, or trials of it are running */
  deleteStudy(name: string): Promise<void>;

  /**
   * Adds waiting trials until the study has `total` trials of any state; adds none when it has as many.
   * @returns how many were added
   */
  request(study: number, total: number): Promise<number>;
  /**
   * Adds a waiting trial for each of these attributes, behind those that wait.
   * @returns their numbers
   */
  enqueue(study: number, attributes: readonly Readonly<Record<string, Json>>[]): Promise<number[]>;
  /** Adds complete trials, as if each had finished now, in this order. */
  record(study: number, trials: readonly GivenTrial[]): Promise<void>;
  /** Removes trials that wait and were never begun. @returns how many */
  withdraw(study: number): Promise<number>;

  /** Trials that changed after revision `since` (all of them unless told). */
  trials(study: number, options?: TrialsOptions): Promise<TrialChanges>;
  /** A whole study in a few bulk queries. */
  loadStudy(
    name: string,
    options?: Pick<TrialsOptions, "reports">,
  ): Promise<{ readonly study: StudyRecord } & TrialChanges>;
  /**
   * What samplers and pruners look at, brought up to now; costs what has changed since the last look, and what running
   * trials have reported.
   * @param options running trials that the caller knows better: they are left out
   */
  view(study: number, options?: { readonly except?: readonly number[] }): Promise<KnownTrials>;

  /** How many trials wait or run. */
  unfinished(study: number): Promise<number>;

  /**
   * Begins a trial: takes back what lost its lease (unless a number is given), chooses, samples and starts, in one
   * transaction.
   * @returns null when no trial waits
   */
  claim(study: number, options: ClaimOptions): Promise<ClaimedTrial | null>;
  /**
   * Records parameters before they are used, and attributes (those alone, too).
   * @throws StaleAttemptError when the attempt no longer counts
   */
  suggest(lease: Lease, sampled: Sampled): Promise<void>;
  /** Prolongs leases. @returns those that no longer count: their work is to be stopped */
  heartbeat(leases: readonly Lease[], leaseMs: number): Promise<Lease[]>;
  /** Records intermediate values; the first value of a step counts, later ones are ignored. @throws StaleAttemptError */
  report(lease: Lease, values: readonly Intermediate[]): Promise<void>;
  /** Ends the trial. @throws StaleAttemptError, also when this attempt has ended it before */
  finish(lease: Lease, outcome: Outcome): Promise<void>;
  /** Gives the trial back: it waits for another attempt, or fails when too many were lost. @throws StaleAttemptError */
  release(lease: Lease, options?: ReleaseOptions): Promise<void>;
  /**
   * Takes trials from attempts whose leases have run out: they wait again, or fail when too many attempts were lost.
   * @param options `leaseMs`: how long the caller's own leases are, in milliseconds; 30,000 unless told
   * @returns how many
   */
  reclaimExpired(
    study: number,
    options?: Pick<ReleaseOptions, "maxAttempts"> & { readonly leaseMs?: number },
  ): Promise<number>;

  /** Attaches bytes to a trial; the same name replaces what the attempt attached before. @throws StaleAttemptError */
  attachArtifact(lease: Lease, name: string, bytes: Uint8Array): Promise<void>;
  /** Leaves what a later attempt can go on from, with what has been reported until now. @throws StaleAttemptError */
  checkpoint(lease: Lease, bytes: Uint8Array): Promise<void>;
  /** The artifacts of a trial, of every attempt. */
  artifacts(study: number, number: number): Promise<ArtifactInfo[]>;
  /** The artifact of the latest attempt that attached one of this name; null when there is none. */
  readArtifact(study: number, number: number, name: string): Promise<Uint8Array | null>;

  close(): Promise<void>;
}
