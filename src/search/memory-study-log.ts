import { checkOptions } from "../core/checks.ts";
import { DataError } from "../core/errors.ts";
import { plainJson, plainNumber } from "../core/plain-json.ts";
import type { Intermediate, ParameterValue, SearchSpace, TrialRecord } from "../core/trial.ts";
import { trialError } from "../core/trial-errors.ts";
import { checkReopened, studyTexts } from "../store/studies/study-settings.ts";
import {
  type ClaimedTrial,
  type ClaimOptions,
  checkOutcome,
  defaultMaxAttempts,
  type KnownTrials,
  type Lease,
  type Outcome,
  type ReleaseOptions,
  type Sampled,
  StaleAttemptError,
  type StudyRecord,
  type StudySpec,
  type StudyStore,
} from "../store/studies/study-store.ts";
import { addInOrder } from "./intermediate.ts";

interface Row {
  number: number;
  state: TrialRecord["state"];
  attempt: number;
  params: Record<string, ParameterValue>;
  distributions: SearchSpace;
  intermediate: Intermediate[];
  attributes: Record<string, unknown>;
  startedAt: number | null;
}

/** What a row keeps for later attempts. */
interface Kept {
  readonly seen: number;
  lost: number;
  checkpoint: ClaimedTrial["checkpoint"];
  /** Those that the running attempt has reported. */
  steps: Set<number>;
}

export interface MemoryStudyLogOptions {
  /** Milliseconds since 1970; trials carry no times when absent. */
  readonly now?: () => number;
}

/**
 * Keeps one study's trials in memory, for as long as the object lives. One process, so leases never run out. The suite of
 * the stores (test/conformance/study-stores.test.ts) holds for it too.
 */
export class MemoryStudyLog implements StudyLog {
  private readonly now: () => number | null;
  private readonly finished: TrialRecord[] = [];
  private readonly active = new Map<number, { readonly row: Row; readonly kept: Kept }>();
  private record: StudyRecord | undefined;
  private next = 0;

  constructor(options: MemoryStudyLogOptions = {}) {
    checkOptions("MemoryStudyLog", options, { now: true });
    this.now = options.now ?? (() => null);
  }

  async createStudy(
    spec: StudySpec,
    { existing = "refuse" }: { readonly existing?: "refuse" | "open" } = {},
  ): Promise<StudyRecord> {
    if (this.record === undefined) {
      this.record = { ...spec, id: 1, createdAt: this.now() ?? 0 };
    } else if (this.record.name === spec.name) {
      checkReopened(spec.name, existing, studyTexts(this.record), studyTexts(spec));
    } else {
      throw new DataError({
        en: `study ${spec.name}: a log in memory keeps one study, got ${this.record.name}. Open another.`,
        ja: `study ${spec.name}: メモリ上のログに置ける study は1つだけです(すでに ${this.record.name} があります)。別のログを開いてください。`,
      });
    }
    return this.record;
  }

  async view(_study?: number, { except = [] }: { readonly except?: readonly number[] } = {}): Promise<KnownTrials> {
    return this.look(except);
  }

  async claim(study: number, options: ClaimOptions): Promise<ClaimedTrial | null> {
    let waiting: number | undefined;
    for (const { row } of this.active.values()) {
      const fits = row.state === "waiting" && (options.number === undefined || row.number === options.number);
      waiting = fits && (waiting === undefined || row.number < waiting) ? row.number : waiting;
    }
    if (waiting !== undefined) {
      const { row, kept } = this.active.get(waiting)!;
      row.state = "running";
      row.startedAt = this.now();
      row.intermediate = [...(kept.checkpoint?.intermediate ?? [])];
      kept.steps = new Set(row.intermediate.map(({ step }) => step));
      return this.claimed(study, row, kept);
    }
    if (options.create !== true || options.number !== undefined) {
      return null;
    }
    const sampled = options.sample?.(this.look(), this.next, {});
    const row: Row = {
      number: this.next,
      state: "running",
      attempt: 1,
      params: { ...sampled?.params },
      distributions: { ...sampled?.distributions },
      intermediate: [],
      attributes: plain(sampled?.attributes),
      startedAt: this.now(),
    };
    this.next += 1;
    const kept: Kept = { seen: this.finished.length, lost: 0, checkpoint: null, steps: new Set() };
    this.active.set(row.number, { row, kept });
    return this.claimed(study, row, kept);
  }

