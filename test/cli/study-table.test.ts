import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { tanren, temporaryFolder } from "../support/cli.ts";

const iris = fileURLToPath(new URL("../../docs/data/iris.csv", import.meta.url));
const lr = ["--space", "lr=1e-3..1e-1:log"];

/** A command's words as a shell takes them apart. */
const words = (command: string) =>
  [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);

test("a table of one's own is searched, and the command it gives trains the very network that was best", async () => {
  const home = temporaryFolder();
  const run = (...args: string[]) => tanren(args, { home, pictures: "none" });
  const table = join(home, "my iris.csv");
  copyFileSync(iris, table);
  const search = ["search", "--data", table, "--target", "species", "--study", "flowers", "--out", join(home, "found")];
  const space = [...lr, "--space", "optimizer=adam,sgd", "--space", "hidden=4..16", "--space", "dropRatio=0..0.4"];
  const asked = [...search, ...space, "--set", "epochs=6", "--pruner", "median", "--seed", "5"];
  const found = await run(...asked, "--trials", "8");
  expect([found.stderr, found.status]).toEqual(["", 0]);
  expect(found.stdout).toContain("species holds words: classification  [--task regression]");
  expect(found.stdout).toMatch(/rank +trial +validation accuracy/);
  const { best } = JSON.parse(readFileSync(join(home, "found", "study.json"), "utf8"));
  const command = /train it: tanren (.*)/.exec(found.stdout)![1];
  const shown = await run("study", "show", "flowers");
  expect(shown.stdout).toContain(`train it: tanren ${command}`);
  const trained = await run(...words(command), "--out", join(home, "net"), "--json");
  const { series } = JSON.parse(trained.stdout) as { series: { metric: string; y: number[] }[] };
  const reached = series.find(({ metric }) => metric === "valAccuracy")!.y;
  expect([reached.length, reached.at(-1)]).toEqual([6, best.value]);
  // More trials of the same study; other data under the same name are refused.
  const more = await run(...asked, "--trials", "10", "--resume", "--quiet");
  expect([more.status, more.stdout]).toEqual([0, expect.stringContaining("10 trials:")]);
  writeFileSync(table, readFileSync(table, "utf8").replace("5.1", "5.2"));
  const other = await run(...asked, "--trials", "12", "--resume");
  expect([other.status, other.stderr]).toEqual([1, expect.stringMatching(/study flowers: .*data/)]);
  const worked = await run("study", "resume", "flowers", "--trials", "12");
  expect(worked.status).toBe(1);
  expect(worked.stdout + worked.stderr).toMatch(/study: .*data it began with/);
});

test("folds measure each trial on every row, as train does with the command it gives", async () => {
  const home = temporaryFolder();
  const run = (...args: string[]) => tanren(args, { home, pictures: "none" });
  const fixed = ["--set", "folds=3", "--set", "epochs=5", "--set", "hidden=6"];
  const found = await run("search", iris, "--target", "species", ...lr, ...fixed, "--trials", "4", "--study", "f");
  expect([found.stderr, found.status]).toEqual(["", 0]);
  const { best } = JSON.parse((await run("study", "export", "f", "--to", "json")).stdout);
  const command = /train it: tanren (.*)/.exec(found.stdout)![1];
  const trained = await run(...words(command), "--out", join(home, "net"), "--json");
  const { series } = JSON.parse(trained.stdout) as { series: { run: string; metric: string; y: number[] }[] };
  const folds = series.filter(({ metric }) => metric === "valAccuracy").map(({ y }) => y.at(-1) as number);
  expect(folds).toHaveLength(3);
  expect(best.value).toBe(folds.reduce((sum, value) => sum + value, 0) / 3);
});

test("a table of its own is measured, as train does with the command it gives, and kept to", async () => {
  const home = temporaryFolder();
  const run = (...args: string[]) => tanren(args, { home, pictures: "none" });
  const [header, ...rows] = readFileSync(iris, "utf8").trim().split("\n");
  const tableOf = (name: string, keeps: (i: number) => boolean) => {
    writeFileSync(join(home, name), `${[header, ...rows.filter((_, i) => keeps(i))].join("\n")}\n`);
    return join(home, name);
  };
  const learnt = tableOf("learnt.csv", (i) => i % 3 !== 0);
  const beside = tableOf("beside.csv", (i) => i % 3 === 0);
  const asked = ["search", learnt, "--target", "species", "--study", "b", ...lr, "--set", "epochs=8"];
  const found = await run(...asked, "--validation-data", beside, "--trials", "3");
  expect([found.stderr, found.status]).toEqual(["", 0]);
  const { best } = JSON.parse((await run("study", "export", "b", "--to", "json")).stdout);
  const command = /train it: tanren (.*)/.exec(found.stdout)![1];
  expect(command).toContain(`--validation-data ${beside}`);
  const out = join(home, "net");
  const trained = await run(...words(command), "--out", out, "--json");
  const { series } = JSON.parse(trained.stdout) as { series: { metric: string; y: number[] }[] };
  expect(best.value).toBe(series.find(({ metric }) => metric === "valAccuracy")!.y.at(-1));
  const measured = await run("evaluate", out, "--data", beside, "--json");
  expect(JSON.parse(measured.stdout).accuracy).toBe(best.value);
  // The same rows elsewhere, and other rows at the same place.
  const more = await run("study", "resume", "b", "--trials", "4");
  expect([more.stderr, more.status]).toEqual(["", 0]);
  tableOf("beside.csv", (i) => i % 3 === 1);
  const other = await run(...asked, "--validation-data", beside, "--resume", "--trials", "6");
  expect([other.status, other.stderr]).toEqual([
    1,
    expect.stringMatching(/study b: .*data it began with.*beside\.csv/),
  ]);
  const worked = await run("study", "resume", "b", "--trials", "6");
  expect([worked.status, worked.stdout + worked.stderr]).toEqual([1, expect.stringMatching(/data it began with/)]);
  const without = await run(...asked, "--resume", "--trials", "6");
  expect([without.status, without.stderr]).toEqual([1, expect.stringMatching(/study b: .*data it began with/)]);
});

