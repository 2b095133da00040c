import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { tablePages, withTables } from "../../scripts/settings-table.ts";
import { readOptions } from "../../src/cli/read-flags.ts";
import { settingTexts } from "../../src/cli/training/setting-flags.ts";
import { type TrainFlags, trainSettings } from "../../src/cli/training/train-settings.ts";
import { flagOf } from "../../src/core/command-words.ts";
import { TanrenError } from "../../src/core/errors.ts";
import { inLanguage } from "../../src/core/text.ts";
import { ownData, ownDataSettings } from "../../src/experiments/own-data/own-data.ts";
import { fitOptionsOf, fitSettings, lossOfSettings } from "../../src/model/fit-settings.ts";
import type { Schedule } from "../../src/schedule/schedule.ts";

const folder = mkdtempSync(join(tmpdir(), "tanren-settings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const flags = (more: Partial<Record<keyof TrainFlags | keyof typeof fitSettings, unknown>> = {}): TrainFlags =>
  ({ data: "rows.csv", target: "y", set: [], column: [], ...more }) as TrainFlags;

const refused = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return error instanceof TanrenError ? [inLanguage(error.text, "en"), inLanguage(error.text, "ja")] : error;
  }
  throw new Error("nothing was thrown");
};

test("flags count more than --set, and --set more than the file", () => {
  const settings = file("order.yaml", "epochs: 1\nbatchSize: 1\nlr: 0.1\nseed: 7\nread:\n  separator: ';'\n");
  const { values, seed, read } = trainSettings(
    flags({ settings, set: ["batchSize=2", "epochs=2"], epochs: "3", encoding: "utf-8" }),
  );
  expect(values).toEqual({ epochs: 3, batchSize: 2, lr: 0.1 });
  expect([seed, read.separator, read.encoding]).toEqual([7, ";", "utf-8"]);
});

test("what the command line says of network and table stands above the file, and columns beside its", () => {
  const settings = file("beneath.yaml", "model: mlp:3\nread:\n  decimal: comma\n  column: [zip=category]\n");
  const { model, read } = trainSettings(flags({ settings, model: "mlp:4", decimal: "point", column: ["day=date"] }));
  expect([model, read.decimal]).toEqual(["mlp:4", "point"]);
  expect(readOptions(read).kinds).toEqual({ zip: "category", day: "date" });
  expect(trainSettings(flags({ settings })).model).toBe("mlp:3");
  expect(["tab", "\\t", "blank", ";"].map((separator) => readOptions({ separator }).separator)).toEqual([
    ...["\t", "\t", " ", ";"],
  ]);
});

test("every setting of a training has a flag, may stand in a file, in JSON as in YAML, and is recorded", () => {
  const other: Record<string, unknown> = { loss: "huber", schedule: "cosine", decayOf: "all", batches: "draw" };
  const texts = { classWeights: "balanced", stopMetric: "loss", groups: "*.b lr=0" };
  for (const [name, hyper] of Object.entries(fitSettings)) {
    const value = other[name] ?? (texts as Record<string, string>)[name] ?? (hyper.kind === "real" ? 0.25 : 3);
    const wanted = { [name]: value };
    expect(trainSettings(flags({ [name]: String(value) } as never)).values, flagOf(name)).toEqual(wanted);
    expect(settingTexts({ [name]: String(value) })).toEqual({ [name]: String(value) });
    const yaml = file("one.yaml", `# a setting\n${name}: ${JSON.stringify(value)}\n`);
    const json = file("one.json", JSON.stringify({ [name]: value }));
    expect(trainSettings(flags({ settings: yaml })).values).toEqual(wanted);
    const settings = trainSettings(flags({ settings: json }));
    expect(settings.values).toEqual(wanted);
    const recorded = ownDataSettings({ ...settings, task: "classification" });
    expect(recorded[name]).toEqual(value);
    expect(ownData.command?.({ settings: recorded, seed: 0, engine: { dtype: "float32" } } as never)).toContain(
      `--set`,
    );
  }
});

test.each([
  ["--column age", () => readOptions({ column: ["age=number", "age=date"] })],
  ["classWeights a", () => trainSettings(flags({ classWeights: "a=1,b=2,a=3" }))],
  ["groups: *.b lr", () => trainSettings(flags({ groups: "*.b lr=0.1 lr=0.2" }))],
])("what is named twice within one flag is refused: %s", (name, read) => {
  expect(refused(read)).toEqual([
    expect.stringContaining(`${name}: must be given once, got it twice. Leave one out.`),
    expect.stringContaining("2回指定されています。1回だけ指定してください。"),
  ]);
});

test("settings of the schedule and the loss stand under their names; the rule's own come before training's", () => {
  const { values, optimizer } = trainSettings(
    flags({
      optimizer: "adamw",
      schedule: "cosine",
      set: ["cosine.minLr=0.001", "loss=huber", "huber.delta=2"],
      weightDecay: "0.3",
    }),
  );
  const options = fitOptionsOf(optimizer, values);
  expect(options.hyper).toEqual({ weightDecay: 0.3 });
  expect([options.weightDecay, (options.schedule as Schedule).hyper.minLr.default]).toEqual([undefined, 0.001]);
  expect(lossOfSettings(values)?.values).toEqual({ delta: 2 });
});

