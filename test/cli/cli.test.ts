import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { version } from "../../src/core/version.ts";
import { fastBackends } from "../support/backends.ts";
import { tanren, temporaryFolder } from "../support/cli.ts";
import { few } from "../support/few.ts";

const short = ["run", "optimizer-comparison", "--set", "iterations=40", "--set", "hiddenSizes=20,20"];

describe("wrong usage ends with exit 2 and a sentence that helps", () => {
  test.each<[string, string[], RegExp]>([
    [
      "an unknown experiment",
      ["run", "optimizer-comparson"],
      /got "optimizer-comparson"\. Did you mean optimizer-comparison\?/,
    ],
    ["an unknown command", ["rnu"], /^tanren: must be a known command, got "rnu"\. Did you mean run\?\n$/],
    [
      "a setting that is no option",
      ["train", "t.csv", "--target", "y", "--lr", "0.1"],
      /^train: must be a known option, got "--lr"\. Write --set lr=VALUE\.\n$/,
    ],
    [
      "an experiment's setting that is no option",
      ["run", "optimizer-comparison", "--iterations=5"],
      /^run: must be a known option, got "--iterations=5"\. Write --set iterations=VALUE\.\n$/,
    ],
    ["a setting under its long name", ["search", "--learning-rate", "1"], /Write --set lr=VALUE\.\n$/],
    [
      "an unknown option",
      ["run", "optimizer-paths", "--sed", "1"],
      /^run: must be a known option, got "--sed"\. Did you mean --seed or --set\?\n$/,
    ],
    [
      "an unknown setting",
      ["run", "optimizer-paths", "--set", "SGD.rl=1"],
      /SGD\.rl: no such setting\. Did you mean SGD\.lr\?/,
    ],
    [
      "a setting that is no number",
      ["run", "optimizer-paths", "--set", "SGD.lr=fast"],
      /SGD\.lr: must be a number in .* got "fast"/,
    ],
    [
      "a setting out of range",
      ["run", "optimizer-paths", "--set", "iterations=0"],
      /iterations: must be a whole number in \[1, 10000\], got "0"/,
    ],
    [
      "layers of an unknown word",
      ["train", "--data", "nowhere.csv", "--target", "y", "--model", "afine 16", "--out", "fresh"],
      /^network, line 1, column 1: .* got "afine"\. Did you mean affine\?\n$/,
    ],
    ["a setting without a value", ["run", "optimizer-paths", "--set", "iterations"], /--set: must be name=value/],
    [
      "an unknown optimizer",
      ["run", "optimizer-comparison", "--set", "optimizers=Adm"],
      /got "Adm"\. Did you mean Adam\?/,
    ],
    [
      "an unknown initialiser",
      ["run", "optimizer-comparison", "--set", "weightInit=hee"],
      /got "hee"\. Did you mean he\?/,
    ],
    ["an unknown preset", ["run", "optimizer-paths", "--preset", "bok"], /got "bok"\. Did you mean book\?/],
    [
      "an unknown backend",
      ["run", "optimizer-paths", "--backend", "gpu"],
      /^--backend: must be one of auto, .*, reference, got "gpu"\. Run it with --help to see what there is\.\n$/,
    ],
    [
      "a mistyped backend",
      ["run", "optimizer-paths", "--backend", "wsam"],
      /^--backend: must be one of auto, .*, reference, got "wsam"\. Did you mean wasm\?\n$/,
    ],
    ["a seed that is none", ["run", "optimizer-paths", "--seed", "-1"], /whole number in \[0, 4294967295\]/],
    ["an unknown language", ["list", "--lang", "fr"], /--lang: must be one of en, ja, got "fr"/],
    ["no experiment", ["run"], /^run: the argument <experiment> must be given, got none\. .*--help.*\n$/],
    [
      "seeds that are no range",
      ["run", "optimizer-paths", "--seeds", "1-3"],
      /^--seeds: must be A\.\.B .*, got "1-3"\. /,
    ],
    [
      "one seed and several",
      ["run", "optimizer-paths", "--seed", "3", "--seeds", "0..1"],
      /^run: of the options --seeds <a\.\.b> and --seed <n> one must be left out, got both\./,
    ],
    [
      "a control character",
      ["run", "optimizer-paths", "--\u001b[31m"],
      /^run: must be a known option, got "--\\u001b\[31m"/,
    ],
  ])("%s", async (_, args, message) => {
    const { status, stdout, stderr } = await tanren(args, { home: temporaryFolder() });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});

describe("what cannot be done ends with exit 1 and says why", () => {
  test("an output folder that is a file, before anything is trained", async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, "taken"), "");
    const { status, stderr } = await tanren([...short, "--out", "taken/here"], { home });
    expect(stderr).toMatch(
      /output .*taken.*must be writable, got a file where a folder should be\. Give another with --out\./,
    );
    expect(status).toBe(1);
  });

  test("data that are not MNIST", async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, "train-images-idx3-ubyte"), "not an image");
    const { status, stderr } = await tanren([...short, "--data", home], { home });
    expect(stderr).toMatch(/must/);
    expect(status).toBe(1);
  });

  test("native kernels that are not there; auto goes on with WASM, and doctor says why", async () => {
    const home = temporaryFolder();
    const env = { TANREN_NATIVE: "0" };
    const native = await tanren([...short, "--backend", "native", "--out", "a"], { home, env });
    expect(native.stderr).toMatch(/native kernels must have been built, got none.*--backend wasm/);
    expect(native.status).toBe(1);
    const auto = await tanren([...short, "--json", "--out", "b"], { home, env, pictures: "none" });
    expect(JSON.parse(auto.stdout).engine.kernels).toMatch(/^wasm-/);
    const doctor = await tanren(["doctor", "--json"], { home, env });
    expect(JSON.parse(doctor.stdout).kernels[0]).toEqual({
      name: "native",
      available: false,
      reason: "TANREN_NATIVE=0 leaves them out",
    });
    const inJapanese = await tanren(["--lang", "ja", "doctor"], { home, env });
    expect(inJapanese.stdout).toContain("  – native: TANREN_NATIVE=0 が指定されています\n");
  });

  test("native kernels of a narrower processor, by name; names that this one has not are told", async () => {
    const home = temporaryFolder();
    const run = (native: string) =>
      tanren([...short, "--json"], { home, env: { TANREN_NATIVE: native }, pictures: "none" });
    expect(JSON.parse((await run("generic")).stdout).engine.kernels).toBe("native-generic");
    const { status, stderr } = await run("sse9");
    expect(stderr).toMatch(
      /^TANREN_NATIVE: must be one of 0, 1, .*generic on this processor, got "sse9"\. Unset it, or name one of them\.$/m,
    );
    expect(status).toBe(1);
  });

  test("a store that is no database, when it was named", async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, "store"), "x".repeat(5000));
    const { status, stderr } = await tanren([...short, "--store", "store"], { home });
    expect(stderr).toMatch(/run store .*[/\\]store: must/);
    expect(status).toBe(1);
    expect(readFileSync(join(home, "store"), "utf8")).toBe("x".repeat(5000));
  });

  test("a run nobody recorded", async () => {
    const { status, stderr } = await tanren(["show", "latest"], { home: temporaryFolder() });
    expect(stderr).toMatch(/must be a recorded run.*store is empty/);
    expect(status).toBe(1);
  });
});

