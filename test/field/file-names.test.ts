import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { DataError, mlp, regress } from "../../src/index.ts";
import { isPostgres, loadDataset, loadModel, openSqliteStore, openStudyStore, readCsv } from "../../src/node/index.ts";
import { temporaryFolder } from "../support/cli.ts";

const rows = `x,y\n${Array.from({ length: 9 }, (_, i) => `${i},${i / 2}`).join("\n")}\n`;

test("a file may be named by a URL, as new URL(…, import.meta.url) is one, with blanks and other letters in it", async () => {
  const folder = pathToFileURL(`${temporaryFolder()}/学習 #1/`);
  const [table, kept] = ["t.csv", "m%.tanren"].map((name) => new URL(encodeURIComponent(name), folder));
  const model = regress(mlp([2]));
  await model.fit({ x: [[1], [2], [3], [4]], y: [1, 2, 3, 4] }, { epochs: 1 });
  await model.save(kept);
  writeFileSync(table, rows);
  expect((await loadModel(kept)).predict([3])).toEqual(model.predict([3]));
  await model.fit(await readCsv(table, { target: "y" }), { epochs: 1 });
  expect(model.toState().training?.source?.file).toMatch(/学習 #1.t\.csv$/);
});

test("what names no file of this machine is refused in a sentence", async () => {
  const model = regress(mlp([2]));
  await model.fit({ x: [[1], [2], [3], [4]], y: [1, 2, 3, 4] }, { epochs: 1 });
  const elsewhere = new URL("https://example.org/t.csv");
  for (const [given, got] of [
    [elsewhere, "https://example.org/t.csv"],
    [undefined, "undefined"],
    [[1], "[1]"],
  ]) {
    for (const [where, of] of Object.entries({ readCsv, loadModel, save: (file: URL) => model.save(file) })) {
      const asked = of(given as URL);
      await expect(asked).rejects.toThrow(`${where}: must be given a file's path or a file: URL, got ${got}.`);
      await expect(asked).rejects.toThrow(DataError);
    }
  }
  await expect(readCsv(join(temporaryFolder(), "none.csv"))).rejects.toThrow(/no such file\. Give a CSV file/);
});

test("stores and data sets, too, are named by text, and a file by its URL", async () => {
  const file = pathToFileURL(join(temporaryFolder(), "探索 1.sqlite"));
  const store = await openStudyStore(file);
  await store.close();
  expect(readFileSync(file).subarray(0, 15).toString()).toBe("SQLite format 3");
  const password = { url: "postgres://user:secret@host/db" };
  for (const given of [undefined, 3, password]) {
    const sentence = "study store: must be a file or postgres://…, got no text. Give one of these with --store.";
    await expect(openStudyStore(given as never)).rejects.toThrow(sentence);
    expect(() => isPostgres(given as never)).toThrow(sentence);
  }
  expect(() => openSqliteStore({ path: 3, now: Date.now } as never)).toThrow(
    /openSqliteStore: must be given a file's path/,
  );
  await expect(loadDataset(undefined as never)).rejects.toThrow('data: must be a known data set, got "undefined"');
});
