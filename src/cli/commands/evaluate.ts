import { join } from "node:path";
import type { Command } from "commander";
import type { Text } from "../../core/text.ts";
import { version } from "../../core/version.ts";
import { notes } from "../../data/csv/reading-note.ts";
import { evaluationFigure } from "../../experiments/own-data/evaluation-figure.ts";
import { evaluationName } from "../../experiments/own-data/evaluation-name.ts";
import type { FigureSpec } from "../../figure/figure-spec.ts";
import type { ReportSpec, ReportTable } from "../../figure/report-spec.ts";
import { displayWidth, padEnd } from "../../figure/text-width.ts";
import { headerRows } from "../../model/asked-table.ts";
import { modelFromState } from "../../model/load.ts";
import { fileName } from "../../node/file-path.ts";
import { addAskingCommand, type DataFlags, readAs, stateOf, tableOf } from "../asked-model.ts";
import type { CliContext } from "../context.ts";
import { checkApart, checkFolder, writeOutputs } from "../outputs.ts";
import { printTable } from "../table.ts";

export function addEvaluateCommand(program: Command, contextOf: () => CliContext): void {
  addAskingCommand(
    program,
    "evaluate",
    "figures of a model on a table / モデルの成績を表で測る",
    "rows with the column that is told; - is standard input",
  )
    .option("--json", "print JSON, nothing else")
    .option("--out <folder>", "writes the figures there too, with a confusion matrix, or predicted over true values")
    .action((path: string, flags: DataFlags) => evaluate(path, flags, contextOf()));
}

/** What it writes into a folder. */
const written = ["evaluation.json", "figure.svg", "figure.png", "report.html"] as const;

async function evaluate(path: string, flags: DataFlags, context: CliContext): Promise<void> {
  const { out } = flags;
  if (out !== undefined) {
    checkApart(
      written.map((name) => join(out, name)),
      [path, flags.data],
    );
    checkFolder(out);
  }
  const state = stateOf(path);
  const table = await tableOf(flags.data, readAs(state, flags));
  const model = modelFromState(state);
  const evaluation = model.evaluate(table);
  const skipped = table.csv.rows - headerRows(state) - evaluation.rows;
  if (skipped > 0) {
    context.warn(notes.skipped(skipped).text);
  }
  const json = JSON.stringify({ task: state.task, ...evaluation });
  const { single, parts, confusion } = shownParts(evaluation as unknown as Record<string, unknown>);
  if (flags.json) {
    context.print(json);
  } else {
    const width = Math.max(...single.map(([name]) => displayWidth(context.text(name))));
    for (const [name, value] of single) {
      context.print(`  ${padEnd(context.text(name), width)}  ${value}`);
    }
    for (const table of [parts, ...confusion]) {
      printTable(table, context);
    }
  }
  if (out === undefined) {
    return;
  }
  const figure = evaluationFigure({ ...evaluation, model, table, state });
  const what = { model: fileName(path), table: table.csv.name };
  const report = () => reportOf({ ...what, figure, single, parts });
  const { drawAndTell } = await import("../pictures.ts");
  const paths = writeOutputs(out, [{ name: written[0], contents: `${json}\n` }]);
  paths.push(
    ...(await drawAndTell({ folder: out, pictures: [{ name: "figure", figure: () => figure }], report }, context)),
  );
  if (!flags.json) {
    for (const one of paths) {
      context.print(`  ${one}`);
    }
  }
}

interface Shown {
  /** Figures of all rows together. */
  readonly single: readonly (readonly [name: Text, value: string])[];
  /** A row a class or target. */
  readonly parts: ReportTable;
  /** A row a true class; none where they are too many. */
  readonly confusion: readonly ReportTable[];
}

/** Where an evaluation has what it says of each class or target, and what these are. */
const partsOf = [
  { key: "classes", name: { en: "class", ja: "クラス" } },
  { key: "targets", name: { en: "target", ja: "予測する列" } },
  { key: "labels", name: { en: "label", ja: "ラベル" } },
] as const;

function shownParts(evaluation: Record<string, unknown>): Shown {
  const single = Object.entries(evaluation).flatMap(([name, value]): [Text, string][] =>
    typeof value === "number"
      ? [[evaluationName(name), Number.isInteger(value) ? String(value) : value.toPrecision(5)]]
      : value === null
        ? [[evaluationName(name), "–"]]
        : [],
  );
  const found = partsOf.find(({ key }) => key in evaluation)!;
  const parts = evaluation[found.key] as Record<string, string | number | null>[];
  const columns = Object.keys(parts[0]);
  const shown = (cell: string | number | null) => (typeof cell === "number" ? Number(cell.toPrecision(4)) : cell);
  const confusion = evaluation.confusion as number[][] | undefined;
  const names = parts.map(({ name }) => String(name));
  return {
    single,
    parts: {
      columns: columns.map((column) => (column === "name" ? found.name : evaluationName(column))),
      rows: parts.map((part) => columns.map((column) => shown(part[column]))),
    },
    confusion:
      confusion === undefined || confusion.length > 20
        ? []
        : [
            {
              columns: [{ en: "class ╲ predicted", ja: "正解 ╲ 予測" }, ...names],
              rows: confusion.map((row, i) => [names[i], ...row]),
            },
          ],
  };
}

function reportOf({
  model,
  table,
  figure,
  single,
  parts,
}: Pick<Shown, "single" | "parts"> & {
  readonly model: string;
  readonly table: string;
  readonly figure: FigureSpec;
}): ReportSpec {
  return {
    title: { en: `${model} on ${table}`, ja: `${table} での ${model} の成績` },
    provenance: `Tanren ${version}`,
    sections: [
      {
        id: "evaluation",
        title: { en: "Figures", ja: "成績" },
        summary: "",
        prose: { en: "", ja: "" },
        figures: [figure],
        table: parts,
        details: [],
        findings: [],
        notes: [],
        formulas: [],
        settings: [],
        facts: single.map(([name, value]) => ({ name, value })),
      },
    ],
  };
}
