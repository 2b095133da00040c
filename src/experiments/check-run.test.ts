import { expect, test } from "vitest";
import { resolve } from "../core/hyper.ts";
import { inLanguage } from "../core/text.ts";
import { checkRun } from "./check-run.ts";
import { chapter, experimentNamed, nextPages } from "./registry.ts";

const everywhere = Number.POSITIVE_INFINITY;

function check(id: string, set: Readonly<Record<string, unknown>>, available = everywhere): void {
  const experiment = experimentNamed(id);
  const { settings, presets } = experiment;
  checkRun(experiment, resolve(settings, { ...presets.book, ...set }), "float64", available);
}

test("every experiment with any of its presets may be run", () => {
  for (const { id, presets } of [...chapter, ...nextPages, experimentNamed("sandbox")]) {
    for (const preset of Object.values(presets)) {
      expect(() => check(id, preset), id).not.toThrow();
    }
  }
});

test.each([
  ["weight-decay", { "training.mixup": 0.5, batchSize: 1 }, /^mixup: a minibatch must hold at least 2 rows to mix/],
  ["weight-decay", { "training.emaDecay": 0.5, "training.swaFrom": 2 }, /one mean/],
  ["weight-decay", { hiddenSizes: [65_536, 65_536] }, /^memory: /],
  ["depth", { depths: [64], width: 4096 }, /^memory: /],
  ["activation-histograms", { rows: 100_000, width: 4096 }, /^memory: /],
  ["sandbox", { network: "affine 4096\naffine 4096" }, /^network: must have at most 8000000 parameters/],
  ["sandbox", { optimizer: "custom", rule: "" }, /^rule: must be an update rule/],
  ["sandbox", { optimizer: "custom", rule: "w = w - g / 100", schedule: "cosine" }, /^schedule: cosine changes lr/],
])("settings of %s that no run can be made of are refused before it begins: %o", (id, set, sentence) => {
  expect(() => check(id, set)).toThrow(sentence);
});

const grouped = [...chapter, ...nextPages, experimentNamed("sandbox")].filter(
  ({ settings }) => "training.groups" in settings,
);

test.each(grouped.map(({ id }) => id))(
  "a group of %s that names no parameter, or no hyper-parameter of the rule, is refused",
  (id) => {
    expect(() => check(id, { "training.groups": "*.W lrFactor=2; affine1.b lr=0" })).not.toThrow();
    for (const groups of ["conv1.* lr=0.1", "*.W lrFactor=2; affine99.W lr=0", "*.W nosuch=1", "*.W lr=-1"]) {
      expect(() => check(id, { "training.groups": groups }), groups).toThrow(/: groups: /);
    }
  },
);

test("where networks of one run differ, the one without the parameter is named", () => {
  const groups = { "training.groups": "batchNorm*.gamma lr=0" };
  expect(() => check("batchnorm-scales", groups)).toThrow(/^plain: groups: batchNorm\*\.gamma must name a parameter/);
  expect(() => check("dead-units", groups)).toThrow(/^ReLU: groups: /);
  expect(() => check("depth", { ...groups, batchNorm: "on" })).not.toThrow();
  try {
    check("batchnorm-scales", groups);
  } catch (error) {
    expect(inLanguage((error as { text: { en: string; ja: string } }).text, "ja")).toMatch(
      /^plain: groups: .*ありません/,
    );
  }
});

test.each(grouped.map(({ id }) => id).filter((id) => id !== "sandbox"))(
  "what is asked of training reaches every task of %s",
  (id) => {
    const { settings, plan } = experimentNamed(id);
    const small = { iterations: 1, epochs: 1, trials: 2, trainRows: 10, batchSize: 2, hiddenSizes: [2], width: 2 };
    const known = Object.entries(small).filter(([name]) => name in settings);
    const tasks = plan(resolve(settings, { ...Object.fromEntries(known), "training.clipNorm": 1 }), 0);
    expect(tasks.map(({ techniques }) => techniques)).toEqual(tasks.map(() => ({ clipNorm: 1 })));
  },
);
