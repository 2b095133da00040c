import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { postgresSchema } from "../../src/node/store/postgres.ts";
import type { StudyTables } from "../../src/store/studies/tables.ts";
import { tableReads } from "./study-model.ts";
import type { SimProcess } from "./world.ts";

/** What is to go wrong with the next transaction of a process, at its commit. */
export type CommitTrouble =
  /** It is committed, and the connection breaks before the answer. */
  | "unknown"
  /** It is not, and the connection breaks. */
  | "broken"
  /** The server asks that it be tried again. */
  | "conflict";

/** A statement or a pause that waits until the schedule lets it go on. */
export interface Gate {
  readonly process: SimProcess;
  readonly label: string;
  /** True time from which on a pause is over; a statement's is never later than now. */
  readonly due: number;
  go(): void;
}

interface Client {
  readonly pg: pg.Client;
  readonly pid: number;
  /** The statement it is at. */
  running: Promise<void> | undefined;
}

/**
 * Connections to a real PostgreSQL whose statements are let go one at a time, in whatever order is wanted: what two
 * transactions do to each other between their statements is then the server's own doing, and can be played again.
 */
export class Sessions {
  readonly gates: Gate[] = [];
  /** Told after a commit, with all rows. */
  onCommit: (by: SimProcess, rows: (read: string) => unknown[]) => void = () => {};
  deadlocks = 0;
  /**
   * Whether two statements or more have waited at once. Which of them PostgreSQL wakes first is a race between its own
   * processes from then on: both follow a row to its next version.
   */
  raced = false;
  private readonly control: pg.Client;
  private readonly clients: readonly Client[];
  private readonly free: Client[];
  private readonly troubles = new Map<SimProcess, CommitTrouble>();

  private constructor(control: pg.Client, clients: readonly Client[]) {
    this.control = control;
    this.clients = clients;
    this.free = [...clients];
  }

  /** @param url of a database whose tables are there  @param count connections for all processes together */
  static async open(url: string, count = 24): Promise<Sessions> {
    const connect = async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(`set search_path to ${postgresSchema}`);
      return client;
    };
    const clients: Client[] = [];
    for (let i = 0; i < count; i++) {
      const client = await connect();
      const { rows } = await client.query("select pg_backend_pid() as pid");
      clients.push({ pg: client, pid: rows[0].pid, running: undefined });
    }
    return new Sessions(await connect(), clients);
  }

  /** Tables as they were made; everything before is forgotten. */
  async empty(): Promise<void> {
    if (this.free.length < this.clients.length) {
      throw new Error(
        `sessions: every connection must be free before a schedule, got ${this.clients.length - this.free.length} that are not.`,
      );
    }
    this.gates.length = 0;
    this.troubles.clear();
    this.onCommit = () => {};
    this.deadlocks = 0;
    this.raced = false;
    await this.control.query("truncate studies restart identity cascade");
  }

  async close(): Promise<void> {
    for (const client of [this.control, ...this.clients.map((one) => one.pg)]) {
      await client.end();
    }
  }

  /** The database as one process has it. */
  databaseOf(process: SimProcess): Kysely<StudyTables> {
    const pool = {
      connect: async () => {
        if (!process.alive) {
          // It was killed on its way here: nobody would give the connection back.
          return new Promise<never>(() => {});
        }
        const client = this.free.pop();
        if (client === undefined) {
          throw new Error("sessions: more connections must be opened, all are taken.");
        }
        const taken = { client, dropped: false };
        process.onDeath.push(() => this.drop(taken));
        return {
          query: (text: string, values: unknown[]) => this.query(process, taken, text, values),
          release: () => {
            if (!taken.dropped) {
              taken.dropped = true;
              this.free.push(client);
            }
          },
        };
      },
      end: async () => {},
    };
    return new Kysely<StudyTables>({ dialect: new PostgresDialect({ pool: pool as never }) });
  }

  /** Waits until the schedule goes on with this process, at `due` at the earliest. */
  gate(process: SimProcess, label: string, due: number): Promise<void> {
    return new Promise((resolve) => {
      this.gates.push({ process, label, due, go: resolve });
    });
  }

  trouble(process: SimProcess, trouble: CommitTrouble): void {
    this.troubles.set(process, trouble);
  }

  /** Until every statement that was let go is answered, or waits for another transaction. @returns whether any waits */
  async settled(): Promise<boolean> {
    for (let round = 0; ; round++) {
      // What the answers set off has come to its next gate by then.
      await new Promise((resolve) => setImmediate(resolve));
      const running = this.clients.filter((client) => client.running !== undefined);
      if (running.length === 0) {
        return false;
      }
      const answered = Promise.race(running.map((client) => client.running));
      const first = await Promise.race([answered.then(() => true), later(round === 0 ? 1 : 2).then(() => false)]);
      if (!first) {
        const { rows } = await this.control.query(
          "select count(*)::int as free from unnest($1::int[]) pid where cardinality(pg_blocking_pids(pid)) = 0",
          [running.map(({ pid }) => pid)],
        );
        if (rows[0].free === 0) {
          this.raced ||= running.length > 1;
          return true;
        }
      }
    }
  }

  private async query(
    process: SimProcess,
    taken: { readonly client: Client; dropped: boolean },
    text: string,
    values: unknown[],
  ): Promise<unknown> {
    const { client } = taken;
    await this.gate(process, text, 0);
    const isCommit = text === "commit";
    const trouble = isCommit ? this.troubles.get(process) : undefined;
    if (trouble !== undefined) {
      this.troubles.delete(process);
    }
    const answer = client.pg.query(trouble === "broken" || trouble === "conflict" ? "rollback" : text, values);
    const done = (async () => {
      try {
        await answer;
        if (isCommit && (trouble === undefined || trouble === "unknown")) {
          await this.tell(process);
        }
      } catch (error) {
        this.deadlocks += Number((error as { code?: string }).code === "40P01");
      }
    })();
    client.running = done;
    await done;
    if (client.running === done) {
      client.running = undefined;
    }
    if (taken.dropped) {
      // Nobody hears this answer.
      return new Promise(() => {});
    }
    if (trouble !== undefined) {
      throw Object.assign(new Error(`simulated: ${trouble}`), {
        code: trouble === "conflict" ? "40001" : "ECONNRESET",
      });
    }
    return answer;
  }

  /** The connection of a process that has died: the server rolls back what it was at. */
  private drop(taken: { readonly client: Client; dropped: boolean }): void {
    if (taken.dropped) {
      return;
    }
    taken.dropped = true;
    const { client } = taken;
    const before = client.running ?? Promise.resolve();
    client.running = before.then(async () => {
      await client.pg.query("rollback");
      client.running = undefined;
      this.free.push(client);
    });
  }

  private async tell(by: SimProcess): Promise<void> {
    const found = new Map<string, unknown[]>();
    for (const read of Object.values(tableReads)) {
      found.set(read, (await this.control.query(read)).rows);
    }
    this.onCommit(by, (read) => found.get(read) ?? []);
  }
}

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
