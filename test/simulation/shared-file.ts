import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { DataError } from "../../src/core/errors.ts";
import type { SqliteHandle } from "../../src/node/store/sqlite-dialect.ts";
import { migrate, runsPart } from "../../src/node/store/sqlite-schema.ts";
import { studiesPart } from "../../src/node/store/sqlite-studies.ts";
import type { SimProcess } from "./world.ts";

type Statement = Pick<StatementSync, "all" | "run" | "columns" | "get" | "iterate">;

const writes = /^\s*(insert|update|delete)/i;

/** Real SQLite in memory, its tables made once and emptied for each schedule. */
export class Disk {
  readonly base: DatabaseSync;
  holder: FileHandle | null = null;
  private readonly statements = { objects: new Map<string, StatementSync>(), arrays: new Map<string, StatementSync>() };
  private readonly columnsOf = new Map<string, ReturnType<StatementSync["columns"]>>();

  private constructor(base: DatabaseSync) {
    this.base = base;
  }

  static async prepared(): Promise<Disk> {
    const base = new DatabaseSync(":memory:", { enableForeignKeyConstraints: true });
    migrate(base, ":memory:", [runsPart, studiesPart(base)]);
    return new Disk(base);
  }

  /** As it was made. */
  empty(): void {
    if (this.base.isTransaction) {
      this.base.exec("ROLLBACK");
    }
    this.holder = null;
    this.base.exec("DELETE FROM studies; DELETE FROM runs; DELETE FROM changes; DELETE FROM sqlite_sequence");
  }

  columns(text: string): ReturnType<StatementSync["columns"]> {
    let found = this.columnsOf.get(text);
    if (found === undefined) {
      found = this.statement(text).columns();
      this.columnsOf.set(text, found);
    }
    return found;
  }

  /** @param rows as what it gives them */
  statement(text: string, rows: "objects" | "arrays" = "objects"): Statement {
    const statements = this.statements[rows];
    let found = statements.get(text);
    if (found === undefined) {
      found = this.base.prepare(text);
      found.setReturnArrays(rows === "arrays");
      if (statements.size > 1000) {
        statements.clear();
      }
      statements.set(text, found);
    }
    return found;
  }
}

/** A file that simulated processes share. */
export class SharedFile {
  /** The one at its place. */
  disk: Disk;
  /** Called after every commit. */
  onCommit: (disk: Disk, by: SimProcess) => void = () => {};
  /** Another program holds the file until then. */
  lockedUntil = 0;
  fullUntil = 0;
  readonly disks: readonly [Disk, Disk];

  private constructor(disks: readonly [Disk, Disk]) {
    this.disks = disks;
    this.disk = disks[0];
  }

  static async prepared(): Promise<SharedFile> {
    return new SharedFile([await Disk.prepared(), await Disk.prepared()]);
  }

  /** As it was made. */
  empty(): void {
    this.disks[0].empty();
    if (this.disk !== this.disks[0]) {
      this.disks[1].empty();
      this.disk = this.disks[0];
    }
    this.lockedUntil = 0;
    this.fullUntil = 0;
  }

  /** It is deleted, and an empty one is put in its place; who has it open goes on seeing the old one. */
  replace(): void {
    this.disk = this.disks[1];
  }
}

/** What is to go wrong in the next transaction of a process. */
export type Trouble =
  /** At the statement of that number (the last one stands for the commit), in this way. */
  | { readonly kind: "fails"; readonly at: number; readonly how: "disk" | "full" }
  | { readonly kind: "dies"; readonly at: number }
  /** It is committed, and its caller hears of an error. */
  | { readonly kind: "unknown" };

const codes = { busy: 5, disk: 10, full: 13 } as const;

function sqliteError(how: keyof typeof codes): Error {
  return Object.assign(new Error(`simulated: ${how}`), { code: "ERR_SQLITE_ERROR", errcode: codes[how] });
}

