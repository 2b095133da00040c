import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readOptions } from "../../src/cli/read-flags.ts";
import { HyperError, TanrenError } from "../../src/core/errors.ts";
import * as tanren from "../../src/index.ts";
import * as node from "../../src/node/index.ts";

// Plain JavaScript, a file of settings or an object made elsewhere: no compiler has seen these. Each was taken in silence.

const folder = mkdtempSync(join(tmpdir(), "tanren-options-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { Affine, RandomStream } = tanren;
const kernels = tanren.wasmKernels("wasm-simd", "float64");
const image = { height: 4, width: 4, channels: 1 };
const csv = "a,b,kind\n1,2,x\n2,1,y\n3,4,x\n4,3,y\n";
const table = () => tanren.readTable(csv, "t.csv", { target: "kind" });
const split = {
  images: { data: Uint8Array.from({ length: 8 }, (_, i) => i), count: 4, width: 2 },
  labels: [0, 1, 0, 1],
};
const plan = () => ({
  kernels,
  layers: [new Affine(2, 2)],
  optimizer: tanren.sgd(),
  split: { ...split, labels: Uint8Array.from(split.labels) },
  batchSize: 2,
  weightInit: "he",
  stream: RandomStream.seeded(0),
});
const steps = () => ({ rows: 4, batchSize: 2, iterations: 1, stream: RandomStream.seeded(0) });
const images = { images: { data: new Uint8Array(16), count: 1, width: 16 }, labels: new Uint8Array(1) };
const figure = { id: "f", title: "t", columns: 1, panels: [] };

let model: tanren.Classifier;
let trial: tanren.Trial;
let runner: Awaited<ReturnType<typeof node.openWorkerRunner>>;
beforeAll(async () => {
  model = tanren.classify(tanren.mlp([2]));
  await model.fit(table(), { epochs: 1 });
  trial = await (await tanren.openStudy()).ask();
  runner = node.openWorkerRunner({ backend: "wasm-simd", dtype: "float32", workers: 1 });
});
afterAll(() => runner.close());

/** Every public function that takes options: the call with an object over right ones, a misspelt name, what it says. */
const doors: readonly [string, (more: never) => unknown, string, string][] = [
  [
    "Conv2d",
    (more: object) => new tanren.Conv2d(image, { filters: 2, size: 3, ...more }),
    "pading",
    "conv2d.pading: no such setting. Did you mean padding?",
  ],
  [
    "MaxPool",
    (more: object) => new tanren.MaxPool(image, { size: 2, ...more }),
    "strides",
    "pool.strides: no such setting. Did you mean stride?",
  ],
  [
    "AveragePool",
    (more: object) => new tanren.AveragePool(image, { size: 2, ...more }),
    "pad",
    "pool.pad: no such setting.",
  ],
  [
    "BatchNorm",
    (more: object) => new tanren.BatchNorm(3, more),
    "momentun",
    "batchNorm.momentun: no such setting. Did you mean momentum?",
  ],
  ["LayerNorm", (more: object) => new tanren.LayerNorm(3, more), "epsilon", "layerNorm.epsilon: no such setting."],
  ["RmsNorm", (more: object) => new tanren.RmsNorm(3, more), "epsilon", "rmsNorm.epsilon: no such setting."],
  [
    "Residual",
    (more: object) => new tanren.Residual([new Affine(2, 2)], more),
    "survial",
    "residual.survial: no such setting. Did you mean survival?",
  ],
  [
    "mlp of all sizes",
    (more: object) => tanren.mlp({ inputSize: 2, hiddenSizes: [3], classes: 2, ...more }),
    "batchnorm",
    "mlp.batchnorm: no such setting. Did you mean batchNorm?",
  ],
  ["mlp", (more: object) => tanren.mlp([3], more), "dropout", "mlp.dropout: no such setting."],
  [
    "network",
    (more: object) => tanren.network("relu", more),
    "dropoutvariant",
    "network.dropoutvariant: no such setting. Did you mean dropoutVariant?",
  ],
  [
    "Sequential",
    (more: object) => new tanren.Sequential({ kernels, layers: [new Affine(2, 2)], maxRows: 2, ...more }),
    "weightDecy",
    "network.weightDecy: no such setting. Did you mean weightDecay?",
  ],
  [
    "openTraining",
    (more: object) => tanren.openTraining({ ...plan(), ...more }),
    "weightdecay",
    "openTraining.weightdecay: no such setting. Did you mean weightDecay?",
  ],
  [
    "openTraining, clip",
    (more: object) => tanren.openTraining({ ...plan(), clip: { norm: 1, ...more } }),
    "values",
    "clip.values: no such setting. Did you mean value?",
  ],
  [
    "openTraining, groups",
    (more: object) => tanren.openTraining({ ...plan(), groups: [{ parameters: ["*"], ...more }] }),
    "lrfactor",
    "groups.lrfactor: no such setting. Did you mean lrFactor?",
  ],
  [
    "openTraining, average",
    (more: object) => tanren.openTraining({ ...plan(), average: { kind: "ema", decay: 0.9, ...more } }),
    "every",
    "average.every: no such setting.",
  ],
  [
    "openTraining, lookahead",
    (more: object) => tanren.openTraining({ ...plan(), lookahead: { every: 2, alpha: 0.5, ...more } }),
    "k",
    "lookahead.k: no such setting.",
  ],
  [
    "train",
    (more: object) => tanren.train({ ...tanren.openTraining(plan()), ...steps(), ...more }).next(),
    "diagnoseat",
    "train.diagnoseat: no such setting. Did you mean diagnoseAt?",
  ],
  [
    "findLr",
    (more: object) =>
      tanren.findLr(tanren.openTraining(plan()), { rows: 4, batchSize: 2, stream: RandomStream.seeded(0), ...more }),
    "step",
    "findLr.step: no such setting. Did you mean steps?",
  ],
  [
    "moveImages",
    (more: object) => tanren.moveImages(image, more),
    "rotation",
    "moveImages.rotation: no such setting. Did you mean rotate?",
  ],
  [
    "editionsHere",
    (more: object) => tanren.editionsHere(images, { image, move: {}, seed: 0, ...more }),
    "moves",
    "editions.moves: no such setting. Did you mean move?",
  ],
  [
    "editionsOnThread",
    (more: object) => node.editionsOnThread(images, { image, move: {}, seed: 0, ...more }).close(),
    "moves",
    "editions.moves: no such setting. Did you mean move?",
  ],
  [
    "gradcheck",
    (more: object) => {
      const network = new tanren.Sequential({ kernels, layers: [new Affine(2, 2)], maxRows: 2 });
      const { arena } = tanren.referenceKernels("float64").open(1000);
      return tanren.gradcheck({ network, x: arena.floats(2, 2), labels: arena.ints(2), ...more });
    },
    "sample",
    "gradcheck.sample: no such setting. Did you mean samples?",
  ],
  [
    "classify",
    (more: object) => tanren.classify(tanren.mlp([2]), more),
    "sed",
    "model.sed: no such setting. Did you mean seed?",
  ],
  ["regress", (more: object) => tanren.regress(tanren.mlp([2]), more), "backend", "model.backend: no such setting."],
  [
    "multiLabel",
    (more: object) => tanren.multiLabel(tanren.mlp([2]), more),
    "los",
    "model.los: no such setting. Did you mean loss?",
  ],
  [
    "classify, of fit",
    (more: object) => tanren.classify(tanren.mlp([2]), more),
    "epochs",
    "model.epochs: no such setting here. Give it to fit.",
  ],
  [
    "fit",
    (more: object) => tanren.classify(tanren.mlp([2])).fit(table(), { epochs: 1, ...more }),
    "epoch",
    "fit.epoch: no such setting. Did you mean epochs?",
  ],
  [
    "fit, of classify",
    (more: object) => tanren.classify(tanren.mlp([2])).fit(table(), { epochs: 1, ...more }),
    "seed",
    "fit.seed: no such setting here. Give it where the model is made: to classify, regress or multiLabel.",
  ],
  [
    "fit, stopEarly",
    (more: object) => tanren.classify(tanren.mlp([2])).fit(table(), { stopEarly: { patience: 2, ...more } }),
    "metrics",
    "fit.stopEarly.metrics: no such setting. Did you mean metric?",
  ],
  [
    "fit, checkpoint",
    (more: object) =>
      tanren.classify(tanren.mlp([2])).fit(table(), { checkpoint: { every: 2, path: folder, ...more } }),
    "file",
    "fit.checkpoint.file: no such setting.",
  ],
  [
    "resume",
    (more: object) => model.resume(table(), more),
    "epoch",
    "resume.epoch: no such setting. Did you mean epochs?",
  ],
  [
    "readTable",
    (more: object) => tanren.readTable(csv, "t.csv", more),
    "decimals",
    "readTable.decimals: no such setting. Did you mean decimal?",
  ],
  [
    "readLabelledTable",
    (more: object) => tanren.readLabelledTable(csv, "t.csv", { target: "kind", ...more }),
    "seperator",
    "readLabelledTable.seperator: no such setting. Did you mean separator?",
  ],
  ["kFold", (more: object) => tanren.kFold(table(), 2, more), "sed", "kFold.sed: no such setting. Did you mean seed?"],
  [
    "exportModel",
    (more: object) => tanren.exportModel(model.toState(), "onnx", more),
    "inputtype",
    "export.inputtype: no such setting. Did you mean inputType?",
  ],
  [
    "modelFromState",
    (more: object) => tanren.modelFromState(model.toState(), more),
    "kernel",
    "modelFromState.kernel: no such setting. Did you mean kernels?",
  ],
  [
    "modelFromBytes",
    (more: object) => tanren.modelFromBytes(model.toBytes(), more),
    "kernel",
    "modelFromBytes.kernel: no such setting. Did you mean kernels?",
  ],
  [
    "loadWeights",
    (more: object) => tanren.loadWeights(model.toState(), new Uint8Array(), { name: "w", ...more }),
    "epsilon",
    "loadWeights.epsilon: no such setting.",
  ],
  [
    "openStudy",
    (more: object) => tanren.openStudy(more),
    "directoin",
    "openStudy.directoin: no such setting. Did you mean direction?",
  ],
  [
    "optimize",
    async (more: object) => (await tanren.openStudy()).optimize(() => 1, { trials: 1, ...more }),
    "timeout",
    "optimize.timeout: no such setting. Did you mean timeoutMs?",
  ],
  [
    "ask",
    async (more: object) => (await tanren.openStudy()).ask(more),
    "parms",
    "ask.parms: no such setting. Did you mean params?",
  ],
  [
    "real",
    (more: object) => trial.real("x", { min: 1e-3, max: 1, ...more }),
    "log",
    "x.log: no such setting. Known: min, max, scale, step.",
  ],
  [
    "int",
    (more: object) => trial.int("n", { min: 1, max: 8, ...more }),
    "steps",
    "n.steps: no such setting. Did you mean step?",
  ],
  [
    "a space",
    (more: object) => tanren.openStudy({ space: { x: { kind: "real", low: 1e-3, high: 1, ...more } } }),
    "log",
    "x.log: no such setting. Did you mean low?",
  ],
  [
    "redraw",
    (more: object) => tanren.redraw({ ...more } as never),
    "studdy",
    "redraw.studdy: no such setting. Did you mean study?",
  ],
  [
    "pedAnova",
    (more: object) => tanren.pedAnova({ trials: [], direction: "minimize" }, more),
    "quantil",
    "pedAnova.quantil: no such setting. Did you mean quantile?",
  ],
  [
    "MemoryStudyLog",
    (more: object) => new tanren.MemoryStudyLog(more),
    "clock",
    "MemoryStudyLog.clock: no such setting. Known: now.",
  ],
  [
    "renderSvg",
    (more: object) => tanren.renderSvg(figure, { language: "en", ...more }),
    "heigth",
    "renderSvg.heigth: no such setting.",
  ],
  [
    "renderTerminal",
    (more: object) => tanren.renderTerminal(figure, { language: "en", columns: 40, color: false, ...more }),
    "row",
    "renderTerminal.row: no such setting. Did you mean rows?",
  ],
  [
    "renderPng",
    (more: object) => node.renderPng(figure, { language: "en", ...more }),
    "scale",
    "renderPng.scale: no such setting.",
  ],
  [
    "selectKernels",
    (more: object) => node.selectKernels({ backend: "wasm", dtype: "float32", ...more }),
    "thread",
    "selectKernels.thread: no such setting.",
  ],
  [
    "readCsv",
    (more: object) => node.readCsv("docs/data/iris.csv", more),
    "targets",
    "readTable.targets: no such setting. Did you mean target?",
  ],
  [
    "loadModel",
    async (more: object) => {
      const path = join(folder, "a.tanren");
      await model.save(path);
      return node.loadModel(path, more);
    },
    "kernel",
    "modelFromBytes.kernel: no such setting. Did you mean kernels?",
  ],
  [
    "openWorkerRunner",
    (more: object) => node.openWorkerRunner({ backend: "wasm", dtype: "float32", ...more }),
    "worker",
    "openWorkerRunner.worker: no such setting. Did you mean workers?",
  ],
  [
    "runExperiment",
    (more: object) => node.runExperiment(tanren.optimizerPaths, { runner, ...more }),
    "set",
    "runExperiment.set: no such setting. Did you mean seed?",
  ],
  [
    "openSqliteStore",
    (more: object) => node.openSqliteStore({ path: join(folder, "s.sqlite"), now: () => 0, random: () => 0, ...more }),
    "pateince",
    "openSqliteStore.pateince: no such setting. Did you mean patience?",
  ],
  [
    "openStudyStore",
    (more: object) => node.openStudyStore(join(folder, "t.sqlite"), more),
    "patience",
    "openStudyStore.patience: no such setting. Did you mean patienceMs?",
  ],
  [
    "runStudyPool",
    (more: object) => node.runStudyPool({ threads: 1, ...more } as never).next(),
    "trial",
    "runStudyPool.trial: no such setting. Did you mean trials?",
  ],
  [
    "runWorker",
    (more: object) => node.runWorker({ threads: 1, ...more } as never).next(),
    "until",
    "runWorker.until: no such setting.",
  ],
  [
    "downloadMnist",
    (more: object) => node.downloadMnist({ folder, files: [], ...more }),
    "mirror",
    "downloadMnist.mirror: no such setting. Did you mean mirrors?",
  ],
];

describe.each(doors)("%s", (_, call, name, says) => {
  test("refuses a misspelt option before it does anything", async () => {
    const made = (async () => await call({ [name]: 1 } as never))();
    await expect(made).rejects.toThrow(HyperError);
    await expect(made).rejects.toThrow(says);
  });

  test("takes one that is undefined for none", async () => {
    const made = (async () => await call({ [name]: undefined } as never))();
    await made.catch((error: Error) => expect(error.message).not.toContain("no such setting"));
  });
});

test.each(["constructor", "toString", "__proto__"])("%s, which every object has, is a name of nothing", (word) => {
  const network = tanren.planned(
    kernels,
    (kernels) => new tanren.Sequential({ kernels, layers: [new Affine(2, 2)], maxRows: 1 }),
  );
  for (const named of [
    () => network.initialize(word, RandomStream.seeded(0)),
    () => tanren.optimizerNamed(word),
    () => tanren.scheduleNamed(word),
    () => tanren.network(word),
    () => tanren.optimizerFromText("mine", `w = w - ${word} * g`),
  ]) {
    expect(named).toThrow(TanrenError);
  }
  expect(readOptions({ separator: word }).separator).toBe(word);
});
