import type { Command } from "commander";
import { DataError } from "../../core/errors.ts";
import { differences } from "../../experiments/compare.ts";
import { comparison } from "../../experiments/overlay.ts";
import { experimentNamed } from "../../experiments/registry.ts";
import { seriesCsv } from "../../runs/outputs.ts";
import { DamagedRunError } from "../../store/runs/run-rows.ts";
import { recordOf } from "../../store/runs/run-store.ts";
import type { CliContext } from "../context.ts";
import { openStore, setAside } from "../open-store.ts";
import { checkFolder, prepareFolder, writeOutputs } from "../outputs.ts";
import { printTable } from "../table.ts";

interface CompareOptions {
  readonly out?: string;
  readonly store?: string;
  readonly json?: boolean;
}

export function addCompareCommand(program: Command, contextOf: () => CliContext): void {
  program
    .command("compare")
    .description("several recorded runs of one experiment together / 記録された複数の実行を並べて比べる")
    .argument("<run...>", "ids, beginnings of ids, or latest")
    .option("--out <folder>", "write series.csv, the figures and the report of all together")
    .option("--store <file>", "the run store")
    .option("--json", "print what differs and every series as JSON, nothing else")
    .action((names: string[], options: CompareOptions) => compareRuns(names, options, contextOf()));
}

async function compareRuns(names: readonly string[], options: CompareOptions, context: CliContext): Promise<void> {
  const { printFigure, runDrawing } = await import("../figures.ts");
  if (options.out !== undefined) {
    checkFolder(options.out);
  }
  const store = await openStore(options.store, context);
  let runs: { id: string; record: ReturnType<typeof recordOf> }[];
  try {
    runs = names.flatMap((name) => {
      try {
        const run = store.get(name);
        return [{ id: run.id, record: recordOf(run) }];
      } catch (error) {
        if (!(error instanceof DamagedRunError) || names.length === 1) {
          throw error;
        }
        context.warn(setAside(error.damaged));
        return [];
      }
    });
  } finally {
    store.close();
  }
  if (runs.length === 0) {
    throw new DataError({
      en: "compare: at least one run must be readable, got none. Give others.",
      ja: "compare: 読める実行記録が1つもありません。別の記録を指定してください。",
    });
  }
  const { experiment, record } = comparison(experimentNamed(runs[0].record.experiment), runs);
  const table = differences(runs);
  if (options.out !== undefined) {
    prepareFolder(options.out);
    const paths = writeOutputs(options.out, [seriesCsv(record)]);
    const { drawAndTell } = await import("../pictures.ts");
    for (const path of [...paths, ...(await drawAndTell(runDrawing(experiment, record, options.out), context))]) {
      context.warn(`  ${path}`);
    }
  }
  if (options.json) {
    const runsOf = runs.map(({ id, record: { series: _series, ...rest } }) => ({ id, ...rest }));
    context.print(JSON.stringify({ experiment: record.experiment, runs: runsOf, series: record.series }));
    return;
  }
  context.print(context.text(experiment.title));
  if (table.rows.length > 0) {
    printTable(table, context);
  } else {
    context.print({ en: "  the same settings, seed and kernels", ja: "  設定・シード・カーネルはすべて同じです" });
  }
  context.print("");
  printFigure(experiment, record, context);
  printTable(experiment.results(record), context);
}
