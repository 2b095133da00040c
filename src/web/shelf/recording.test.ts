import { expect, test } from "vitest";
import { runInfo } from "../../../test/support/run-info.ts";
import type { RunEvent } from "../../core/record.ts";
import { RunRecording } from "./recording.ts";
import { memoryRunDb, type RunDb } from "./run-db.ts";
import { wholeRun } from "./transfer.ts";

const info = runInfo();
const points = (x: number): RunEvent[] => [
  { task: 0, event: { kind: "points", run: "a", tags: {}, metric: "loss", x: [x], y: [x] } },
];

/** A recording whose database is what `db` says at the time; what it told of. */
function recorded(db: () => RunDb) {
  const told: unknown[] = [];
  const recording = new RunRecording({
    ...{ id: "r", info, db, now: () => 0 },
    onTrouble: (error) => told.push(error),
    onKept: () => told.push("kept"),
  });
  return { recording, told };
}

/** A database whose writes end when they are let. */
function slow(db: RunDb) {
  const waiting: ((error?: Error) => void)[] = [];
  const write: RunDb["write"] = async (...change) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push((error) => (error === undefined ? resolve() : reject(error)));
    await promise;
    await db.write(...change);
  };
  return { db: { ...db, write }, waiting };
}

/** Lets what waits for promises go on. */
const turn = () => new Promise((resolve) => setTimeout(resolve));

test.each([undefined, new Error("aborted")])(
  "a database that is lost in the middle of a write (%s) takes nothing with it",
  async (error) => {
    const { db: lost, waiting } = slow(memoryRunDb());
    let db = lost;
    const { recording, told } = recorded(() => db);
    for (const x of [0, 1]) {
      recording.append(points(x));
      const flushed = recording.flush();
      await turn();
      for (const go of waiting.splice(0)) {
        go();
      }
      await flushed;
    }
    recording.append(points(2));
    const writing = recording.flush();
    await turn();
    db = memoryRunDb();
    recording.moved();
    waiting.splice(0)[0](error);
    await writing;
    recording.append(points(3));
    await recording.finish("done", { total: 1, train: 1 });
    expect(recording.kept).toBe(true);
    const row = (await db.row("r"))!;
    for (const chunks of [recording.all(), await db.chunks("r")]) {
      expect(wholeRun(row, chunks).series[0].x).toEqual([0, 1, 2, 3]);
    }
    expect(told).toEqual([]);
  },
);

test("what could not be written is written later, in its order, and told of both times", async () => {
  const kept = memoryRunDb();
  let full = true;
  const db: RunDb = {
    ...kept,
    write: async (...change) => (full ? Promise.reject(new Error("full")) : kept.write(...change)),
  };
  const { recording, told } = recorded(() => db);
  recording.append(points(0));
  await recording.flush();
  recording.append(points(1));
  await recording.flush();
  expect(recording.kept).toBe(false);
  full = false;
  recording.append(points(2));
  await recording.flush();
  expect(wholeRun((await kept.row("r"))!, await kept.chunks("r")).series[0].x).toEqual([0, 1, 2]);
  expect(told.map(String)).toEqual(["Error: full", "Error: full", "kept"]);
  expect(recording.kept).toBe(true);
});

test("a mark of another tab stays where this one has made none of its own", () => {
  const { recording } = recorded(memoryRunDb);
  const stored = { ...recording.row(undefined), label: "theirs", pinned: true };
  expect(recording.row(stored)).toMatchObject({ label: "theirs", pinned: true });
  recording.mark({ label: "ours" });
  expect(recording.row(stored)).toMatchObject({ label: "ours", pinned: true });
});

test("an end after all is written is written too, and a run is not kept while what failed is on its way", async () => {
  const kept = memoryRunDb();
  const { db, waiting } = slow(kept);
  const { recording } = recorded(() => db);
  const going = (error?: Error) => turn().then(() => waiting.splice(0)[0](error));
  recording.append(points(0));
  await Promise.all([recording.flush(), going(new Error("full"))]);
  const again = recording.flush();
  await turn();
  expect(recording.kept).toBe(false);
  waiting.splice(0)[0]();
  await again;
  expect(recording.kept).toBe(true);
  await Promise.all([recording.finish("done", { total: 2, train: 1 }), going()]);
  expect(await kept.row("r")).toMatchObject({ status: "done", seconds: { total: 2, train: 1 } });
});

test("texts that are written again stand where they stood", async () => {
  const db = memoryRunDb();
  const row = recorded(() => db).recording.row(undefined);
  await db.write("r", () => row, 0, ["a", "b", "c"]);
  await db.write("r", () => row, 1, ["d"]);
  expect(await db.chunks("r")).toEqual(["a", "d"]);
});
