import type { Intermediate, ParameterValue, SearchSpace, TrialRecord } from "../core/trial.ts";
import {
  type ClaimedTrial,
  type ClaimOptions,
  type Lease,
  type Outcome,
  type ReleaseOptions,
  type Sampled,
  StaleAttemptError,
  type StudyRecord,
  type StudySpec,
  type StudyView,
} from "../store/study-store.ts";
import type { StudyLog } from "./study-log.ts";

interface Row {
  number: number;
  state: TrialRecord["state"];
  attempt: number;
  params: Record<string, ParameterValue>;
  distributions: SearchSpace;
  intermediate: Intermediate[];
  attributes: Record<string, unknown>;
  seen: number;
  startedAt: number | null;
}

export interface MemoryStudyLogOptions {
  /** Milliseconds since 1970; trials carry no times when absent. */
  readonly now?: () => number;
}

/** Keeps one study's trials in memory, for as long as the object lives. One process, so leases never run out. */
export class MemoryStudyLog implements StudyLog {
  private readonly now: () => number | null;
  private readonly finished: TrialRecord[] = [];
  private readonly active = new Map<number, Row>();
  private record: StudyRecord | undefined;
  private next = 0;

  constructor(options: MemoryStudyLogOptions = {}) {
    this.now = options.now ?? (() => null);
  }

  async createStudy(spec: StudySpec): Promise<StudyRecord> {
    this.record ??= { ...spec, id: 1, createdAt: this.now() ?? 0 };
    return this.record;
  }

  async view(): Promise<StudyView> {
    return this.look();
  }

  async claim(study: number, options: ClaimOptions): Promise<ClaimedTrial | null> {
    const waiting = [...this.active.values()].find(
      ({ state, number }) => state === "waiting" && (options.number === undefined || number === options.number),
    );
    if (waiting !== undefined) {
      waiting.state = "running";
      waiting.attempt += 1;
      waiting.intermediate = [];
      return this.claimed(study, waiting);
    }
    if (options.create !== true || options.number !== undefined) {
      return null;
    }
    const sampled = options.sample?.(this.look(), this.next);
    const row: Row = {
      number: this.next,
      state: "running",
      attempt: 1,
      params: { ...sampled?.params },
      distributions: { ...sampled?.distributions },
      intermediate: [],
      attributes: { ...sampled?.attributes },
      seen: this.finished.length,
      startedAt: this.now(),
    };
    this.next += 1;
    this.active.set(row.number, row);
    return this.claimed(study, row);
  }

  async suggest(lease: Lease, sampled: Sampled): Promise<void> {
    const row = this.counting(lease);
    Object.assign(row.params, sampled.params);
    row.distributions = { ...row.distributions, ...sampled.distributions };
    Object.assign(row.attributes, sampled.attributes);
  }

  async report(lease: Lease, values: readonly Intermediate[]): Promise<void> {
    const row = this.counting(lease);
    for (const value of values) {
      row.intermediate = [...row.intermediate.filter(({ step }) => step !== value.step), value];
    }
    row.intermediate.sort((a, b) => a.step - b.step);
  }

  async finish(lease: Lease, outcome: Outcome): Promise<void> {
    const row = this.counting(lease);
    const { attributes, ...end } = outcome;
    this.active.delete(row.number);
    this.finished.push({
      ...this.toRecord(row),
      attributes: { ...row.attributes, ...attributes },
      finishedAt: this.now(),
      ...end,
    });
  }

  async release(lease: Lease, _options?: ReleaseOptions): Promise<void> {
    this.counting(lease).state = "waiting";
  }

  private claimed(study: number, row: Row): ClaimedTrial {
    const { number, attempt, params, distributions, attributes, seen } = row;
    return { study, number, attempt, params, distributions, attributes, seen, checkpoint: null };
  }

  private look(): StudyView {
    const running = [...this.active.values()].filter(({ state }) => state === "running");
    return { finished: this.finished, running: running.map((row) => this.toRecord(row)) };
  }

  private toRecord(row: Row): TrialRecord {
    const { seen: _, ...rest } = row;
    return { ...rest, intermediate: [...row.intermediate], value: null, finishedAt: null };
  }

  private counting(lease: Lease): Row {
    const row = this.active.get(lease.number);
    if (row === undefined || row.state !== "running" || row.attempt !== lease.attempt) {
      throw new StaleAttemptError(lease, row === undefined ? "a finished trial" : `attempt ${row.attempt}`);
    }
    return row;
  }
}
