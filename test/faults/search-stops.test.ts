import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { ended, startTanren, tanren, temporaryFolder } from "../support/cli.ts";

// Each command is a process of its own, on a machine that may be busy: none of these measures time.
vi.setConfig({ testTimeout: 600_000 });

const objectives = {
  "imports.mjs": "console.error('begun'); for (;;); export default () => 1;",
  "busy.mjs": "export default () => { console.error('begun'); for (;;); };",
  "never.mjs": "export default () => { console.error('begun'); return new Promise(() => {}); };",
  "reports.mjs":
    "export default (trial) => { for (let i = 0; ; i++) { trial.report(i, i); if (i === 5000) console.error('begun'); } };",
  "waits.mjs": "await new Promise(() => {}); export default () => 1;",
  "prints.mjs": `console.log("loaded");
    export default (trial) => { console.log("a print"); process.stdout.write("{}\\n"); return trial.real("x", { min: 0, max: 1 }); };`,
};

function homeOf(names: readonly (keyof typeof objectives)[]): string {
  const home = temporaryFolder();
  for (const name of names) {
    writeFileSync(join(home, name), objectives[name]);
  }
  return home;
}

test.each([
  ["a module that loops as it is imported", "imports.mjs", "SIGINT"],
  ["an objective that computes for ever", "busy.mjs", "SIGINT"],
  ["an objective that waits for ever", "never.mjs", "SIGTERM"],
  ["an objective that reports for ever", "reports.mjs", "SIGINT"],
] as const)("a search stops when it is asked to: %s", async (_, name, signal) => {
  const home = homeOf([name]);
  const child = startTanren(["search", name, "--study", "s", "--trials", "3", "--workers", "2"], {
    home,
    pictures: "none",
  });
  let asked = false;
  child.stderr?.on("data", (text) => {
    // Once: several threads may say it, and a second Ctrl-C ends a process at once.
    if (!asked && String(text).includes("begun")) {
      asked = true;
      child.kill(signal);
    }
  });
  const { status, stderr } = await ended(child);
  expect(status).toBe(130);
  expect(stderr).toContain("interrupted:");
  if (name === "imports.mjs") {
    // Nothing was begun, nothing is there.
    expect(readdirSync(home)).toEqual([name]);
  }
});

test("the time-out holds for the loading of an objective too", async () => {
  const home = homeOf(["imports.mjs"]);
  const { status, stderr } = await tanren(["search", "imports.mjs", "--study", "s", "--timeout", "1"], {
    home,
    pictures: "none",
  });
  expect(status).toBe(1);
  expect(stderr).toContain(
    "objective imports.mjs: must load within the time-out of 1 s, got a module that still loads.",
  );
  expect(readdirSync(home)).toEqual(["imports.mjs"]);
});

test("a module that waits at its top level for what never comes is said to", async () => {
  const home = homeOf(["waits.mjs"]);
  expect(await tanren(["search", "waits.mjs", "--study", "s"], { home, pictures: "none" })).toEqual({
    status: 1,
    stdout: "",
    stderr:
      "objective waits.mjs: must be a module that loads, got one that waits at its top level for what never comes. Look at its await outside of functions.\n",
  });
});

test("what an objective prints is not on standard output beside JSON", async () => {
  const home = homeOf(["prints.mjs"]);
  const { stdout, stderr } = await tanren(["search", "prints.mjs", "--study", "s", "--trials", "2", "--json"], {
    home,
  });
  expect(JSON.parse(stdout).counts.complete).toBe(2);
  expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  expect(stderr).toContain("a print");
});

test("nothing is made before everything is checked", async () => {
  const home = homeOf(["busy.mjs"]);
  writeFileSync(join(home, "a file"), "");
  const wrong = [
    ["busy.mjs", "--out", join("a file", "out")],
    ["busy.mjs", "--sampler", "tpee"],
    ["busy.mjs", "--pruner", "mediann"],
    ["busy.mjs", "--space", "x=2..1"],
    ["busy.mjs", "--space", "x=0..1", "--space", "x=0..2"],
    ["busy.mjs", "--space", "x=0..1", "--try", "y=1"],
    ["busy.mjs", "--study", ""],
    ["busy.mjs", "--study", "two\nlines"],
    ["busy.mjs", "--data-folder", "nowhere"],
    ["nowhere.mjs"],
    ["--space", "lr=0.1..1", "--set", "epochs=1", "--set", "epochs=2"],
    ["--space", "lr=0.1..1", "--data-folder", "."],
  ];
  const before = readdirSync(home).sort();
  for (const args of wrong) {
    const given = args.includes("--study") ? args : [...args, "--study", "s"];
    const { status, stderr } = await tanren(["search", ...given], { home, pictures: "none" });
    expect({ args, status: status === 1 || status === 2, lines: stderr.trimEnd().split("\n").length }).toEqual({
      args,
      status: true,
      lines: 1,
    });
    expect({ args, there: readdirSync(home).sort() }).toEqual({ args, there: before });
  }
});

test("a study may be called anything printable; its folder stays where studies are", async () => {
  const home = temporaryFolder();
  writeFileSync(join(home, "bowl.mjs"), 'export default (trial) => trial.real("x", { min: 0, max: 1 });');
  const names = ["..", "../x", "a|b", "quote\" and '%"];
  for (const name of names) {
    const { status } = await tanren(
      ["search", "bowl.mjs", "--trials", "1", "--workers", "1", "--quiet", `--study=${name}`],
      { home, pictures: "none" },
    );
    expect({ name, status }).toEqual({ name, status: 0 });
  }
  expect(readdirSync(home).sort()).toEqual(["bowl.mjs", "results", "tanren.sqlite"]);
  const folders = readdirSync(join(home, "results", "studies"));
  expect(folders).toHaveLength(names.length);
  expect(folders).toEqual(expect.arrayContaining(["%2E%2E", "%2E.%2Fx", "a%7Cb"]));
  for (const folder of folders) {
    expect(existsSync(join(home, "results", "studies", folder, "trials.csv"))).toBe(true);
  }
  const list = JSON.parse((await tanren(["study", "list", "--json"], { home, pictures: "none" })).stdout);
  const listed = (Array.isArray(list) ? list : list.studies) as { name: string }[];
  expect(listed.map(({ name }) => name).sort()).toEqual(names.toSorted());
});

test("what others have written commands no terminal", async () => {
  const home = temporaryFolder();
  writeFileSync(
    join(home, "escapes.mjs"),
    `export default (trial) => {
       const c = trial.category("c\\u001b[2J", ["\\u001b]0;title\\u0007", "b\\u009b31m"]);
       if (trial.number === 0) throw new Error("red \\u001b[31m and\\u0007");
       return 1;
     };`,
  );
  const search = await tanren(["search", "escapes.mjs", "--study", "s", "--trials", "4", "--workers", "1"], {
    home,
    pictures: "none",
  });
  const show = await tanren(["study", "show", "s", "--view", "all"], { home, pictures: "none" });
  const list = await tanren(["study", "list"], { home, pictures: "none" });
  for (const { status, stdout, stderr } of [search, show, list]) {
    expect(status).toBe(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  }
  expect(search.stderr).toContain("red \\u001b[31m and\\u0007");
});