describe("what is wrong is one sentence, in a file with its line", () => {
  test.each([
    ["a.yaml", "seed: 1\nepcohs: 3\n", "a.yaml, line 2: epcohs: no such setting. Did you mean epochs?"],
    [
      "b.json",
      '{"seed": 1,\n "labelSmoothing": 2}',
      "b.json, line 2: labelSmoothing: must be a number in [0, 1), got 2.",
    ],
    [
      "c.yaml",
      "seed: 1\nepochs: many\n",
      'c.yaml, line 2: epochs: must be a whole number in [1, 10000000], got "many".',
    ],
    ["d.yaml", "seed: 1\nset: [\n", "d.yaml, line 3: must be YAML or JSON"],
    ["e.yaml", "- 1\n- 2\n", "e.yaml, line 1: settings must stand by name"],
    ["f.yaml", "", "f.yaml, line 1: settings must stand by name, got nothing"],
    ["g.yaml", "lr: 1\nlr: 2\n", 'g.yaml, line 2: must be YAML or JSON, got "Map keys must be unique"'],
    ["h.yaml", "\noptimizer: adm\n", "h.yaml, line 2: optimizer: must be a known name"],
    ["i.yaml", "seed: 1\n\nread: { encodng: x }\n", "i.yaml, line 3: read: must be one of encoding"],
    [
      "j.yaml",
      `a: &a [${"1,".repeat(9)}]\nb: &b [${"*a,".repeat(30)}]\nc: &c [${"*b,".repeat(30)}]\n`,
      "j.yaml: must hold plain values",
    ],
  ])("%s", (name, text, sentence) => {
    const [en, ja] = refused(() => trainSettings(flags({ settings: file(name, text) }))) as string[];
    expect(en).toContain(sentence);
    expect(en.split("\n")).toHaveLength(1);
    expect(ja).toMatch(/[\u3041-\u9fff]/);
  });
  test.each([
    [flags({ set: ["lt=0.1"] }), "lt: no such setting. Did you mean lr?"],
    [flags({ set: ["lr=0.1", "lr=0.2"] }), "--set lr: must be given once"],
    [flags({ maxNorm: "-1" }), "--max-norm: must be a number in [0, ∞)"],
    [flags({ data: undefined }), "--data must be given"],
    [flags({ settings: "nowhere.yaml" }), "nowhere.yaml: must be readable"],
  ])("%#", (given, sentence) => {
    expect((refused(() => trainSettings(given)) as string[])[0]).toContain(sentence);
  });
});

describe("a setting that nothing would heed is refused", () => {
  test.each([
    [{ swaEvery: 5 }, "swaEvery: must go with swaFrom, got it without. Give swaFrom too, or leave swaEvery out."],
    [{ lookaheadAlpha: 0.3 }, "lookaheadAlpha: must go with lookahead"],
    [{ stopMetric: "valLoss" }, "stopMetric: must go with patience"],
    [{ elasticSigma: 2 }, "elasticSigma: must go with elastic"],
    [{ decayOf: "all" }, "decayOf: must go with a rule that has weightDecay, got adam, which has none."],
  ])("%j", (values, sentence) => {
    expect(() => fitOptionsOf("adam", values)).toThrow(sentence);
  });

  test("beside what it is of, or at its default, it is taken", () => {
    const { average, lookahead, stopEarly, decayOf } = fitOptionsOf("adam", {
      swaEvery: 1,
      lookaheadAlpha: 0.5,
      stopMetric: "",
      decayOf: "weights",
    });
    expect([average, lookahead, stopEarly, decayOf]).toEqual([undefined, undefined, undefined, undefined]);
    expect(fitOptionsOf("adam", { swaEvery: 5, swaFrom: 2 }).average).toEqual({ kind: "swa", from: 2, every: 5 });
    expect(fitOptionsOf("adamw", { decayOf: "all" }).decayOf).toBe("all");
    expect(fitOptionsOf("adam", { patience: 2, stopMetric: "loss" }).stopEarly).toEqual({
      patience: 2,
      metric: "loss",
    });
  });
});

test("a file's table lies beside the file, unless its path says otherwise", () => {
  const settings = file("beside.yaml", "data: rows.csv\ntarget: [a, b]\n");
  const { data, target } = trainSettings(flags({ settings, data: undefined, target: undefined }));
  expect([data, target]).toEqual([join(folder, "rows.csv"), "a,b"]);
});

test.each(tablePages)("%s lists the settings as they are declared (npm run generate writes them)", (path, language) => {
  const page = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  expect(page).toContain("| `--lookahead` |");
  expect(withTables(page, language)).toBe(page);
});
