import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { TrialRecord } from "../../src/core/trial.ts";
import { ended, startTanren, tanren, temporaryFolder } from "../support/cli.ts";

/** A home with a few objectives in it. */
function homeWithObjectives(): string {
  const home = temporaryFolder();
  const write = (name: string, code: string) => writeFileSync(join(home, name), code);
  write(
    "bowl.ts",
    `export function objective(trial) {
      const x = trial.real("x", { min: -5, max: 5 });
      const y = trial.category("y", [0, 1, 2]);
      for (let step = 0; step < 4; step++) trial.report(x * x + y + 1 / (step + 1), step);
      return x * x + y;
    }
    export const space = { x: { kind: "real", low: -5, high: 5, step: 2.5 }, y: { kind: "category", choices: [0, 1, 2] } };
    `.replace('"x", { min: -5, max: 5 }', '"x", { min: -5, max: 5, step: 2.5 }'),
  );
  write(
    "free.ts",
    `export default function (trial) {
      const x = trial.real("x", { min: 1e-4, max: 10, scale: "log" });
      const y = trial.category("y", ["a", "b"]);
      const z = trial.int("z", { min: 1, max: 9 });
      return Math.abs(Math.log(x)) + (y === "a" ? 1 : 0) + z / 10;
    }`,
  );
  write("trials.csv", "x,y,z,value\n1,a,2,1.2\n");
  write(
    "slow.ts",
    `export default async function (trial) {
      const x = trial.real("x", { min: 0, max: 1 });
      await new Promise((resolve) => setTimeout(resolve, 60));
      return x;
    }`,
  );
  write(
    "bad.ts",
    `export default function (trial) {
      const x = trial.real("x", { min: 0, max: 1 });
      if (trial.number === 0) throw new Error("no luck");
      if (trial.number === 1) return Number.NaN;
      if (trial.number === 2) for (;;);
      return x;
    }`,
  );
  write("nothing.ts", "export const nothing = 1;");
  // Helpers of one's own, and one name of ours misspelt.
  const helpers = "export const spec = { x: 1 }; export const directory = 'here'; export default () => 1;";
  write("upwards.ts", `export const directoin = "maximize"; ${helpers}`);
  write("bounded.ts", `export const constraint = 1; ${helpers}`);
  write("spaced.ts", `export const spaces = { x: { kind: "real", low: 0, high: 1 } }; ${helpers}`);
  write("broken.ts", "export default (trial => {");
  return home;
}

interface StudyJson {
  readonly study: { readonly name: string; readonly direction: string };
  readonly counts: Record<string, number>;
  readonly best: { readonly number: number; readonly value: number } | null;
  readonly trials: TrialRecord[];
}

/** What `--json` printed; the only thing on standard output. */
const jsonOf = ({ stdout }: { stdout: string }): StudyJson => JSON.parse(stdout);
const whatWasTried = ({ trials }: StudyJson) => trials.map(({ number, params, value }) => ({ number, params, value }));