test("numbers are measured by their error, in either direction, in Japanese too", async () => {
  const home = temporaryFolder();
  const rows = Array.from(
    { length: 60 },
    (_, i) => `${i / 10};${(i * 7) % 11};${(100 + 3 * i).toFixed(1).replace(".", ",")}`,
  );
  writeFileSync(join(home, "価格.csv"), `広さ;階;家賃\n${rows.join("\n")}\n`);
  const asked = ["--target", "家賃", ...lr, "--set", "epochs=4", "--trials", "3"];
  const run = (...args: string[]) => tanren(["search", ...args, ...asked], { home, pictures: "none" });
  const [rmse, r2] = await Promise.all([
    run("--data", "価格.csv", "--study", "a", "--lang", "ja"),
    // It may stand alone.
    run(
      "価格.csv",
      "--study",
      "b",
      "--metric",
      "valR2",
      "--decimal",
      "comma",
      "--backend",
      "wasm",
      "--dtype",
      "float64",
    ),
  ]);
  expect([rmse.stderr, r2.stderr]).toEqual(["", ""]);
  expect(rmse.stdout).toMatch(/順位 +試行 +検証 RMSE/);
  expect(rmse.stdout).toContain("この設定で学習する: tanren train --data ");
  expect(r2.stdout).toContain("--backend wasm --dtype float64 --decimal comma");
  const studyOf = (name: string) =>
    JSON.parse(readFileSync(join(home, "results", "studies", name, "study.json"), "utf8")) as {
      study: { direction: string };
      best: { value: number };
      trials: { value: number }[];
    };
  const [a, b] = [studyOf("a"), studyOf("b")];
  expect([a.study.direction, b.study.direction]).toEqual(["minimize", "maximize"]);
  expect(a.best.value).toBe(Math.min(...a.trials.map(({ value }) => value)));
  expect(b.best.value).toBe(Math.max(...b.trials.map(({ value }) => value)));
});

test("what cannot be searched is one sentence, and no study is made", async () => {
  const home = temporaryFolder();
  writeFileSync(join(home, "objective.ts"), "export default (trial) => trial.real('x', { min: 0, max: 1 });\n");
  writeFileSync(join(home, "other.csv"), "a,species\n1,setosa\n");
  const run = (...args: string[]) => tanren(["search", ...args], { home });
  const flowers = ["--data", iris, "--target", "species"];
  const asked: readonly (readonly [args: readonly string[], status: number, sentence: string])[] = [
    [[iris, "--data", iris, ...lr], 2, "search: there must be one table, got"],
    [[iris, ...lr], 2, "search: the column to be told must be named, got none. Add --target COLUMN."],
    [["--data", iris, ...lr], 2, "search: the column to be told must be named, got none. Add --target COLUMN."],
    [["--data", "iris.csv", "--target", "species", ...lr], 1, "iris.csv: must be readable, got no such file."],
    [["--data", "minst", ...lr], 1, 'data: must be a known data set, got "minst". Did you mean mnist?'],
    [["--target", "species", ...lr], 2, "--target: must go with a table of your own, got --data mnist."],
    [["--date-order", "dmy", ...lr], 2, "--date-order: must go with a table of your own"],
    [["objective.ts", "--metric", "valLoss"], 2, "--metric: must go with a network by flags"],
    [[...flowers, ...lr, "--metric", "valRmse"], 2, "search: metric must be a known name"],
    [[...flowers, "--space", "weightInit=he,xavier"], 2, "search on a table: weightInit: no such setting."],
    [[...flowers, ...lr, "--model", "conv2d 4; relu"], 2, "network: conv2d must stand where rows are images"],
    [[...flowers, ...lr, "--validation-data", "none.csv"], 1, "none.csv: must be readable, got no such file."],
    [[...flowers, ...lr, "--validation-data", "other.csv"], 1, "other.csv: it must have the column sepalLength"],
    [[...flowers, ...lr, "--validation-data", "-"], 2, "search: the table must be a file, since every worker reads it"],
    [[...flowers, ...lr, "--validation-data", iris, "--set", "folds=3"], 2, "must be of one kind, got folds and"],
    [
      [...flowers, ...lr, "--validation-data", iris, "--set", "validation=0.3"],
      2,
      "got validation and --validation-data",
    ],
    [["--validation-data", iris, ...lr], 2, "--validation-data: must go with a table of your own, got --data mnist."],
    [["--data", iris, "--target", "specis", ...lr], 1, 'got "specis". Did you mean species?'],
  ];
  const answers = await Promise.all(asked.map(([args]) => run(...args)));
  answers.forEach(({ status, stderr }, i) => {
    expect([asked[i][0], status, stderr]).toEqual([asked[i][0], asked[i][1], expect.stringContaining(asked[i][2])]);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
  expect((await tanren(["study", "list"], { home })).stdout).not.toContain("iris");
});
