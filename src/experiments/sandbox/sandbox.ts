import { type HyperSet, resolve } from "../../core/hyper.ts";
import type { RunRecord } from "../../core/record.ts";
import { inLanguage } from "../../core/text.ts";
import { ruleTex } from "../../formula/tex.ts";
import { defineExperiment, type FormulaNote, type Settings, type Task } from "../../runs/experiment.ts";
import { scheduleNamed } from "../../schedule/registry.ts";
import { optimizerOf } from "./chosen-rule.ts";
import { confusionTables, sandboxFigures, sandboxResults } from "./figures.ts";
import { runName, sandboxId } from "./name.ts";
import type { SandboxTask } from "./run.ts";
import { sandboxSettings } from "./settings.ts";
import { sandboxSketch } from "./sketch.ts";

/** A network of one's own on data of one's own. It stands beside the chapter's experiments, not among them. */
export const sandbox = defineExperiment({
  id: sandboxId,
  section: "–",
  title: { en: "Sandbox", ja: "サンドボックス" },
  summary: {
    en: "Build a network, draw or bring data, choose how it learns, and watch the decision boundary.",
    ja: "ネットワークを組み、データを描くか持ち込み、学習のしかたを選んで、決定境界が動くのを見ます。",
  },
  settings: sandboxSettings,
  presets: {
    book: {},
    spirals: {
      toy: "spirals",
      points: 400,
      noise: 0.02,
      network: "affine 32; relu; affine 32; relu",
      iterations: 4000,
      schedule: "cosine",
    },
    xor: { toy: "xor", network: "affine 4; tanh", noise: 0.02 },
    checkerboard: {
      toy: "checkerboard",
      points: 600,
      noise: 0.02,
      network: "affine 48; relu; affine 48; relu",
      iterations: 5000,
    },
    overfitting: {
      points: 60,
      noise: 0.25,
      testShare: 0.5,
      network: "affine 128; relu; affine 128; relu",
      iterations: 3000,
    },
    weightDecay: {
      points: 60,
      noise: 0.25,
      testShare: 0.5,
      network: "affine 128; relu; affine 128; relu",
      iterations: 3000,
      weightDecay: 0.01,
    },
    values: { toy: "hills", noise: 0.05, network: "affine 16; tanh; affine 16; tanh" },
    linear: { toy: "circles", classes: 2, inputs: ["x2", "y2"], network: "", optimizer: "SGD" },
    mnist: { data: "mnist", network: "affine 100; batchnorm; relu; dropout 0.2", iterations: 1000, batchSize: 100 },
    convolution: {
      data: "mnist",
      network: "conv2d 8 size=5 stride=2 padding=2; relu; conv2d 16 padding=1; relu; maxPool; affine 64; relu",
      iterations: 500,
      batchSize: 100,
    },
  },
  datasets: ["mnist"],
  reads: ({ data }) => (data === "mnist" ? ["mnist"] : []),

  sketch: (given: Settings) => sandboxSketch(resolve(sandboxSettings as HyperSet, given) as Settings),

  plan(given: Settings, seed: number): Task[] {
    const settings = resolve(sandboxSettings as HyperSet, given) as Settings;
    return [{ run: runName, tags: {}, settings, seed } satisfies SandboxTask];
  },
  // What trains is loaded where a task is run: a page only plans, and draws what comes.
  async *execute(task, context) {
    const { runSandbox } = await import("./run.ts");
    yield* runSandbox(task as SandboxTask, context);
  },

  figures: (record: RunRecord) => sandboxFigures(record),
  results: (record: RunRecord) => sandboxResults(record),
  details: (record: RunRecord) => confusionTables(record),
  formulas(record: RunRecord): FormulaNote[] {
    const { optimizer } = optimizerOf(record.settings);
    const schedule = scheduleNamed(String(record.settings.schedule));
    return [
      {
        name: optimizer.label,
        tex: ruleTex(optimizer.rule),
        source: optimizer.paper && `${optimizer.paper.authors} (${optimizer.paper.year}), ${optimizer.paper.title}`,
      },
      { name: inLanguage(schedule.name, "en"), tex: schedule.tex, source: schedule.paper },
    ];
  },
});
