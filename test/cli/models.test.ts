import {
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { csvRows } from "../../src/core/csv.ts";
import { displayWidth } from "../../src/figure/text-width.ts";
import { tanren } from "../support/cli.ts";

const iris = fileURLToPath(new URL("../../docs/data/iris.csv", import.meta.url));

test("train writes a model, which predict and evaluate ask; what is wrong is one sentence", async () => {
  const home = mkdtempSync(join(tmpdir(), "tanren-models-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const run = (...args: string[]) => tanren(args, { home });
  const model = join(home, "out", "model.tanren");
  const flags = [
    "--data",
    iris,
    "--target",
    "species",
    "--set",
    "lr=0.02",
    "--epochs",
    "20",
    "--out",
    join(home, "out"),
  ];
  const [trained, refused, unknown] = await Promise.all([
    run("train", ...flags),
    run("train", ...flags, "--optimizer", "adm"),
    run("train", ...flags, "--model", "mpl:16"),
  ]);
  expect([trained.stderr, trained.status]).toEqual(["", 0]);
  expect(trained.stdout).toContain("species holds words: classification  [--task regression]");
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining("Did you mean adam?")]);
  expect([unknown.status, unknown.stderr]).toEqual([
    2,
    '--model: must be mlp:16,16 or layers such as affine 16; relu, got "mpl:16". Did you mean mlp?\n',
  ]);
  const [told, figures, inside] = await Promise.all([
    run("predict", model, "--data", iris),
    run("evaluate", model, "--data", iris, "--json"),
    run("inspect", model, "--lang", "ja"),
  ]);
  // What is said of it stands in one column, however wide the words before it.
  const values = inside.stdout.split("\n").flatMap((line) => /^ {2}[ぁ-龠]+ +(?=\S)/.exec(line) ?? []);
  expect(values.length).toBeGreaterThan(5);
  expect(new Set(values.slice(0, 6).map(displayWidth))).toEqual(new Set([15]));
  const lines = told.stdout.trimEnd().split("\n");
  expect([lines[0], lines.length]).toEqual(["prediction,probability", 151]);
  expect(JSON.parse(figures.stdout).accuracy).toBeGreaterThan(0.9);
});

test("predictions stand beside the columns that are kept, with the probability of each class", async () => {
  const home = mkdtempSync(join(tmpdir(), "tanren-models-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const run = (...args: string[]) => tanren(args, { home, pictures: "none" });
  const table = join(home, "t.csv");
  const rows = Array.from(
    { length: 40 },
    (_, i) => `${i + 1},=name ${i},${i % 9},${i === 7 ? "" : i % 5},${["a", "b, c"][i % 2]}`,
  );
  writeFileSync(table, `id,name,x,y,kind\n${rows.map((row) => row.replace(/b, c$/, '"b, c"')).join("\n")}\n`);
  const out = join(home, "o");
  const read = ["--data", table, "--missing", "skip"];
  const trained = await run("train", ...read, "--target", "kind", "--epochs", "1", "--out", out);
  expect([trained.status, trained.stderr]).toEqual([0, ""]);
  const asked = (...more: string[]) => run("predict", out, ...read, ...more);
  const [beside, all, wrong] = await Promise.all([
    asked("--keep", "id,#2", "--probabilities"),
    asked("--keep", "all"),
    asked("--keep", "ids"),
  ]);
  const cells = csvRows(beside.stdout);
  expect(cells[0]).toEqual(["id", "name", "prediction", "probability", "probability a", "probability b, c"]);
  expect(cells.slice(1).map(([id, name]) => [id, name])).toEqual(rows.map((row) => row.split(",").slice(0, 2)));
  const [, , told, p, a, b] = cells[1];
  expect(Number(a) + Number(b)).toBeCloseTo(1, 6);
  expect(p).toBe(told === "a" ? a : b);
  // The row that lacks a value keeps its place.
  expect(cells[8].slice(0, 4)).toEqual(["8", "=name 7", "", ""]);
  expect(csvRows(all.stdout)[3].slice(0, 5)).toEqual(["3", "=name 2", "2", "2", "a"]);
  expect([wrong.status, wrong.stderr]).toEqual([
    1,
    expect.stringContaining('a column to keep must be one of its 5 columns, got "ids"'),
  ]);
  const numbers = join(home, "n");
  await run(
    "train",
    "--data",
    table,
    "--missing",
    "skip",
    "--target",
    "x",
    "--task",
    "regression",
    "--epochs",
    "1",
    "--out",
    numbers,
  );
  const refused = await run("predict", numbers, ...read, "--probabilities");
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining("must go with a model of classes")]);
});

test("train takes the table alone too, and finds a folder of its own", async () => {
  const home = mkdtempSync(join(tmpdir(), "tanren-models-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const short = ["--target", "species", "--epochs", "1", "--seed", "7"];
  const [trained, twice, none] = await Promise.all([
    tanren(["train", iris, ...short], { home }),
    tanren(["train", iris, "--data", iris, ...short], { home }),
    tanren(["train", ...short], { home }),
  ]);
  expect([trained.stderr, trained.status]).toEqual(["", 0]);
  const [folder] = readdirSync(join(home, "results", "train"));
  expect(folder).toMatch(/^\d{8}-\d{6}-seed7$/);
  expect(existsSync(join(home, "results", "train", folder, "model.tanren"))).toBe(true);
  expect([twice.status, twice.stderr]).toEqual([2, expect.stringContaining("there must be one table")]);
  expect([none.status, none.stderr]).toEqual([2, expect.stringContaining("Write tanren train FILE.csv")]);
});

test("a table of its own to measure on: after each epoch, on going on, and by settings.json again", async () => {
  const home = mkdtempSync(join(tmpdir(), "tanren-models-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const [header, ...lines] = readFileSync(iris, "utf8").trimEnd().split("\n");
  const fileOf = (name: string, rows: readonly string[]) => {
    writeFileSync(join(home, name), [header, ...rows, ""].join("\n"));
    return join(home, name);
  };
  const table = fileOf(
    "train.csv",
    lines.filter((_, i) => i % 3 > 0),
  );
  // Decimal commas and semicolons: each table is read by what it says of itself.
  const asked = fileOf("test.csv", []);
  const german = (line: string) => line.replaceAll(",", ";").replaceAll(".", ",");
  writeFileSync(asked, [german(header), ...lines.filter((_, i) => i % 3 === 0).map(german), ""].join("\n"));
  const told = ["--data", table, "--target", "species", "--set", "lr=0.02"];
  const measured = ["--validation-data", asked];
  const out = (name: string) => join(home, name);
  const run = (...args: string[]) => tanren(args, { home, pictures: "none" });
  const untold = fileOf(
    "untold.csv",
    lines.map((line) => line.replace(/,[^,]*$/, "")),
  );
  const [share, trained, both, none, lacking] = await Promise.all([
    run("train", ...told, "--validation", "test.csv"),
    run("train", ...told, ...measured, "--epochs", "4", "--patience", "9", "--out", out("a")),
    run("train", ...told, ...measured, "--validation", "0.2"),
    run("train", ...told, "--validation-data", join(home, "tests.csv")),
    run("train", ...told, "--validation-data", untold, "--out", out("c")),
  ]);
  expect([share.status, share.stderr]).toEqual([2, expect.stringContaining("is given with --validation-data")]);
  expect([lacking.status, lacking.stderr]).toEqual([1, expect.stringContaining("untold.csv")]);
  expect(existsSync(out("c"))).toBe(false);
  expect([trained.stderr, trained.status]).toEqual(["", 0]);
  expect([both.status, both.stderr]).toEqual([2, expect.stringContaining("validation rows must be of one kind")]);
  expect([none.status, none.stderr]).toEqual([1, expect.stringContaining("tests.csv: must be readable")]);
  const historyOf = async (name: string) =>
    JSON.parse((await run("inspect", out(name), "--json")).stdout).history as Record<string, number[]>;
  const first = await historyOf("a");
  const figures = JSON.parse((await run("evaluate", out("a"), "--data", asked, "--json")).stdout);
  expect([figures.loss, figures.accuracy]).toEqual([Math.min(...first.valLoss), first.valAccuracy.at(-1)]);
  const again = await run("train", "--settings", join(out("a"), "settings.json"), "--epochs", "7", "--out", out("b"));
  const gone = await run("resume", out("a"), "--epochs", "7", "--quiet");
  expect([again.stderr, gone.stderr]).toEqual(["", ""]);
  expect(await historyOf("a")).toEqual(await historyOf("b"));
  const command = readFileSync(join(out("b"), "run.json"), "utf8");
  expect(JSON.parse(command).settings.validationData).toBe(asked);
});

test("a model that left out rows without a value is measured without them, and its folder is name enough", async () => {
  const home = mkdtempSync(join(tmpdir(), "tanren-models-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const table = join(home, "gaps.csv");
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 8 === 2 ? "" : i},${i % 3},${i % 2 ? "a" : "b"}`);
  writeFileSync(table, `x,y,kind\n${rows.join("\n")}\n`);
  const out = join(home, "out");
  const train = ["train", table, "--target", "kind", "--missing", "skip", "--epochs", "1", "--out", out];
  expect(await tanren([...train, "--dtype", "float64"], { home })).toMatchObject({ status: 0, stderr: "" });
  // The command in its report reads the table as it was read.
  const report = readFileSync(join(out, "report.html"), "utf8");
  expect(report).toContain("--seed 0 --dtype float64 --missing skip --out");
  const [told, figures, strict] = await Promise.all([
    tanren(["predict", out, "--data", table], { home }),
    tanren(["evaluate", out, "--data", table, "--json"], { home }),
    tanren(["evaluate", out, "--data", table, "--missing", "refuse"], { home }),
  ]);
  const lines = told.stdout.trimEnd().split("\n");
  expect(told.stderr).toBe("5 rows lack a value: their predictions are empty\n");
  expect(lines.flatMap((line, i) => (line === "," ? [i - 1] : []))).toEqual([2, 10, 18, 26, 34]);
  expect([lines.length, figures.stderr]).toEqual([41, "5 rows without a value are left out\n"]);
  expect(JSON.parse(figures.stdout).rows).toBe(35);
  expect([strict.status, strict.stderr]).toEqual([1, expect.stringContaining("gaps.csv, line 4: column x must have")]);
});

test("nothing is written over what is read: the table, by whichever name, or the model", async () => {
  const home = mkdtempSync(join(tmpdir(), "tanren-models-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const [out, table, link, twin] = ["out", "series.csv", "link.csv", "twin.csv"].map((name) => join(home, name));
  writeFileSync(table, `x,y\n${Array.from({ length: 20 }, (_, i) => `${i},${i / 2}`).join("\n")}\n`);
  symlinkSync(table, link);
  linkSync(table, twin);
  const model = join(out, "model.tanren");
  await tanren(["train", table, "--target", "y", "--epochs", "1", "--out", out], { home });
  const before = [table, model].map((file) => readFileSync(file, "utf8"));
  const lines = [
    ["predict", model, "--data", table, "--out", table],
    ["predict", model, "--data", table, "--out", link],
    ["predict", model, "--data", link, "--out", twin],
    ["predict", out, "--data", table, "--out", model],
    ["export", out, "--to", "safetensors", "--out", model],
    ["resume", out, "--epochs", "2", "--out", table],
    ["train", table, "--target", "y", "--epochs", "1", "--out", home],
  ];
  const said = await Promise.all(lines.map((args) => tanren(args, { home })));
  for (const [i, { status, stderr, stdout }] of said.entries()) {
    expect([status, stdout], lines[i].join(" ")).toEqual([2, ""]);
    expect(stderr, lines[i].join(" ")).toMatch(
      /^output .*: must be another file than what is read, got .* itself\. .*--out\.\n$/,
    );
  }
  expect([table, model].map((file) => readFileSync(file, "utf8"))).toEqual(before);
});

test("evaluate writes its figures and a picture of them, by the rows that it measured", async () => {
  const home = mkdtempSync(join(tmpdir(), "tanren-models-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const run = (...args: string[]) => tanren(args, { home });
  const table = join(home, "t.csv");
  const rows = Array.from({ length: 60 }, (_, i) => `${i === 4 ? "" : i},${i % 7},${i % 3 ? "a" : "b"},${100000 * i}`);
  writeFileSync(table, `x,y,kind,price\n${rows.join("\n")}\n`);
  const read = ["--data", table, "--missing", "skip"];
  const of = async (target: string, ...more: string[]) => {
    const [model, out] = [join(home, target), join(home, `${target}-measured`)];
    await run("train", ...read, "--target", target, "--features", "x,y", "--epochs", "2", "--out", model);
    const told = await run("evaluate", model, ...read, "--out", out, ...more);
    expect([told.status, told.stdout]).toEqual([0, expect.stringContaining("report.html")]);
    const report = readFileSync(join(out, "report.html"), "utf8");
    return {
      json: JSON.parse(readFileSync(join(out, "evaluation.json"), "utf8")),
      report,
      told: told.stdout,
      files: readdirSync(out).sort(),
    };
  };
  const classes = await of("kind", "--lang", "ja");
  expect(classes.files).toEqual(["evaluation.json", "figure.png", "figure.svg", "report.html"]);
  expect(classes.report).toContain("混同行列");
  expect(classes.told).toMatch(/^ {2}正解率 +[01]?\.?\d+\n/m);
  expect(classes.told).toMatch(/^ {2}クラス +適合率 +再現率 +F1 +行数$/m);
  const counts = (classes.json.confusion as number[][]).flat();
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(59);
  const svg = readFileSync(join(home, "kind-measured", "figure.svg"), "utf8");
  for (const count of counts) {
    expect(svg).toContain(`>${count}</text>`);
  }
  const numbers = await of("price");
  expect(numbers.report).toContain("Predicted over true values");
  expect(numbers.told).toMatch(/^ {2}target +RMSE +MAE +R²$/m);
  const over = await run("evaluate", join(home, "kind"), "--data", table, "--out", join(home, "kind", "model.tanren"));
  expect([over.status, over.stderr.trimEnd().split("\n")]).toEqual([1, [expect.stringContaining("model.tanren")]]);
});
