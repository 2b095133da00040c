import type { Generated } from "kysely";
import type { Direction, TrialState } from "../../core/trial.ts";

/** Rows as both databases keep them. JSON is text, times are milliseconds since 1970, numbers are doubles. */
export interface StudyTables {
  schema_version: { component: string; version: number };
  studies: StudyRow;
  trials: TrialRow;
  attempts: AttemptRow;
  metrics: MetricRow;
  artifacts: ArtifactRow;
}

export interface StudyRow {
  id: Generated<number>;
  name: string;
  direction: Direction;
  seed: number;
  sampler: string;
  pruner: string;
  space: string;
  objective: string;
  constraints: number;
  created_at: number;
  /** Counts changes of the study's trials. Raising it locks the study, so that revisions are given in commit order. */
  revision: number;
  /** How many trials have finished. */
  finished: number;
  /** The number of the next trial. */
  next_number: number;
}

export interface TrialRow {
  study: number;
  number: number;
  state: TrialState;
  /** The attempt that counts; of a waiting trial, the next one. */
  attempt: number;
  /** How many attempts died. */
  lost: number;
  value: number | null;
  /** 1 when no constraint is above 0; null until complete. */
  feasible: number | null;
  params: string;
  distributions: string;
  constraints: string | null;
  attributes: string;
  /** What the attempt that counts had reported when the trial finished; until then it is in `metrics`. */
  intermediate: string | null;
  error: string | null;
  started_at: number | null;
  finished_at: number | null;
  worker: string | null;
  /** Unique to the call that claimed it, so that a call repeated after a lost connection knows its own. */
  claim: string | null;
  lease_until: number | null;
  /** How many finished trials its sampler saw; null until it was sampled. */
  seen: number | null;
  /** Its place among the finished trials, from 1; null until then. */
  finish_order: number | null;
  revision: number;
}

export interface AttemptRow {
  study: number;
  number: number;
  attempt: number;
  worker: string;
  started_at: number;
  ended_at: number | null;
  /** complete, pruned, failed, lost, released; null while it runs. */
  outcome: string | null;
}

export interface MetricRow {
  study: number;
  number: number;
  attempt: number;
  step: number;
  value: number | null;
}

export interface ArtifactRow {
  study: number;
  number: number;
  attempt: number;
  name: string;
  bytes: Uint8Array;
  /** Of a checkpoint: what had been reported until then. */
  intermediate: string | null;
  created_at: number;
}
