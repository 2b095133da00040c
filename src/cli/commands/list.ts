import type { Command } from "commander";
import { type HyperSet, type HyperValue, resolve } from "../../core/hyper.ts";
import { chapter, experimentNamed, nextPages } from "../../experiments/registry.ts";
import { ruleTex } from "../../formula/tex.ts";
import { weightInits } from "../../init/weights.ts";
import { exampleOf, layerKinds, layerWords } from "../../nn/layer-words.ts";
import { printLayer } from "../../nn/network-text.ts";
import { datasetNames } from "../../node/data/datasets.ts";
import { optimizers } from "../../optim/registry.ts";
import type { Experiment } from "../../runs/experiment.ts";
import { schedules } from "../../schedule/registry.ts";
import { pruners, samplers } from "../../search/registry.ts";
import type { CliContext } from "../context.ts";
import { tableLines } from "../table.ts";

export function addListCommand(program: Command, contextOf: () => CliContext): void {
  program
    .command("list")
    .description("what there is: experiments, optimizers, layers, initialisers, data sets / 使えるものの一覧")
    .argument("[experiment]", "shows the settings of this one")
    .option("--json", "print JSON")
    .action((id: string | undefined, { json }: { json?: boolean }) => {
      const context = contextOf();
      if (json) {
        context.print(JSON.stringify(id === undefined ? everything() : describe(experimentNamed(id)), null, 2));
      } else if (id === undefined) {
        printAll(context);
      } else {
        printSettings(experimentNamed(id), context);
      }
    });
}

function settingsOf(settings: HyperSet) {
  return Object.entries(settings).map(([name, { default: value, range, about, kind }]) => ({
    name,
    kind,
    default: value,
    range,
    about,
  }));
}

function describe({ id, section, title, summary, presets, settings, datasets }: Experiment) {
  return { id, section, title, summary, presets, datasets, settings: settingsOf(settings) };
}

function everything() {
  return {
    experiments: [...chapter, ...nextPages].map(describe),
    optimizers: optimizers.map(({ name, label, about, paper, hyper, slots, rule }) => ({
      name,
      label,
      about,
      paper,
      hyper: settingsOf(hyper),
      slots,
      rule,
      tex: ruleTex(rule),
    })),
    layers: layerKinds.map((name) => ({
      name,
      about: layerWords[name].about,
      numbers: settingsOf(layerWords[name].numbers),
    })),
    initialisers: weightInits.map(({ name, about, paper }) => ({ name, about, paper })),
    schedules: schedules.map(({ name, about, tex, paper, hyper }) => ({
      name,
      about,
      paper,
      hyper: settingsOf(hyper),
      tex,
    })),
    samplers: samplers.map(({ name, label, about, hyper }) => ({ name, label, about, settings: settingsOf(hyper) })),
    pruners: pruners.map(({ name, label, about, hyper }) => ({ name, label, about, settings: settingsOf(hyper) })),
    datasets: datasetNames.map((name) => ({ name })),
  };
}

function printAll(context: CliContext): void {
  const section = (heading: { en: string; ja: string }, rows: readonly (readonly string[])[]) => {
    context.print(heading);
    for (const row of tableLines({ columns: rows[0].map(() => ""), rows }, context).slice(2)) {
      context.print(row);
    }
    context.print("");
  };
  section(
    { en: "Experiments (tanren run <id>, tanren list <id>)", ja: "実験(tanren run <id>、tanren list <id>)" },
    [...chapter, ...nextPages].map(({ id, section: at, title }) => [id, at, context.text(title)]),
  );
  section(
    { en: "Optimizers", ja: "更新則" },
    optimizers.map(({ name, about }) => [name, context.text(about)]),
  );
  section(
    { en: "Layers of a network's text (--model)", ja: "ネットワークのテキストに書ける層(--model)" },
    layerKinds.map((kind) => [printLayer(exampleOf(kind)), context.text(layerWords[kind].about)]),
  );
  section(
    { en: "Initial weights (or a number: the standard deviation)", ja: "重みの初期値(数値なら標準偏差)" },
    weightInits.map(({ name, about }) => [name, context.text(about)]),
  );
  section(
    { en: "Schedules of the learning rate", ja: "学習率のスケジュール" },
    schedules.map(({ name, about }) => [name, context.text(about)]),
  );
  section(
    { en: "Samplers (tanren search --sampler <name>)", ja: "サンプラー(tanren search --sampler <name>)" },
    samplers.map(({ name, about }) => [name, context.text(about)]),
  );
  section(
    { en: "Pruners (tanren search --pruner <name>)", ja: "枝刈り(tanren search --pruner <name>)" },
    pruners.map(({ name, about }) => [name, context.text(about)]),
  );
  section(
    { en: "Data sets", ja: "データセット" },
    datasetNames.map((name) => [name]),
  );
}

function printSettings(experiment: Experiment, context: CliContext): void {
  const { id, title, summary, settings, presets } = experiment;
  const written = (value: HyperValue) => (Array.isArray(value) ? value.join(",") : String(value));
  context.print(`${id}  ${context.text(title)}`);
  context.print(`  ${context.text(summary)}`);
  context.print("");
  const all = Object.keys(presets);
  // Many columns would be wider than a terminal; what the other presets change is listed below the table.
  const names = all.length > 3 ? ["book"] : all;
  const values = names.map((name) => resolve(settings, presets[name]) as Record<string, HyperValue>);
  const columns = [{ en: "setting", ja: "設定" }, ...names, { en: "range", ja: "範囲" }, { en: "meaning", ja: "意味" }];
  const rows = Object.entries(settings).map(([name, { range, about }]) => [
    name,
    ...values.map((preset) => written(preset[name])),
    context.text(range),
    context.text(about),
  ]);
  for (const row of tableLines({ columns, rows }, context)) {
    context.print(row);
  }
  for (const name of all.filter((preset) => !names.includes(preset))) {
    const changed = Object.entries(presets[name]).map(([setting, value]) => `${setting}=${written(value)}`);
    context.print(`  --preset ${name}: ${changed.join(" ")}`);
  }
}
