import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { tanren, temporaryFolder } from "../support/cli.ts";
import { writeIdxFolder } from "../support/idx.ts";

// Each command is a process of its own.
vi.setConfig({ testTimeout: 600_000 });

test("a study goes on with the data it began with, wherever they lie, and refuses others by name", async () => {
  const home = temporaryFolder();
  const other = writeIdxFolder(join(home, "other set"), { train: 200, test: 50 });
  const copy = writeIdxFolder(join(home, "a copy"), { train: 200, test: 50 });
  const fewer = writeIdxFolder(join(home, "fewer"), { train: 180, test: 50, classes: 9 });
  const run = (...args: string[]) => tanren(args, { home, pictures: "none" });
  const search = ["search", "--study", "s", "--space", "lr=0.01..0.1:log", "--sampler", "random", "--workers", "1"];
  const small = ["--set", "epochs=1", "--set", "trainRows=100", "--set", "hiddenSizes=4", "--backend", "wasm"];

  const began = await run(...search, ...small, "--trials", "2", "--data-folder", other, "--json");
  expect(began.stderr).toBe("");
  expect(JSON.parse(began.stdout).study.objective.settings.origin).toMatchObject({
    name: "other set",
    folder: other,
    fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    trainRows: 200,
    testRows: 50,
    classes: 10,
  });

  // Asks for trials and leaves them to others.
  await run("study", "resume", "s", "--trials", "3", "--workers", "0", "--timeout", "1");
  const refusals = [
    await run("study", "resume", "s", "--trials", "3"),
    await run("study", "resume", "s", "--trials", "3", "--data-folder", fewer),
    await run(...search, ...small, "--trials", "3", "--resume", "--data-folder", fewer),
    await run("worker", "--study", "s", "--until-done", "--threads", "1"),
  ];
  for (const { status, stderr } of refusals) {
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /must go on with the data it began with, other set [0-9a-f]{8} \(200 \+ 50 rows, 10 classes\)/,
    );
    expect(stderr).toContain(other);
    expect(stderr).toMatch(/got (mnist [0-9a-f]{8} \(60,000 \+ 10,000 rows, 10 classes\)|fewer [0-9a-f]{8} \(180)/);
  }

  const same = await run("study", "resume", "s", "--trials", "3", "--data-folder", copy, "--json");
  expect(JSON.parse(same.stdout).counts.complete).toBe(3);
  const again = await run(...search, ...small, "--trials", "4", "--resume", "--data-folder", copy, "--json");
  expect(JSON.parse(again.stdout).counts.complete).toBe(4);
});
