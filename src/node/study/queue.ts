import { CompiledQuery } from "kysely";
import type { Pool } from "pg";
import type { Db, PgBoss } from "pg-boss";
import { HyperError } from "../../core/errors.ts";
import type { SqlStudyStore } from "../../store/studies/sql-study-store.ts";
import { explainPostgres } from "../store/postgres-errors.ts";
import { parseStoreAddress } from "../store/store-address.ts";

/** A trial that a worker is to run. */
export interface Delivery {
  readonly study: number;
  readonly number: number;
  /** The queue's own name of it. */
  readonly id: string;
}

/** The schema that holds pg-boss's tables, apart from one that somebody else's pg-boss may use. */
export const queueSchema = "tanren_queue";

/** pg-boss's own heartbeats; the trial's lease is the one that counts, this one only has jobs delivered again. */
const heartbeatSeconds = 30;

interface Payload {
  readonly number: number;
}

/**
 * Delivers trials to workers through pg-boss, in the same database as the study. Whatever makes a trial wait sends its
 * job in the same transaction. A job is only a hint: delivered twice, late or never, it changes nothing that is recorded,
 * because claiming decides, and workers without a job look for waiting trials themselves.
 */
export class StudyQueue {
  private readonly boss: PgBoss;
  private readonly pool: Pool;
  private readonly known = new Set<number>();
  private readonly held = new Map<string, Delivery>();
  private readonly touching: NodeJS.Timeout;

  private constructor(boss: PgBoss, pool: Pool) {
    this.boss = boss;
    this.pool = pool;
    this.touching = setInterval(() => void this.touch(), (heartbeatSeconds * 1000) / 3);
  }

  /**
   * Opens the queue beside a store, which from now on announces the trials that wait.
   * @param url of the same database
   * @throws DataError when the database does not let it
   */
  static async open(store: SqlStudyStore, url: string): Promise<StudyQueue> {
    const where = parseStoreAddress(url, "study queue").text;
    if (store.database.kind !== "postgres") {
      throw new HyperError({
        en: `study queue: the store must be PostgreSQL, got a file. Give --store postgres://…, or run several searches on the file.`,
        ja: "study queue: ストアが PostgreSQL でなければ使えません(ファイルが指定されています)。--store postgres://… を指定するか、同じファイルで複数の search を実行してください。",
      });
    }
    // Loaded here, so that who keeps studies in a file need not have them.
    const [{ openPool }, pgBoss] = await Promise.all([import("../store/postgres-pool.ts"), import("pg-boss")]);
    const pool = openPool(url, "tanren queue", 2);
    const boss = new pgBoss.PgBoss({
      db: { executeSql: (text, values) => pool.query(text, values) },
      schema: queueSchema,
      schedule: false,
      superviseIntervalSeconds: 30,
    });
    // What fails in its background is tried again there; what matters fails where it is asked for.
    boss.on("error", () => {});
    try {
      await boss.start();
    } catch (error) {
      await boss.stop({ graceful: false }).catch(() => {});
      await pool.end();
      throw explainPostgres(error, where);
    }
    const queue = new StudyQueue(boss, pool);
    store.onWaiting = async ({ tx }, study, numbers) => {
      await queue.attach(study);
      const db: Db = {
        executeSql: async (text, values = []) => ({
          rows: (await tx.executeQuery(CompiledQuery.raw(text, values))).rows,
        }),
      };
      await boss.insert(
        nameOf(study),
        numbers.map((number) => ({ data: { number } satisfies Payload })),
        { db },
      );
    };
    return queue;
  }

  /** Makes a study's queue when it is missing. */
  async attach(study: number): Promise<void> {
    if (!this.known.has(study)) {
      await this.boss.createQueue(nameOf(study), {
        heartbeatSeconds,
        // A job that nobody took for long is nothing but a hint that grew old.
        expireInSeconds: 23 * 3600,
        retryLimit: 1000,
        retryDelay: 1,
        deleteAfterSeconds: 3600,
      });
      this.known.add(study);
    }
  }

  /** Takes jobs, at most `count`. They are held by heartbeats until `done` or `giveUp`. */
  async take(study: number, count: number): Promise<Delivery[]> {
    await this.attach(study);
    const jobs = await this.boss.fetch<Payload>(nameOf(study), { batchSize: count });
    return jobs.map(({ id, data }) => {
      const delivery = { study, number: data.number, id };
      this.held.set(id, delivery);
      return delivery;
    });
  }

  /** The trial is finished, or somebody else's: the job has done its work. Does not wait and cannot fail. */
  done(delivery: Delivery): void {
    this.held.delete(delivery.id);
    this.boss.complete(nameOf(delivery.study), delivery.id).catch(() => {});
  }

  /** Gives back the jobs that are held, for others to take at once, and closes the queue. */
  async close(): Promise<void> {
    clearInterval(this.touching);
    await Promise.all(
      [...this.held.values()].map(({ study, id }) => this.boss.fail(nameOf(study), id).catch(() => {})),
    );
    await this.boss.stop({ graceful: false }).catch(() => {});
    await this.pool.end();
  }

  private async touch(): Promise<void> {
    const byStudy = Map.groupBy(this.held.values(), ({ study }) => study);
    for (const [study, deliveries] of byStudy) {
      await this.boss
        .touch(
          nameOf(study),
          deliveries.map(({ id }) => id),
        )
        .catch(() => {});
    }
  }
}

function nameOf(study: number): string {
  return `study-${study}`;
}
