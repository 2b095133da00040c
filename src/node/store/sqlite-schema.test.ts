import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { migrate, runsPart } from "./sqlite-schema.ts";

function fresh(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  onTestFinished(() => db.close());
  db.exec("PRAGMA journal_mode = WAL");
  return db;
}

/** The handle, with something happening after its look of that number. */
function interrupted(db: DatabaseSync, at: number, happens: () => void) {
  let looks = 0;
  const then = <T>(found: T): T => {
    if (looks++ === at) {
      happens();
    }
    return found;
  };
  const handle = {
    get isTransaction() {
      return db.isTransaction;
    },
    exec: (sql: string) => db.exec(sql),
    prepare(sql: string) {
      const statement = db.prepare(sql);
      return {
        all: (...values: never[]) => then(statement.all(...values)),
        get: (...values: never[]) => then(statement.get(...values)),
        run: (...values: never[]) => statement.run(...values),
      };
    },
  };
  return { handle: handle as unknown as DatabaseSync, looks: () => looks };
}

test("of processes that open a new file at once each finds a store, whenever another has made it", () => {
  const folder = mkdtempSync(join(tmpdir(), "tanren-schema-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (let at = 0, looks = 1; at < looks; at++) {
    const path = join(folder, `${at}.sqlite`);
    const other = fresh(path);
    const one = interrupted(fresh(path), at, () => migrate(other, path, [runsPart]));
    // What it holds by the lock nobody else may change: the last looks are its own.
    migrate(one.handle, path, [runsPart]);
    looks = Math.min(one.looks(), 3);
    expect(other.prepare("SELECT version FROM schema_version WHERE component = 'runs'").get()).toEqual({ version: 3 });
  }
});
