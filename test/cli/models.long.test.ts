import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tanren } from "../support/cli.ts";

const iris = fileURLToPath(new URL("../../docs/data/iris.csv", import.meta.url));

describe("a model from the command line, every command", () => {
  const home = mkdtempSync(join(tmpdir(), "tanren-models-"));
  const out = join(home, "out");
  const model = join(out, "model.tanren");
  const run = (...args: string[]) => tanren(args, { home });

  afterAll(() => rmSync(home, { recursive: true, force: true }));

  beforeAll(async () => {
    const { status, stderr, stdout } = await run(
      ...["train", "--data", iris, "--target", "species", "--set", "lr=0.02", "--epochs", "20", "--validation", "0.2"],
      ...["--out", out],
    );
    expect([stderr, status]).toEqual(["", 0]);
    expect(stdout).toContain("species holds words: classification  [--task regression]");
  });

  test("writes what a run writes, and the settings that give the same model again", async () => {
    for (const name of ["run.json", "series.csv", "figure.svg", "figure.png", "report.html", "settings.json"]) {
      expect(existsSync(join(out, name)), name).toBe(true);
    }
    const record = JSON.parse(readFileSync(join(out, "run.json"), "utf8"));
    expect(record.series.map(({ metric }: { metric: string }) => metric)).toEqual(["loss", "valLoss", "valAccuracy"]);
    const again = join(home, "again");
    const { status } = await run("train", "--settings", join(out, "settings.json"), "--out", again, "--quiet");
    expect(status).toBe(0);
    expect(readFileSync(join(again, "model.tanren"))).toEqual(readFileSync(model));
  });

  test("tells rows and how well it tells them, goes on, and is written in other formats", async () => {
    const [told, figures, inspected, exported, resumed] = await Promise.all([
      run("predict", model, "--data", iris),
      run("evaluate", model, "--data", iris, "--json"),
      run("inspect", model, "--json"),
      run("export", model, "--to", "safetensors", "--out", join(home, "w.safetensors")),
      run("resume", model, "--epochs", "21", "--out", join(home, "more.tanren"), "--quiet"),
    ]);
    const lines = told.stdout.trimEnd().split("\n");
    expect(lines[0]).toBe("prediction,probability");
    expect(lines).toHaveLength(151);
    expect(JSON.parse(figures.stdout).accuracy).toBeGreaterThan(0.9);
    expect(JSON.parse(inspected.stdout)).toMatchObject({ task: "classification", parameters: 403 });
    expect(exported.status).toBe(0);
    expect(resumed.stdout).toContain("epoch 21");
  });

  test("several targets are numbers or answers by what they hold; evaluate, predict, resume and export take them alike", async () => {
    const rows = Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
    const table = join(home, "several.csv");
    const yes = (x: number) => (x > 0 ? "yes" : "no");
    const lines = rows.map(([x, y]) => [x, y, yes(x), yes(y), 3 * x + 1, x - y, 1 + (x > 0 ? 1 : 0)].join(","));
    writeFileSync(table, `x,y,warm,wet,a,b,count\n${lines.join("\n")}\n`);
    for (const [target, task, head] of [
      ["a,b", "regression", "prediction a,prediction b"],
      ["warm,wet", "multilabel", "prediction warm,probability warm,prediction wet,probability wet"],
    ]) {
      const folder = join(home, task);
      const made = join(folder, "model.tanren");
      const given = ["--data", table, "--target", target, "--features", "x,y", "--sample-weights", "count"];
      const trained = await run(
        "train",
        ...given,
        "--epochs",
        "30",
        "--set",
        "lr=0.03",
        "--accumulate",
        "2",
        "--out",
        folder,
      );
      expect([trained.stderr, trained.stdout.includes(`: ${task}  [--task`)]).toEqual(["", true]);
      const [figures, told, onnx, events, more] = await Promise.all([
        run("evaluate", made, "--data", table, "--json"),
        run("predict", made, "--data", table),
        run("export", made, "--to", "onnx"),
        run("export", made, "--to", "tensorboard"),
        run("resume", made, "--epochs", "31", "--quiet", "--out", join(folder, "more.tanren")),
      ]);
      expect(JSON.parse(figures.stdout)).toMatchObject({ task, rows: 60 });
      expect(told.stdout.split("\n")[0]).toBe(head);
      expect([onnx.status, events.status]).toEqual([0, 0]);
      expect(more.stdout).toContain("epoch 31");
    }
  });

  test("says in a sentence what is wrong: 2 of the flags, 1 of the files", async () => {
    const noModel = join(home, "no.tanren");
    writeFileSync(noModel, "something else");
    const [usage, rule, file] = await Promise.all([
      run("train", "--data", iris, "--out", out),
      run("train", "--data", iris, "--target", "species", "--optimizer", "adm", "--out", out),
      run("predict", noModel, "--data", iris),
    ]);
    expect([usage.status, rule.status, file.status]).toEqual([2, 2, 1]);
    expect(rule.stderr).toContain("Did you mean adam?");
    expect(file.stderr.trim().split("\n")).toHaveLength(1);
  });
});
