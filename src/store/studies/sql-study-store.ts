import { sql } from "kysely";
import { HyperError } from "../../core/errors.ts";
import { jsonText } from "../../core/plain-json.ts";
import type { Intermediate } from "../../core/trial.ts";
import { addComplete, addWaiting } from "./add-trials.ts";
import { artifactNamed, artifactsOf, checkArtifactName, keepArtifact, keepCheckpoint } from "./artifacts.ts";
import { anythingToClaim, claimTrial, expiredNow } from "./claim-trial.ts";
import { FinishedCache } from "./finished-cache.ts";
import { type LeaseRow, LeaseWatch, type LeaseWatchOptions } from "./lease-watch.ts";
import { insertMetrics } from "./metrics.ts";
import type { SqlDatabase, Survives } from "./sql-database.ts";
import { changes, look, openStudies, running, studyNamed, summaries, unfinished } from "./study-reads.ts";
import { readStudy, studyColumns } from "./study-rows.ts";
import { checkReopened, studyTexts } from "./study-settings.ts";
import {
  type ArtifactInfo,
  type ClaimedTrial,
  type ClaimOptions,
  checkOutcome,
  type DamagedStudy,
  defaultLeaseMs,
  type GivenTrial,
  type Json,
  type KnownTrials,
  type Lease,
  type Outcome,
  type ReleaseOptions,
  type Sampled,
  StudyAtWorkError,
  type StudyRecord,
  type StudySpec,
  type StudyStore,
  type StudySummary,
  type TrialChanges,
  type TrialsOptions,
} from "./study-store.ts";
import { finishTrial, giveBack, leaseRows, takeBackExpired } from "./trial-ends.ts";
import { endOf, fence, lockStudy, readableFence, type Unit } from "./trial-locks.ts";

export interface SqlStudyStoreOptions extends LeaseWatchOptions {
  /** Unique to this store among all processes that use the database. */
  readonly instance: string;
}

/** Told inside the transaction that makes trials wait, so that their delivery is committed with them or not at all. */
export type OnWaiting = (unit: Unit, study: number, numbers: readonly number[]) => Promise<void>;

/** Studies in SQLite or PostgreSQL: one schema, one code. */
export class SqlStudyStore implements StudyStore {
  /** Set by whatever delivers trials to workers. */
  onWaiting: OnWaiting | null = null;
  readonly database: SqlDatabase;
  private readonly options: SqlStudyStoreOptions;
  private readonly caches = new Map<number, FinishedCache>();
  private readonly leases: LeaseWatch;
  private claims = 0;

  constructor(database: SqlDatabase, options: SqlStudyStoreOptions) {
    this.database = database;
    this.options = options;
    this.leases = new LeaseWatch(options);
  }

  async createStudy(spec: StudySpec, { existing = "refuse" }: { existing?: "refuse" | "open" } = {}) {
    if (spec.name === "") {
      throw new HyperError({
        en: "study: must have a name, got an empty one. Give one.",
        ja: "study: 名前が空です。名前を指定してください。",
      });
    }
    const texts = studyTexts(spec);
    return this.transact("power-loss", async ({ tx, clock }) => {
      const made = await tx
        .insertInto("studies")
        .values({ name: spec.name, ...texts, created_at: clock, revision: 0, finished: 0, next_number: 0 })
        .onConflict((conflict) => conflict.column("name").doNothing())
        .returning(studyColumns)
        .executeTakeFirst();
      if (made !== undefined) {
        return readStudy(made);
      }
      const row = await tx
        .selectFrom("studies")
        .select(studyColumns)
        .where("name", "=", spec.name)
        .executeTakeFirstOrThrow();
      checkReopened(spec.name, existing, row, texts);
      return readStudy(row);
    });
  }

  async study(name: string): Promise<StudyRecord> {
    return this.database.read((db) => studyNamed(db, name));
  }

  async studies(onDamaged?: (damaged: DamagedStudy) => void): Promise<StudySummary[]> {
    return this.database.read((db) => summaries(db, onDamaged));
  }

  async openStudies(): Promise<StudyRecord[]> {
    return this.database.read(openStudies);
  }

