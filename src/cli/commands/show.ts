import type { Command } from "commander";
import { horizonFinding } from "../../experiments/horizon.ts";
import { noteText } from "../../experiments/note-text.ts";
import { experimentNamed } from "../../experiments/registry.ts";
import { commandOf, originLine } from "../../experiments/report.ts";
import { runJson, seriesCsv } from "../../runs/outputs.ts";
import { type RunStore, recordOf, runStatusWords, type StoredRun } from "../../store/runs/run-store.ts";
import type { CliContext } from "../context.ts";
import { openStore, setAside } from "../open-store.ts";
import { wholeNumber } from "../options.ts";
import { checkFolder, prepareFolder, writeOutputs } from "../outputs.ts";
import { printTable } from "../table.ts";

interface ShowOptions {
  readonly out?: string;
  readonly store?: string;
  readonly limit: number;
  readonly json?: boolean;
}

export function addShowCommand(program: Command, contextOf: () => CliContext): void {
  program
    .command("show")
    .description(
      "a recorded run, drawn again without training; without a name, the last runs / 記録された実行を表示する",
    )
    .argument("[run]", "its id, the beginning of it, or latest")
    .option("--out <folder>", "write the run's files again")
    .option("--store <file>", "the run store")
    .option("--limit <n>", "how many runs are listed", wholeNumber(1, 100_000), 20)
    .option("--json", "print run.json (or the list) on standard output, nothing else")
    .action(async (name: string | undefined, options: ShowOptions) => {
      const context = contextOf();
      if (options.out !== undefined) {
        checkFolder(options.out);
      }
      const store = await openStore(options.store, context);
      try {
        if (name === undefined) {
          listRuns(store, options, context);
        } else {
          await showRun(store.get(name), options, context);
        }
      } finally {
        store.close();
      }
    });
}

function listRuns(store: RunStore, { limit, json }: ShowOptions, context: CliContext): void {
  const runs = store.list({ limit, onDamaged: (run) => context.warn(setAside(run)) });
  if (json) {
    context.print(JSON.stringify(runs));
    return;
  }
  if (runs.length === 0) {
    context.print({
      en: "No run is recorded yet. Record one with: tanren run optimizer-comparison",
      ja: "記録はまだありません。tanren run optimizer-comparison で実行すると記録されます。",
    });
    return;
  }
  const columns = [
    { en: "run", ja: "ID" },
    { en: "experiment", ja: "実験" },
    { en: "preset", ja: "プリセット" },
    { en: "seed", ja: "シード" },
    { en: "kernels", ja: "カーネル" },
    { en: "seconds", ja: "秒" },
    { en: "state", ja: "状態" },
  ];
  const rows = runs.map(({ id, experiment, preset, seed, engine, seconds, status }) => [
    id,
    experiment,
    preset,
    seed,
    `${engine.kernels} ${engine.dtype}`,
    Number(seconds.total.toPrecision(3)),
    context.text(runStatusWords[status]),
  ]);
  printTable({ columns, rows }, context);
}

async function showRun(run: StoredRun, { out, json }: ShowOptions, context: CliContext): Promise<void> {
  const { printFigure, runDrawing } = await import("../figures.ts");
  const experiment = experimentNamed(run.experiment);
  const record = recordOf(run);
  const files: string[] = [];
  if (out !== undefined) {
    prepareFolder(out);
    files.push(...writeOutputs(out, [runJson(record), seriesCsv(record)]));
    const { drawAndTell } = await import("../pictures.ts");
    files.push(...(await drawAndTell(runDrawing(experiment, record, out), context)));
  }
  if (json) {
    context.print(JSON.stringify(record));
    return;
  }
  const state = context.text(runStatusWords[run.status]);
  context.print(`${run.id}  ${context.text(experiment.title)}  (${state}, ${run.startedAt})`);
  context.print(`  ${commandOf(experiment, record)}`);
  for (const origin of record.data ?? []) {
    context.print(`  ${context.text({ en: "data", ja: "データ" })}: ${context.text(originLine(origin))}`);
  }
  for (const note of record.events) {
    const text = noteText(note);
    if (text !== undefined) {
      context.print(`  ${context.text(text)}`);
    }
  }
  printFigure(experiment, record, context);
  printTable(experiment.results(record), context);
  for (const text of horizonFinding(record)) {
    context.print(`  ${context.text(text)}`);
  }
  for (const file of files) {
    context.print(`  ${file}`);
  }
}
