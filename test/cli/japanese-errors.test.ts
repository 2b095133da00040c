import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { bundled } from "../support/bundle.ts";
import { type Ended, ended, temporaryFolder } from "../support/cli.ts";

const main = pathToFileURL(bundled("command")).href;
const driver = fileURLToPath(new URL("../support/many-lines.mjs", import.meta.url));

const run = (...args: string[]) => ["run", "optimizer-paths", ...args];
const network = (...args: string[]) => ["run", "optimizer-comparison", ...args];
const toy = (...args: string[]) => ["search", "--data", "mnist", ...args];

/** Command lines that are wrong in one way each. Paths are of the folder that {@link lay} fills. */
const wrong: readonly (readonly [what: string, args: readonly string[]])[] = [
  ["an unknown command", ["rnu"]],
  ["an unknown command without a near one", ["zzzzzzzz"]],
  ["an unknown command of study", ["study", "shw"]],
  ["an unknown option", run("--sed", "1")],
  ["an unknown short option", run("-q")],
  ["a missing argument", ["run"]],
  ["a missing value of an option", run("--seed")],
  ["a missing option", ["study", "export", "first"]],
  ["too many arguments", ["list", "a", "b", "c"]],
  ["an unknown backend", run("--backend", "gpu")],
  ["a negative seed", run("--seed", "-1")],
  ["a seed that is no number", run("--seed", "one")],
  ["seeds the wrong way round", run("--seeds", "9..1")],
  ["an unknown experiment", ["run", "optimizer-comparson"]],
  ["an experiment that resembles none", ["run", "zzzzzzzzzzzz"]],
  ["an unknown preset", run("--preset", "bok")],
  ["an unknown setting", run("--set", "SGD.rl=1")],
  ["a setting without a value", run("--set", "iterations")],
  ["a setting given twice", run("--set", "SGD.lr=1", "--set", "SGD.lr=2")],
  ["a whole number out of range", run("--set", "iterations=0")],
  ["a number that is none", run("--set", "SGD.lr=fast")],
  ["an unknown word of a list", network("--set", "optimizers=Adm")],
  ["a word named twice", network("--set", "optimizers=Adam,Adam")],
  ["an unknown choice", network("--set", "activation=rely")],
  ["an unknown initialiser", network("--set", "weightInit=hee")],
  ["layers of an unknown word", ["train", "notes.txt", "--target", "b", "--model", "afine 16", "--out", "fresh"]],
  ["an option of no experiment", network("--set", "zzzzzzzzzz=1")],
  ["layers of no width", network("--set", "hiddenSizes=0")],
  ["a formula that breaks off", run("--set", "surface=x^2 +")],
  ["a rule of unknown names", network("--set", "rule=w = w - lr * q")],
  ["a data folder that is not there", network("--data", "nowhere")],
  ["a data folder without its files", network("--data", "empty")],
  ["data cut short", network("--data", "damaged")],
  ["an output folder that is a file", run("--out", "notes.txt")],
  ["a control character in the output's name", run("--out", "a\u0007b")],
  ["an unknown data set", ["data", "get", "mnits"]],
  ["a table that is not there", ["data", "read", "nowhere.csv"]],
  ["a table that is a folder", ["data", "read", "empty"]],
  ["an unknown decimal sign", ["data", "read", "notes.txt", "--decimal", "comm"]],
  ["a column without its kind", ["data", "read", "notes.txt", "--column", "a"]],
  ["a search of nothing", toy()],
  ["a search of an unknown model", toy("--model", "cnn", "--space", "lr=1e-4..1:log")],
  ["a search that resumes nothing", toy("--resume", "--space", "lr=1e-4..1:log")],
  ["an objective that is not there", ["search", "nowhere.ts"]],
  ["an unknown direction", ["search", "nowhere.ts", "--direction", "up"]],
  ["a mirror that is no address", ["data", "get", "mnist", "--mirror", "here"]],
  ["a token that is too short", ["studio", "--token", "short"]],
];

function lay(folder: string): void {
  mkdirSync(join(folder, "empty"));
  mkdirSync(join(folder, "damaged"));
  writeFileSync(join(folder, "notes.txt"), "a,b\n1,2\n");
  const cut = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 9, 1, 2);
  for (const name of ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"]) {
    writeFileSync(join(folder, "damaged", `${name}-ubyte`), cut);
  }
}

/** All command lines in one process, each with `--lang language`. */
async function said(language: "en" | "ja"): Promise<Ended[]> {
  const folder = temporaryFolder();
  lay(folder);
  const lines = wrong.map(([, args]) => [...args, "--lang", language]);
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", driver, main, JSON.stringify(lines)],
    {
      cwd: folder,
      env: { ...process.env, LANG: "C", LC_ALL: "", TANREN_HOME: folder, TANREN_STORE: "" },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  onTestFinished(() => void child.kill());
  const { stdout, stderr } = await ended(child);
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Ended[];
}

const japanese = /[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u;
const englishSentence =
  /\b(must (be|hold|have|go|know|stay|give|load)|Give |Did you mean|Known|Allowed|Expected|Run it|Check|Leave|Write|is invalid|unknown|missing)\b/;

test("in Japanese each wrong command line is told in one Japanese line", { timeout: 300_000 }, async () => {
  const bad = (await said("ja")).map(({ status, stdout, stderr }, i) => ({
    what: wrong[i][0],
    status,
    stdout,
    stderr,
  }));
  const told = bad.filter(
    ({ status, stderr, stdout }) =>
      (status !== 1 && status !== 2) ||
      stdout !== "" ||
      !japanese.test(stderr) ||
      englishSentence.test(stderr) ||
      stderr.indexOf("\n") !== stderr.length - 1,
  );
  expect(told).toEqual([]);
});

test("in English each is told in one English line", { timeout: 300_000 }, async () => {
  const bad = (await said("en")).map(({ stderr, status }, i) => ({ what: wrong[i][0], status, stderr }));
  expect(
    bad.filter(
      ({ stderr, status }) =>
        status === 0 ||
        !englishSentence.test(stderr) ||
        japanese.test(stderr) ||
        stderr.indexOf("\n") !== stderr.length - 1,
    ),
  ).toEqual([]);
});