/** One process's open file. */
export class FileHandle implements SqliteHandle {
  trouble: Trouble | undefined;
  isOpen = true;
  private readonly file: SharedFile;
  private readonly process: SimProcess;
  readonly disk: Disk;
  private step = 0;

  constructor(file: SharedFile, process: SimProcess) {
    this.file = file;
    this.process = process;
    this.disk = file.disk;
    process.onDeath.push(() => this.letGo());
  }

  get isTransaction(): boolean {
    return this.disk.holder === this;
  }

  /** Whether the file that was opened is still at its place. */
  mustBeThere(): void {
    if (this.disk !== this.file.disk) {
      throw new DataError({
        en: "study store simulated: the file that was opened must stay there, got another in its place.",
        ja: "study store simulated: 開いていたファイルが別のファイルに置き換えられました。",
      });
    }
  }

  mustBeReadable(): void {
    this.mustBeThere();
  }

  exec(text: string): void {
    this.mustLive();
    const { file, disk } = this;
    const { now } = this.process.world;
    if (text.startsWith("PRAGMA")) {
      return;
    }
    if (text === "BEGIN IMMEDIATE") {
      if (disk.holder !== null || file.lockedUntil > now) {
        throw sqliteError("busy");
      }
      disk.base.exec(text);
      disk.holder = this;
      this.step = 0;
      return;
    }
    if (text === "COMMIT") {
      this.meet(true);
      const unknown = this.trouble?.kind === "unknown";
      this.trouble = undefined;
      disk.base.exec(text);
      disk.holder = null;
      file.onCommit(disk, this.process);
      if (unknown) {
        throw sqliteError("disk");
      }
      return;
    }
    if (text === "ROLLBACK") {
      disk.base.exec(text);
      disk.holder = null;
      return;
    }
    throw new Error(`simulated file: must know what to do, got "${text}".`);
  }

  prepare(text: string): StatementSync {
    const { file, disk } = this;
    const isWrite = writes.test(text);
    let rows: "objects" | "arrays" = "objects";
    const run = <T>(action: (statement: Statement) => T): T => {
      this.mustLive();
      if (this.isTransaction) {
        this.meet(false);
      } else if (disk.holder !== null) {
        throw new Error("simulated file: nothing may be read between two statements of another's transaction.");
      }
      if (isWrite && file.fullUntil > this.process.world.now) {
        this.letGo();
        throw sqliteError("full");
      }
      return action(disk.statement(text, rows));
    };
    return {
      all: (...values: SQLInputValue[]) => run((real) => real.all(...values)),
      get: (...values: SQLInputValue[]) => run((real) => real.get(...values)),
      run: (...values: SQLInputValue[]) => run((real) => real.run(...values)),
      iterate: (...values: SQLInputValue[]) => run((real) => real.all(...values)[Symbol.iterator]()),
      columns: () => disk.columns(text),
      setReturnArrays: (arrays: boolean) => {
        rows = arrays ? "arrays" : "objects";
      },
    } as unknown as StatementSync;
  }

  close(): void {
    this.letGo();
    this.isOpen = false;
  }

  /** The trouble of this transaction, if it comes here. */
  private meet(committing: boolean): void {
    const { trouble } = this;
    if (trouble === undefined || trouble.kind === "unknown" || (this.step++ < trouble.at && !committing)) {
      return;
    }
    this.trouble = undefined;
    if (trouble.kind === "dies") {
      this.process.kill();
      this.mustLive();
    } else {
      if (trouble.how === "full") {
        this.letGo();
      }
      throw sqliteError(trouble.how);
    }
  }

  private letGo(): void {
    if (this.isTransaction) {
      this.disk.base.exec("ROLLBACK");
      this.disk.holder = null;
    }
  }

  private mustLive(): void {
    if (!this.process.alive) {
      throw new Error("simulated file: its process is dead.");
    }
  }
}