  async suggest(lease: Lease, sampled: Sampled): Promise<void> {
    const { row } = this.counting(lease);
    row.params = { ...row.params, ...sampled.params };
    row.distributions = { ...row.distributions, ...sampled.distributions };
    row.attributes = { ...row.attributes, ...plain(sampled.attributes) };
  }

  async heartbeat(leases: readonly Lease[]): Promise<Lease[]> {
    return leases.filter((lease) => !this.counts(lease));
  }

  async report(lease: Lease, values: readonly Intermediate[]): Promise<void> {
    const { row, kept } = this.counting(lease);
    for (const { step, value } of values) {
      if (!kept.steps.has(step)) {
        kept.steps.add(step);
        addInOrder(row.intermediate, {
          step,
          value: value === null || Number.isNaN(value) ? null : plainNumber(value),
        });
      }
    }
  }

  async checkpoint(lease: Lease, bytes: Uint8Array): Promise<void> {
    const { row, kept } = this.counting(lease);
    kept.checkpoint = { bytes: bytes.slice(), intermediate: [...row.intermediate] };
  }

  async finish(lease: Lease, outcome: Outcome): Promise<void> {
    checkOutcome(outcome);
    const { row } = this.counting(lease);
    const { attributes, value, constraints, ...end } = outcome;
    this.end(row, {
      ...end,
      value: value === null || Number.isNaN(value) ? null : plainNumber(value),
      ...(constraints === undefined ? {} : { constraints: constraints.map(plainNumber) }),
      attributes: { ...row.attributes, ...plain(attributes) },
    });
  }

  async release(lease: Lease, options: ReleaseOptions = {}): Promise<void> {
    const { row, kept } = this.counting(lease);
    const { lost: died = false, maxAttempts = defaultMaxAttempts } = options;
    kept.lost += Number(died);
    if (died && kept.lost >= maxAttempts) {
      this.end(row, { state: "failed", error: options.reason ?? trialError("lostOften", kept.lost) });
    } else {
      row.state = "waiting";
      row.attempt += 1;
    }
  }

  private end(row: Row, end: Partial<TrialRecord>): void {
    this.active.delete(row.number);
    this.finished.push({ ...recordOf(row), finishedAt: this.now(), ...end });
  }

  private claimed(study: number, row: Row, { seen, checkpoint }: Kept): ClaimedTrial {
    const { number, attempt, params, distributions, attributes } = row;
    return { study, number, attempt, params, distributions, attributes, seen, checkpoint };
  }

  private look(except: readonly number[] = []): KnownTrials {
    const running = [...this.active.values()].filter(
      ({ row }) => row.state === "running" && !except.includes(row.number),
    );
    return {
      finished: this.finished,
      running: running.map(({ row }) => recordOf(row)).sort((a, b) => a.number - b.number),
    };
  }

  private counts({ number, attempt }: Lease): boolean {
    const row = this.active.get(number)?.row;
    return row?.state === "running" && row.attempt === attempt;
  }

  /** @throws StaleAttemptError when the lease's attempt is not the one that runs */
  private counting(lease: Lease): { readonly row: Row; readonly kept: Kept } {
    const found = this.active.get(lease.number);
    if (found === undefined || !this.counts(lease)) {
      const now =
        found === undefined
          ? { en: "no such trial", ja: "その試行はありません" }
          : {
              en: `a ${found.row.state} one, attempt ${found.row.attempt}`,
              ja: `現在は ${found.row.attempt} 回目で、状態は ${found.row.state} です`,
            };
      throw new StaleAttemptError(lease, now);
    }
    return found;
  }
}

function recordOf(row: Row): TrialRecord {
  return { ...row, intermediate: [...row.intermediate], value: null, finishedAt: null };
}

function plain(attributes: Sampled["attributes"]): Record<string, unknown> {
  return plainJson(attributes ?? {}, "attributes") as Record<string, unknown>;
}

/** What a study asks of wherever its trials are kept. Every `StudyStore` is one; `MemoryStudyLog` forgets at the end. */
export type StudyLog = Pick<
  StudyStore,
  "createStudy" | "view" | "claim" | "suggest" | "report" | "finish" | "release"
> &
  Partial<Pick<StudyStore, "heartbeat" | "checkpoint">>;