describe("a study from its search to its end", () => {
  test("is searched, listed, shown, written out, gone on with and deleted", async () => {
    const home = homeWithObjectives();
    const run = (...args: string[]) => tanren(args, { home });
    const search = await run("search", "free.ts", "--study", "first", "--trials", "24", "--sampler", "random");
    expect(search).toMatchObject({ status: 0, stderr: "" });
    expect(search.stdout).toContain("24 trials: 24 complete");
    expect(search.stdout).toMatch(/24\/24 {2}[\d.]+ trials\/s/);
    const folder = join(home, "results", "studies", "first");
    expect(readdirSync(folder).sort()).toEqual(
      [
        "study.json",
        "trials.csv",
        "report.html",
        ...["history", "importances", "slice", "contour", "parallel", "edf", "timeline"].flatMap((view) => [
          `${view}.svg`,
          `${view}.png`,
        ]),
      ].sort(),
    );
    const html = readFileSync(join(folder, "report.html"), "utf8");
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|<link|<iframe| on[a-z]+=|@import/i);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);

    const list = await run("study", "list");
    expect(list.stdout).toMatch(/first +random +24 +0 +0 +0 /);
    const show = await run("study", "show", "first", "--view", "slice");
    expect(show.stdout).toContain("Value against each hyper-parameter");
    const csv = (await run("study", "export", "first", "--to", "csv")).stdout.trim().split("\n");
    expect(csv).toHaveLength(25);
    expect(csv[0]).toBe("number,state,value,x,y,z,attempt,started,finished,seconds,error");
    const page = await run("study", "export", "first", "--to", "html", "--out", join(home, "page.html"));
    expect(page).toMatchObject({ status: 0, stderr: "" });
    expect(readFileSync(join(home, "page.html"), "utf8")).toContain("Study first");
    const store = join(home, "tanren.sqlite");
    const over = await run("study", "export", "first", "--to", "csv", "--out", store);
    expect([over.status, over.stderr]).toEqual([2, expect.stringMatching(/must be another file than what is read/)]);

    const more = jsonOf(await run("study", "resume", "first", "--trials", "30", "--json"));
    expect(more.trials.map(({ number }) => number)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    const fewer = await run("study", "resume", "first", "--trials", "5");
    const said = "--trials 5 counts all trials of the study, which has 30: none is added.\n";
    expect([fewer.status, fewer.stderr]).toEqual([0, said]);
    expect(jsonOf(await run("study", "export", "first", "--to", "json")).counts.complete).toBe(30);

    expect(await run("study", "delete", "first")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("--yes"),
    });
    expect((await run("study", "delete", "first", "--yes")).status).toBe(0);
    expect((await run("study", "show", "first")).status).toBe(1);
  });

  test("speaks Japanese", async () => {
    const home = homeWithObjectives();
    const run = (...args: string[]) => tanren([...args, "--lang", "ja"], { home, pictures: "none" });
    const search = await run("search", "free.ts", "--study", "探索1", "--trials", "12", "--workers", "1");
    expect(search).toMatchObject({ status: 0, stderr: "" });
    expect(search.stdout).toContain("12 試行(完了 12)");
    expect((await run("study", "show", "探索1", "--view", "all")).stdout).toContain("ハイパーパラメータの重要度");
    expect((await run("study", "list")).stdout).toContain("サンプラー");
  });
});

test("random, grid and Sobol try the same on one worker and on two", async () => {
  const home = homeWithObjectives();
  for (const [sampler, objective] of [
    ["random", "free.ts"],
    ["sobol", "free.ts"],
    ["grid", "bowl.ts"],
  ]) {
    const [one, two] = await Promise.all(
      ["1", "2"].map((workers) =>
        tanren(
          [
            "search",
            objective,
            "--sampler",
            sampler,
            "--study",
            `${sampler}${workers}`,
            "--trials",
            "20",
            "--seed",
            "5",
            "--workers",
            workers,
            "--json",
          ],
          { home, pictures: "none" },
        ).then(jsonOf),
      ),
    );
    expect(whatWasTried(two), sampler).toEqual(whatWasTried(one));
    expect(one.counts.complete, sampler).toBe(sampler === "grid" ? 15 : 20);
  }
});

