import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tanren, temporaryFolder } from "../support/cli.ts";
import { startPostgres, type TestPostgres } from "../support/postgres.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());

test("a study asked for on PostgreSQL is run by workers elsewhere; its password is never printed", async () => {
  const url = await postgres.database("cli");
  const home = temporaryFolder();
  writeFileSync(join(home, "square.ts"), 'export default (trial) => trial.real("x", { min: -1, max: 1 }) ** 2;');
  const run = (...args: string[]) => tanren([...args, "--store", url], { home, pictures: "none" });
  const [search, worker] = await Promise.all([
    run("search", "square.ts", "--study", "shared", "--trials", "12", "--workers", "0"),
    run("worker", "--threads", "2", "--study", "shared", "--until-done"),
  ]);
  expect(worker).toMatchObject({ status: 0, stderr: "" });
  expect(search).toMatchObject({ status: 0, stderr: "" });
  expect(search.stdout).toContain("12 trials: 12 complete");
  expect(worker.stdout.match(/shared: trial \d+/g)).toHaveLength(12);
  const list = await run("study", "list", "--lang", "ja");
  expect(list.stdout).toMatch(/shared +tpe +12/);

  const wrong = url.replace(/:[^:@]+@/, ":wrong-secret@");
  const refused = await tanren(["study", "list", "--store", wrong], { home, pictures: "none" });
  expect(refused).toMatchObject({ status: 1, stdout: "" });
  for (const text of [search, worker, list, refused].flatMap(({ stdout, stderr }) => [stdout, stderr])) {
    expect(text).not.toContain("wrong-secret");
    expect(text).not.toContain(encodeURIComponent(postgres.password));
    expect(text).not.toContain(postgres.password);
  }
});

test("a table is searched by workers elsewhere", async () => {
  const url = await postgres.database("table");
  const [home, elsewhere] = [temporaryFolder(), temporaryFolder()];
  const table = join(home, "t.csv");
  const rows = Array.from({ length: 40 }, (_, i) => `${Math.sin(i)},${i % 5},${i % 3}`);
  writeFileSync(table, `a,b,k\n${rows.join("\n")}\n`);
  const study = ["--study", "table", "--store", url];
  const asked = [
    "--target",
    "k",
    "--space",
    "lr=1e-3..1e-1:log",
    "--set",
    "epochs=2",
    "--trials",
    "6",
    "--workers",
    "0",
  ];
  const [found, worked] = await Promise.all([
    tanren(["search", "t.csv", ...asked, ...study], { home, pictures: "none" }),
    tanren(["worker", "--threads", "2", "--until-done", ...study], { home: elsewhere }),
  ]);
  expect(worked).toMatchObject({ status: 0, stderr: "" });
  expect(found).toMatchObject({ status: 0, stderr: "" });
  expect(found.stdout).toContain("6 trials: 6 complete");
  expect(found.stdout).toContain(`train it: tanren train --data ${table}`);
});