  async deleteStudy(name: string): Promise<void> {
    const row = await this.database.read((db) =>
      db.selectFrom("studies").select("id").where("name", "=", name).executeTakeFirst(),
    );
    // One whose row is damaged can be deleted too.
    const { id } = row ?? (await this.study(name));
    await this.transact("power-loss", async (unit) => {
      const { now } = await lockStudy(unit, id);
      const running = await leaseRows(unit.tx, id);
      const busy = running.find(({ lease_until: until, worker }) => (until ?? 0) >= now && !this.leases.isGone(worker));
      if (busy !== undefined) {
        throw new StudyAtWorkError({
          en: `study ${name}: no trial may be running, got trial ${busy.number} at work. Stop its workers first.`,
          ja: `study ${name}: 試行 ${busy.number} が実行中です。先にワーカーを止めてください。`,
        });
      }
      await unit.tx.deleteFrom("studies").where("id", "=", id).execute();
    });
    this.caches.delete(id);
  }

  async request(study: number, total: number): Promise<number> {
    return this.transact("power-loss", async (unit) => {
      const { revision, next_number: next } = await lockStudy(unit, study);
      const { count } = await unit.tx
        .selectFrom("trials")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .where("study", "=", study)
        .executeTakeFirstOrThrow();
      const missing = Math.max(0, total - Number(count));
      const numbers = await addWaiting(unit, study, { next, revision }, new Array<string>(missing).fill("{}"));
      if (missing > 0) {
        await this.onWaiting?.(unit, study, numbers);
      }
      return missing;
    });
  }

  async enqueue(study: number, attributes: readonly Readonly<Record<string, Json>>[]): Promise<number[]> {
    return this.transact("power-loss", async (unit) => {
      const { revision, next_number: next } = await lockStudy(unit, study);
      const numbers = await addWaiting(unit, study, { next, revision }, attributes.map(jsonText));
      if (numbers.length > 0) {
        await this.onWaiting?.(unit, study, numbers);
      }
      return numbers;
    });
  }

  async record(study: number, trials: readonly GivenTrial[]): Promise<void> {
    await this.transact("power-loss", (unit) => addComplete(unit, study, trials));
  }

  async withdraw(study: number): Promise<number> {
    return this.transact("power-loss", async (unit) => {
      await lockStudy(unit, study);
      const gone = await unit.tx
        .deleteFrom("trials")
        .where("study", "=", study)
        .where("state", "=", "waiting")
        .where("seen", "is", null)
        .returning("number")
        .execute();
      const last = await unit.tx
        .selectFrom("trials")
        .select(({ fn }) => fn.max("number").as("number"))
        .where("study", "=", study)
        .executeTakeFirst();
      await unit.tx
        .updateTable("studies")
        .set({ next_number: (last?.number ?? -1) + 1 })
        .where("id", "=", study)
        .execute();
      return gone.length;
    });
  }

  async trials(study: number, { since = 0, reports = true }: TrialsOptions = {}): Promise<TrialChanges> {
    return this.database.read((db) => changes(db, study, { since, reports }));
  }

  async loadStudy(name: string, options: Pick<TrialsOptions, "reports"> = {}) {
    const study = await this.study(name);
    return { study, ...(await this.trials(study.id, options)) };
  }

  async view(study: number, { except = [] }: { readonly except?: readonly number[] } = {}): Promise<KnownTrials> {
    return this.database.read((db) => look(db, study, this.cache(study), except));
  }

  async unfinished(study: number): Promise<number> {
    return this.database.read((db) => unfinished(db, study));
  }

  async claim(study: number, options: ClaimOptions): Promise<ClaimedTrial | null> {
    // Whoever was sent for one trial, or may make one, seldom comes for nothing.
    const expired = (rows: readonly LeaseRow[], now: number) => this.leases.expired(study, rows, now, options.leaseMs);
    if (options.create !== true && options.number === undefined) {
      const any = await this.database.read((db) => anythingToClaim(db, study, this.database.clock(), expired));
      if (!any) {
        return null;
      }
    }
    const claim = `${this.options.instance}/${++this.claims}`;
    const cache = this.cache(study);
    let read: FinishedCache | undefined;
    const claimed = await this.transact("kill", (unit) => {
      read = undefined;
      return claimTrial(unit, study, options, {
        claim,
        expired,
        view: async (finished) => {
          if (cache.finished.length < finished) {
            read = cache.branch();
            return look(unit.tx, study, read);
          }
          return { finished: cache.finished, running: await running(unit.tx, study) };
        },
        returned: async (numbers) => {
          if (numbers.length > 0) {
            await this.onWaiting?.(unit, study, numbers);
          }
        },
      });
    });
    if (read !== undefined) {
      cache.adopt(read);
    }
    return claimed;
  }