test("a network by flags is searched for its validation accuracy", async () => {
  const home = temporaryFolder();
  const args =
    "search --space lr=0.01..1:log --space hidden=8,16 --set epochs=2 --set trainRows=200 --trials 4 --seed 1";
  const { status, stdout, stderr } = await tanren([...args.split(" "), "--workers", "2", "--json"], {
    home,
    pictures: "none",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const { study, trials, best } = JSON.parse(stdout) as StudyJson;
  expect(study.direction).toBe("maximize");
  expect(study.name).toMatch(/^mlp-mnist-\d{8}-\d{6}$/);
  expect(trials.map(({ intermediate }) => intermediate.length)).toEqual([2, 2, 2, 2]);
  expect(best?.value).toBeGreaterThan(0.2);
});

test("Ctrl-C keeps every trial that ended; the command that is printed goes on", async () => {
  const home = homeWithObjectives();
  const child = startTanren(["search", "slow.ts", "--study", "s", "--trials", "40", "--workers", "2"], {
    home,
    pictures: "none",
  });
  let seen = "";
  let stopped = false;
  child.stdout?.on("data", (text) => {
    seen += text;
    if (!stopped && /8\/40/.test(seen)) {
      stopped = true;
      child.kill("SIGINT");
    }
  });
  const { status, stderr } = await ended(child);
  expect(status).toBe(130);
  const command = /Go on with: tanren (.*)/.exec(stderr)?.[1] ?? "";
  expect(command).toBe("study resume s --trials 40");
  const kept = jsonOf(await tanren(["study", "show", "s", "--json"], { home, pictures: "none" }));
  expect(kept.counts.complete).toBeGreaterThanOrEqual(8);
  expect(kept.counts.complete).toBeLessThan(40);
  const whole = jsonOf(await tanren([...command.split(" "), "--json"], { home, pictures: "none" }));
  expect(whole.counts).toMatchObject({ complete: 40, running: 0, waiting: 0, failed: 0 });
  expect(whole.trials.slice(0, 4)).toEqual(kept.trials.slice(0, 4));
});

test("trials that throw, give NaN or never end fail alone, with their reasons", async () => {
  const home = homeWithObjectives();
  const args = "search bad.ts --study b --trials 6 --max-trial-time 2 --workers 1 --sampler random".split(" ");
  const { status, stdout, stderr } = await tanren(args, { home, pictures: "none" });
  expect(status).toBe(0);
  expect(stdout).toContain("6 trials: 3 complete, 3 failed");
  expect(stderr).toContain("no luck");
  expect(stderr).toContain("must give a number, got NaN");
  expect(stderr).toMatch(/must end within 2000 ms/);
});

test("a search whose store is deleted in the middle of it writes what it has seen, says so, and ends with 1", async () => {
  const home = homeWithObjectives();
  writeFileSync(
    join(home, "careless.ts"),
    `import { readdirSync, rmSync } from "node:fs";
    export default function (trial) {
      if (trial.number === 4) readdirSync(".").filter((name) => name.startsWith("s.sqlite")).forEach((name) => rmSync(name));
      return trial.real("x", { min: 0, max: 1 });
    }`,
  );
  const line =
    "search careless.ts --study d --trials 9 --workers 1 --sampler random --store s.sqlite --out out --quiet";
  const { status, stderr } = await tanren(line.split(" "), { home, pictures: "none" });
  expect(status).toBe(1);
  expect(stderr).toMatch(/store can no longer be read\. .* has seen: \d+ trials/);
  expect(stderr).toContain("it was deleted or moved");
  const trials = readFileSync(join(home, "out", "trials.csv"), "utf8").split("\n");
  expect(trials.filter((row) => /^\d+,complete,/.test(row)).length).toBeGreaterThanOrEqual(4);
  expect(readdirSync(join(home, "out"))).toEqual(expect.arrayContaining(["study.json", "report.html", "history.png"]));
});

test("what changed between resumes is named, and the study stays as it is", async () => {
  const home = homeWithObjectives();
  const resume = ["search", "free.ts", "--study", "c", "--sampler", "random", "--workers", "1"];
  await tanren([...resume, "--trials", "3"], { home, pictures: "none" });
  const before = await tanren(["study", "export", "c", "--to", "csv"], { home, pictures: "none" });
  writeFileSync(join(home, "free.ts"), 'export default (trial) => trial.real("x", { min: 1, max: 2 });');
  const changed = await tanren([...resume, "--resume", "--trials", "5"], { home, pictures: "none" });
  expect(changed.status).toBe(2);
  expect(changed.stderr).toContain("x: must be drawn as in the study's earlier trials");
  const seed = await tanren([...resume, "--resume", "--trials", "5", "--seed", "9"], { home, pictures: "none" });
  expect(seed).toMatchObject({ status: 1, stderr: expect.stringContaining("seed must be as when it began, 0, got 9") });
  const after = await tanren(["study", "export", "c", "--to", "csv"], { home, pictures: "none" });
  expect(after.stdout.split("\n").slice(0, 4)).toEqual(before.stdout.split("\n").slice(0, 4));
});

describe("wrong usage is one sentence and writes no study", () => {
  const cases: [args: string, status: number, reason: string][] = [
    ["search", 2, "search: must know what to search, got no --space"],
    ["search --space lr", 2, '--space: must be name=low..high[:log][:step=s] or name=a,b,c, got "lr"'],
    ["search --space lookaheadAlpha=0.1..0.9", 2, "lookaheadAlpha: must go with lookahead, got it without."],
    ["search --space lr=0.1..1 --set swaEvery=3", 2, "swaEvery: must go with swaFrom, got it without."],
    ["search --space lr=0.1..1 --data cifar", 1, "must be a known data set"],
    ["search free.ts --sampler tpp", 2, "Did you mean tpe?"],
    ["search free.ts --sampler random:x=1", 2, "random must have the setting"],
    ["search free.ts --sampler grid", 2, "grid: needs the whole space"],
    ["search free.ts --set epochs=3", 2, "--set: must go with a network by flags"],
    ["search free.ts --dtype float64", 2, "--dtype: must go with a network by flags"],
    ["search free.ts --model mlp:8", 2, "--model: must go with a network by flags"],
    [
      "search free.ts --space x=1e-4..10:log --space y=a,b --space z=1..9 --known trials.csv --out .",
      2,
      "output trials.csv: must be another file than what is read",
    ],
    ["search upwards.ts", 2, "direction, constraints, space, got directoin. Did you mean direction?"],
    ["search bounded.ts", 2, "got constraint. Did you mean constraints?"],
    ["search spaced.ts", 2, "got spaces. Did you mean space?"],
    ["search nothing.ts", 1, 'must export a function "objective" or a default one'],
    ["search broken.ts", 1, "must be a module that loads, got SyntaxError"],
    ["search free.ts --resume --study nowhere", 1, "study nowhere: must be in the store"],
    ["search free.ts --store postgres://u:geheim@127.0.0.1:1/x", 1, "must be reachable, got a refused connection"],
    ["worker --objective free.ts", 2, "--objective: must be that of one study"],
    ["study show x --view histry", 2, "Did you mean history?"],
  ];

  test("whatever is wrong", async () => {
    const home = homeWithObjectives();
    const results: { args: string; status: number | null; stdout: string; stderr: string }[] = [];
    const left = [...cases];
    const work = async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        results.push({ args: next[0], ...(await tanren(next[0].split(" "), { home, pictures: "none" })) });
      }
    };
    await Promise.all([work(), work()]);
    for (const [args, status, reason] of cases) {
      const result = results.find((one) => one.args === args)!;
      expect(result, args).toMatchObject({ status, stdout: "", stderr: expect.stringContaining(reason) });
      expect(result.stderr.trim().split("\n"), args).toHaveLength(1);
      expect(result.stderr, args).not.toContain("geheim");
    }
    const list = await tanren(["study", "list", "--json"], { home, pictures: "none" });
    expect(JSON.parse(list.stdout)).toEqual([]);
  });
});

test("list names the samplers and pruners with their settings", async () => {
  const { stdout } = await tanren(["list", "--json"], { home: temporaryFolder() });
  const { samplers, pruners } = JSON.parse(stdout);
  expect(samplers.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(["random", "grid", "sobol", "tpe", "cma-es"]),
  );
  expect(pruners.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(["median", "percentile", "successive-halving", "hyperband", "threshold", "patient"]),
  );
});