describe("a run", () => {
  test("writes every file, and show gives the same record back without training", async () => {
    const home = temporaryFolder();
    const run = await tanren([...short, "--seed", "5", "--out", "out", "--json"], { home });
    expect(run.status).toBe(0);
    const names = ["figure.png", "figure.svg", "report.html", "run.json", "series.csv"];
    expect(readdirSync(join(home, "out")).sort()).toEqual(names);
    const record = JSON.parse(readFileSync(join(home, "out", "run.json"), "utf8"));
    expect(JSON.parse(run.stdout)).toEqual(record);
    expect(record).toMatchObject({ tanren: version, experiment: "optimizer-comparison", preset: "book", seed: 5 });
    expect(record.settings).toMatchObject({ iterations: 40, hiddenSizes: [20, 20], batchSize: 128, "SGD.lr": 0.01 });
    expect(record.series.map((s: { y: number[] }) => s.y.length)).toEqual([40, 40, 40, 40]);
    const lines = readFileSync(join(home, "out", "series.csv"), "utf8")
      .trim()
      .split("\n");
    expect(lines.length).toBe(161);
    expect(lines[0]).toBe("run,metric,x,y");
    expect(lines[1]).toBe(`SGD,loss,0,${record.series[0].y[0]}`);
    const shown = await tanren(["show", "latest", "--json", "--out", "again"], { home });
    expect(JSON.parse(shown.stdout)).toEqual(record);
    for (const name of names) {
      expect(readFileSync(join(home, "again", name)).equals(readFileSync(join(home, "out", name))), name).toBe(true);
    }
  });

  test("prints plain lines where there is no terminal, in the language asked for", async () => {
    const home = temporaryFolder();
    const { stdout, stderr, status } = await tanren([...short, "--lang", "ja"], { home, pictures: "none" });
    expect(status).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/MNISTによる更新則の比較/);
    expect(stdout).toMatch(/最初の損失/);
    expect(stdout).not.toContain("\u001b");
    expect(existsSync(join(home, "results", "optimizer-comparison"))).toBe(true);
  });

  test("takes its language from the locale", async () => {
    const home = temporaryFolder();
    const { stdout } = await tanren(["run", "optimizer-paths", "--quiet"], {
      home,
      env: { LANG: "ja_JP.UTF-8" },
      pictures: "none",
    });
    expect(stdout).toMatch(/更新則/);
  });

  test("of several seeds gives each a folder, and beside them median and band with a table", async () => {
    const home = temporaryFolder();
    const { stdout } = await tanren([...short, "--seeds", "3..4", "--out", "out", "--quiet"], { home });
    const folder = join(home, "out", "optimizer-comparison");
    expect(readdirSync(folder).sort()).toEqual(["figure.png", "figure.svg", "seed3", "seed4", "seeds.csv"]);
    expect(JSON.parse(readFileSync(join(folder, "seed4", "run.json"), "utf8")).seed).toBe(4);
    expect(readFileSync(join(folder, "seeds.csv"), "utf8").trim().split("\n")).toHaveLength(161);
    expect(stdout).toMatch(/SGD +loss +\d\.\d+ ± \d\.\d+/);
  });

  test("of several experiments gives each a folder", async () => {
    const home = temporaryFolder();
    await tanren(["run", "optimizer-paths", "activation-histograms", "--out", "out", "--quiet"], {
      home,
      pictures: "none",
    });
    expect(readdirSync(join(home, "out")).sort()).toEqual(["activation-histograms", "optimizer-paths"]);
  });

  test("that diverges goes on, says where, and leaves the others alone", async () => {
    const home = temporaryFolder();
    const { stdout, stderr, status } = await tanren([...short, "--set", "SGD.lr=1e30", "--json", "--out", "o"], {
      home,
      pictures: "none",
    });
    expect(status).toBe(0);
    expect(stderr).toMatch(/SGD: every activation must be finite.*at step/);
    const { series, events } = JSON.parse(stdout);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      kind: "diverged",
      run: "SGD",
      layer: expect.stringMatching(/^(affine|relu)\d$/),
    });
    expect(series[0].y.at(-1)).toBeNull();
    expect(series[3].y.at(-1)).toBeGreaterThan(0);
  });

  test("goes on without the user's own store when that cannot be opened, and says so", async () => {
    const home = temporaryFolder();
    mkdirSync(join(home, "tanren.sqlite"));
    const { status, stderr } = await tanren([...short, "--quiet", "--out", "o"], { home, pictures: "none" });
    expect(stderr).toMatch(/must be a file, got a folder.*not recorded/);
    expect(status).toBe(0);
    expect(existsSync(join(home, "o", "run.json"))).toBe(true);
  });
});