  async suggest(lease: Lease, { params, distributions, attributes }: Sampled): Promise<void> {
    await this.transact("kill", async (unit) => {
      const trial = await readableFence(unit, lease);
      const merged = (text: string, more: object) => jsonText({ ...JSON.parse(text), ...more });
      await unit.tx
        .updateTable("trials")
        .set({
          params: merged(trial.params, params),
          distributions: merged(trial.distributions, distributions),
          attributes: merged(trial.attributes, attributes ?? {}),
        })
        .where("study", "=", lease.study)
        .where("number", "=", lease.number)
        .execute();
    });
  }

  async heartbeat(leases: readonly Lease[], leaseMs: number): Promise<Lease[]> {
    if (leases.length === 0) {
      return [];
    }
    const { clock } = this.database;
    const alive = await this.transact("kill", ({ tx }) =>
      tx
        .updateTable("trials")
        .set({ lease_until: sql<number>`${clock()} + ${leaseMs}` })
        .where("state", "=", "running")
        .where((eb) =>
          eb.or(
            leases.map(({ study, number, attempt }) =>
              eb.and([eb("study", "=", study), eb("number", "=", number), eb("attempt", "=", attempt)]),
            ),
          ),
        )
        .returning(["study", "number", "attempt"])
        .execute(),
    );
    const key = ({ study, number, attempt }: Lease) => `${study}/${number}/${attempt}`;
    const known = new Set(alive.map(key));
    return leases.filter((lease) => !known.has(key(lease)));
  }

  async report(lease: Lease, values: readonly Intermediate[]): Promise<void> {
    await this.transact("kill", async (unit) => {
      await fence(unit, lease);
      await insertMetrics(unit, lease, values);
    });
  }

  async finish(lease: Lease, outcome: Outcome): Promise<void> {
    checkOutcome(outcome);
    await this.transact("power-loss-soon", async (unit) => {
      if (unit.again && (await endOf(unit, lease)) === outcome.state) {
        return;
      }
      await finishTrial(unit, lease, outcome);
    });
  }

  async release(lease: Lease, options: ReleaseOptions = {}): Promise<void> {
    await this.transact("kill", async (unit) => {
      if (unit.again && ["lost", "released"].includes((await endOf(unit, lease)) ?? "")) {
        return;
      }
      const { lost } = await fence(unit, lease);
      const { revision } = await lockStudy(unit, lease.study);
      if (await giveBack(unit, lease, { lost, revision }, options)) {
        await this.onWaiting?.(unit, lease.study, [lease.number]);
      }
    });
  }

  async reclaimExpired(
    study: number,
    { maxAttempts, leaseMs = defaultLeaseMs }: Pick<ReleaseOptions, "maxAttempts"> & { readonly leaseMs?: number } = {},
  ): Promise<number> {
    const expired = await this.database.read((db) =>
      expiredNow(db, study, this.database.clock(), (rows, now) => this.leases.expired(study, rows, now, leaseMs)),
    );
    if (expired.length === 0) {
      return 0;
    }
    return this.transact("kill", async (unit) => {
      const { revision } = await lockStudy(unit, study);
      const { taken, waiting } = await takeBackExpired(unit, study, revision, expired, maxAttempts);
      if (waiting.length > 0) {
        await this.onWaiting?.(unit, study, waiting);
      }
      return taken;
    });
  }

  async attachArtifact(lease: Lease, name: string, bytes: Uint8Array): Promise<void> {
    checkArtifactName(name);
    await this.transact("power-loss", async (unit) => {
      await fence(unit, lease);
      await keepArtifact(unit, lease, name, bytes);
    });
  }

  async checkpoint(lease: Lease, bytes: Uint8Array): Promise<void> {
    await this.transact("kill", async (unit) => {
      await fence(unit, lease);
      await keepCheckpoint(unit, lease, bytes);
    });
  }

  async artifacts(study: number, number: number): Promise<ArtifactInfo[]> {
    return this.database.read((db) => artifactsOf(db, study, number));
  }

  async readArtifact(study: number, number: number, name: string): Promise<Uint8Array | null> {
    return this.database.read((db) => artifactNamed(db, study, number, name));
  }

  async close(): Promise<void> {
    await this.database.close();
  }

  private transact<T>(survives: Survives, action: (unit: Unit) => Promise<T>): Promise<T> {
    const { kind } = this.database;
    return this.database.transact(survives, (tx, again) => action({ tx, kind, again, clock: this.database.clock() }));
  }

  private cache(study: number): FinishedCache {
    let cache = this.caches.get(study);
    if (cache === undefined) {
      cache = new FinishedCache();
      this.caches.set(study, cache);
    }
    return cache;
  }
}
