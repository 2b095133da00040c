import type { Command } from "commander";
import { oneOf } from "../../core/checks.ts";
import { type HyperSet, type HyperValue, resolve } from "../../core/hyper.ts";
import type { Text, Told } from "../../core/text.ts";
import { chapter, experimentNamed, nextPages } from "../../experiments/registry.ts";
import { sectionLabel } from "../../experiments/section-text.ts";
import { ruleTex } from "../../formula/tex.ts";
import { weightInits } from "../../init/weights.ts";
import { exampleOf, layerKinds, layerWords } from "../../nn/layer-words.ts";
import { losses } from "../../nn/loss-registry.ts";
import { printLayer } from "../../nn/network-text.ts";
import { datasetNames } from "../../node/data/datasets.ts";
import { optimizers } from "../../optim/registry.ts";
import type { Experiment } from "../../runs/experiment.ts";
import { schedules } from "../../schedule/registry.ts";
import { pruners, samplers } from "../../search/registry.ts";
import type { CliContext } from "../context.ts";
import { printTable, tableLines } from "../table.ts";

export function addListCommand(program: Command, contextOf: () => CliContext): void {
  program
    .command("list")
    .description("what there is: experiments, optimizers, layers, initialisers, data sets / 使えるものの一覧")
    .argument("[what]", "one kind, such as optimizers, or the settings of an experiment")
    .option("--json", "print JSON")
    .action((what: string | undefined, { json }: { json?: boolean }) => {
      const context = contextOf();
      if (what !== undefined) {
        oneOf("list", "what", what, [...kinds, ...[...chapter, ...nextPages].map(({ id }) => id)]);
      }
      const kind = kinds.find((one) => one === what);
      if (json) {
        const told =
          what === undefined ? everything() : kind === undefined ? describe(experimentNamed(what)) : everything()[kind];
        context.print(JSON.stringify(told, null, 2));
      } else if (what === undefined) {
        for (const one of kinds) {
          printKind(one, context);
          context.print("");
        }
      } else if (kind === undefined) {
        printSettings(experimentNamed(what), context);
      } else {
        printKind(kind, context);
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
    losses: losses.map(({ name, about, tex, hyper }) => ({ name, about, settings: settingsOf(hyper), tex })),
    datasets: datasetNames.map((name) => ({ name })),
  };
}

type Kind = keyof ReturnType<typeof everything>;

interface Section {
  readonly heading: Told;
  readonly rows: (context: Pick<CliContext, "text">) => string[][];
}

/** Names with what each is, in a sentence. */
const named =
  (list: readonly { readonly name: string; readonly about: Text }[]): Section["rows"] =>
  ({ text }) =>
    list.map(({ name, about }) => [name, text(about)]);

const sections: Readonly<Record<Kind, Section>> = {
  experiments: {
    heading: { en: "Experiments (tanren run <id>, tanren list <id>)", ja: "実験(tanren run <id>、tanren list <id>)" },
    rows: ({ text }) =>
      [...chapter, ...nextPages].map(({ id, section, title }) => [id, text(sectionLabel(section)), text(title)]),
  },
  optimizers: { heading: { en: "Optimizers", ja: "更新則" }, rows: named(optimizers) },
  layers: {
    heading: { en: "Layers of a network's text (--model)", ja: "ネットワークのテキストに書ける層(--model)" },
    rows: ({ text }) => layerKinds.map((kind) => [printLayer(exampleOf(kind)), text(layerWords[kind].about)]),
  },
  initialisers: {
    heading: { en: "Initial weights (or a number: the standard deviation)", ja: "重みの初期値(数値なら標準偏差)" },
    rows: named(weightInits),
  },
  schedules: {
    heading: { en: "Schedules of the learning rate", ja: "学習率のスケジュール" },
    rows: named(schedules),
  },
  losses: {
    heading: { en: "Losses (tanren train --loss <name>)", ja: "損失(tanren train --loss <name>)" },
    rows: named(losses),
  },
  samplers: {
    heading: { en: "Samplers (tanren search --sampler <name>)", ja: "サンプラー(tanren search --sampler <name>)" },
    rows: named(samplers),
  },
  pruners: {
    heading: { en: "Pruners (tanren search --pruner <name>)", ja: "枝刈り(tanren search --pruner <name>)" },
    rows: named(pruners),
  },
  datasets: { heading: { en: "Data sets", ja: "データセット" }, rows: () => datasetNames.map((name) => [name]) },
};
const kinds = Object.keys(sections) as Kind[];

function printKind(kind: Kind, context: CliContext): void {
  const { heading, rows } = sections[kind];
  context.print(heading);
  const cells = rows(context);
  for (const row of tableLines({ columns: cells[0].map(() => ""), rows: cells }, context).slice(2)) {
    context.print(row);
  }
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
  printTable({ columns, rows }, context);
  for (const name of all.filter((preset) => !names.includes(preset))) {
    const changed = Object.entries(presets[name]).map(([setting, value]) => `${setting}=${written(value)}`);
    context.print(`  --preset ${name}: ${changed.join(" ")}`);
  }
}