test("compare shows what differs and draws the runs together", async () => {
  const home = temporaryFolder();
  for (const seed of ["1", "2"]) {
    await tanren([...short, "--seed", seed, "--quiet"], { home, pictures: "none" });
  }
  await tanren(["run", "optimizer-paths", "--quiet"], { home, pictures: "none" });
  const runs = JSON.parse((await tanren(["show", "--json"], { home })).stdout) as { id: string; experiment: string }[];
  const ids = runs.filter(({ experiment }) => experiment === "optimizer-comparison").map(({ id }) => id);
  const { stdout, status } = await tanren(["compare", ...ids, "--out", "both"], { home });
  expect(status).toBe(0);
  expect(stdout).toMatch(/seed +2 +1/);
  expect(stdout).toMatch(/SGD \(seed=1\)/);
  expect(readdirSync(join(home, "both"))).toContain("figure.svg");
  const mixed = await tanren(["compare", ...runs.map(({ id }) => id)], { home });
  expect(mixed.stderr).toMatch(/runs must be of one experiment/);
  expect(mixed.status).toBe(1);
});

test("settings that change nothing beside the others are said, in both languages, and the run goes on", async () => {
  const home = temporaryFolder();
  const sets = ["optimizers=SGD", "iterations=2", "trainRows=300", "SGD.lr=0.1", "Adam.lr=0.1"];
  const details = ["training.swaFrom=1", "training.swaEvery=2", "training.lookaheadAlpha=0.3"];
  const args = ["run", "optimizer-comparison", "--quiet", ...[...sets, ...details].flatMap((set) => ["--set", set])];
  const options = { home, pictures: "none" as const };
  const [en, ja] = [await tanren(args, options), await tanren([...args, "--lang", "ja"], options)];
  expect([en.status, en.stderr.split("\n")]).toEqual([
    0,
    [
      "Adam.lr: changes nothing, since optimizers does not name Adam",
      "training.lookaheadAlpha: changes nothing without training.lookahead",
      "",
    ],
  ]);
  expect(ja.stderr).toContain("Adam.lr: optimizers で Adam を選んでいないため、何も変わりません");
  const paths = await tanren(["run", "optimizer-paths", "--quiet", "--data", home], options);
  expect([paths.status, paths.stderr]).toEqual([0, "--data: changes nothing, since no data set is used\n"]);
});

