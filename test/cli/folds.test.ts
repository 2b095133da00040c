import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import type { RunRecord } from "../../src/core/record.ts";
import { ownData } from "../../src/experiments/own-data/own-data.ts";
import { spreadText } from "../../src/experiments/seeds.ts";
import { mlp } from "../../src/model/blueprint.ts";
import { classify } from "../../src/model/classify.ts";
import { keptEpoch } from "../../src/model/kept-epoch.ts";
import { readCsv } from "../../src/node/model-files.ts";
import { selectKernels } from "../../src/node/native-kernels.ts";
import { tanren } from "../support/cli.ts";

const iris = fileURLToPath(new URL("../../docs/data/iris.csv", import.meta.url));

/** Trains on iris with the flags; what was recorded, and the model's bytes. */
async function trained(...flags: string[]) {
  const home = mkdtempSync(join(tmpdir(), "tanren-folds-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const out = join(home, "out");
  const given = ["--target", "species", "--set", "lr=0.02", "--seed", "4", "--backend", "wasm", "--out", out];
  const { stdout, stderr, status } = await tanren(["train", iris, ...given, ...flags], { home, pictures: "none" });
  expect([status, stderr]).toEqual([0, ""]);
  const record: RunRecord = JSON.parse(readFileSync(join(out, "run.json"), "utf8"));
  const series = (run: string, metric: string) =>
    record.series.find((one) => one.run === run && one.metric === metric)?.y as number[] | undefined;
  return { stdout, record, series, model: readFileSync(join(out, "model.tanren")) };
}

test("--folds trains a network for each part of the rows, and the model on all of them as without", async () => {
  const [folded, plain] = [await trained("--folds", "3", "--epochs", "8"), await trained("--epochs", "8")];
  expect(folded.model.equals(plain.model)).toBe(true);
  expect(folded.series("Adam", "loss")).toEqual(plain.series("Adam", "loss"));
  const table = await readCsv(iris, { target: "species" });
  const kernels = selectKernels({ backend: "wasm", dtype: "float32" });
  const accuracies: number[] = [];
  for (let fold = 0; fold < 3; fold++) {
    const history = await classify(mlp([16, 16]), { seed: 4, kernels }).fit(table, {
      ...{ optimizer: "adam", hyper: { lr: 0.02 }, epochs: 8, validation: { fold, of: 3 } },
    });
    for (const metric of ["loss", "valLoss", "valAccuracy"]) {
      expect(folded.series(`fold ${fold + 1}`, metric)).toEqual(history[metric]);
    }
    accuracies.push(history.valAccuracy?.at(-1) as number);
  }
  expect(new Set(folded.record.series.map(({ run }) => run))).toEqual(new Set(["fold 1", "fold 2", "fold 3", "Adam"]));
  expect(folded.stdout).toContain(`mean ± sd of the folds       –  `);
  expect(folded.stdout).toContain(spreadText(accuracies));
});

test("where folds stop early, results are of the weights that are kept, and the model learns as long as was best", async () => {
  const { record, series } = await trained("--folds", "4", "--patience", "3", "--epochs", "200");
  const stopEarly = { patience: 3, metric: "valLoss" };
  const kept = [1, 2, 3, 4].map((k) => keptEpoch({ valLoss: series(`fold ${k}`, "valLoss")! }, stopEarly));
  const mean = kept.reduce((sum, epoch) => sum + epoch + 1, 0) / 4;
  expect(series("Adam", "loss")).toHaveLength(Math.round(mean));
  const { rows } = ownData.results(record);
  expect(rows).toHaveLength(6);
  kept.forEach((epoch, i) => {
    const run = `fold ${i + 1}`;
    const values = ["loss", "valLoss", "valAccuracy"].map((metric) => series(run, metric)?.[epoch]);
    expect(rows[i]).toEqual([run, series(run, "loss")?.length, epoch + 1, ...values]);
  });
});

test("a figure has a metric in one colour, over folds the mean in the band of all", async () => {
  const { record, series } = await trained("--folds", "3", "--epochs", "5");
  const [{ panels }] = ownData.figures(record);
  const layers = panels.flatMap((panel) => (panel.kind === "plane" ? panel.layers : []));
  const look = layers.flatMap((layer) => (layer.kind === "curve" ? [[layer.name, layer.style]] : []));
  expect(look).toEqual([
    [{ en: "training (mean of 3 folds)", ja: "訓練(3 分割の平均)" }, 0],
    [{ en: "training (all rows)", ja: "訓練(全行)" }, 0],
    [{ en: "validation (mean of 3 folds)", ja: "検証(3 分割の平均)" }, 1],
    [{ en: "validation (mean of 3 folds)", ja: "検証(3 分割の平均)" }, 1],
  ]);
  const bands = layers.filter((layer) => layer.kind === "band");
  const last = [1, 2, 3].map((k) => series(`fold ${k}`, "valAccuracy")?.at(-1) as number);
  expect([bands[2].low.at(-1), bands[2].high.at(-1)]).toEqual([Math.min(...last), Math.max(...last)]);
});