test("list --json names everything, with ranges and both languages", async () => {
  const { stdout } = await tanren(["list", "--json"], { home: temporaryFolder() });
  const all = JSON.parse(stdout);
  expect(Object.keys(all)).toEqual([
    "experiments",
    "optimizers",
    "layers",
    "initialisers",
    "schedules",
    "samplers",
    "pruners",
    "losses",
    "datasets",
  ]);
  for (const experiment of all.experiments) {
    for (const { name, range, about } of experiment.settings) {
      expect(range, name).not.toBe("");
      expect(about, name).toMatchObject({ en: expect.stringMatching(/./), ja: expect.stringMatching(/./) });
    }
  }
});

test("list tells of one kind alone, of all together the same", async () => {
  const home = temporaryFolder();
  const told = (...args: string[]) => tanren(["list", ...args], { home });
  const all = JSON.parse((await told("--json")).stdout);
  const whole = (await told()).stdout;
  for (const kind of ["losses", ...few(2, Object.keys(all))]) {
    const { stdout } = await told(kind);
    expect(stdout.split("\n").filter((line) => line.startsWith("  "))).toHaveLength(all[kind].length);
    expect(whole).toContain(stdout);
    expect(JSON.parse((await told(kind, "--json")).stdout)).toEqual(all[kind]);
  }
  const { status, stderr } = await told("optimizer");
  expect([status, stderr]).toEqual([2, expect.stringContaining('got "optimizer". Did you mean optimizers?')]);
});

test("gradcheck passes on a set of kernels, whichever", async () => {
  for (const backend of few(2, [...fastBackends, "reference"])) {
    // The plain loops are slow, and are the same at every size.
    const size = backend === "reference" ? ["--hidden", "8,8", "--inputs", "10", "--rows", "8"] : [];
    const { stdout, status } = await tanren(["gradcheck", "--json", "--backend", backend, "--samples", "8", ...size], {
      home: temporaryFolder(),
    });
    expect(JSON.parse(stdout).passed, backend).toBe(true);
    expect(status).toBe(0);
  }
});

describe("data", () => {
  test("verify passes for the package's files and fails for others", async () => {
    const home = temporaryFolder();
    expect((await tanren(["data", "verify", "mnist"], { home })).status).toBe(0);
    writeFileSync(join(home, "train-images-idx3-ubyte"), "wrong");
    const { status, stderr } = await tanren(["data", "verify", "mnist", "--from", home], { home });
    expect(status).toBe(1);
    expect(stderr).toMatch(/MD5 must be 6bbc9ace898e44ae57da46a324031adb, got/);
    expect(stderr).toMatch(/t10k-labels-idx1-ubyte: missing/);
  });

  test("get copies a sound folder into the user's own, and refuses a damaged one", async () => {
    const home = temporaryFolder();
    const carried = JSON.parse((await tanren(["data", "list", "--json"], { home })).stdout)[0].folder;
    expect((await tanren(["data", "get", "mnist", "--from", carried], { home })).status).toBe(0);
    expect(JSON.parse((await tanren(["data", "list", "--json"], { home })).stdout)[0].origin).toBe("downloaded");
    writeFileSync(join(home, "train-images-idx3-ubyte"), "wrong");
    const refused = await tanren(["data", "get", "mnist", "--from", home], { home });
    expect(refused.stderr).toMatch(/must have the MD5/);
    expect(refused.status).toBe(1);
  });

  test("an unknown set is named with the nearest", async () => {
    const { stderr } = await tanren(["data", "get", "mnits"], { home: temporaryFolder() });
    expect(stderr).toMatch(/got "mnits"\. Did you mean mnist\?/);
  });
});

test("help and version go to standard output", async () => {
  const home = temporaryFolder();
  const { stdout, status } = await tanren(["run", "--help"], { home });
  expect(stdout).toMatch(/Usage: tanren run/);
  expect(status).toBe(0);
  expect((await tanren(["--version"], { home })).stdout.trim()).toBe(version);
});

test("TANREN_STORE may name a database for studies: runs stay in their file", async () => {
  const home = temporaryFolder();
  const env = { TANREN_STORE: "postgres://nobody:secret@127.0.0.1:1/none" };
  const { status, stderr } = await tanren(["run", "optimizer-paths", "--quiet", "--out", join(home, "out")], {
    home,
    env,
    pictures: "none",
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(existsSync(join(home, "tanren.sqlite"))).toBe(true);
});
