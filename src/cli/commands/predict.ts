import type { Command } from "commander";
import { headerRows, wholeRows } from "../../model/asked-table.ts";
import { modelFromState } from "../../model/load.ts";
import type { Table } from "../../model/table.ts";
import { addAskingCommand, type DataFlags, readAs, stateOf, tableOf } from "../asked-model.ts";
import type { CliContext } from "../context.ts";
import { checkApart, writeResult } from "../outputs.ts";
import { keptColumns, predictionsCsv } from "../predictions.ts";

export function addPredictCommand(program: Command, contextOf: () => CliContext): void {
  addAskingCommand(
    program,
    "predict",
    "what a model tells of each row, as CSV / モデルの予測を CSV で出力する",
    "rows to tell of; - is standard input",
  )
    .option("--probabilities", "the probability of each class, a column each")
    .option("--keep <columns>", "columns of the table that stand in front, parted by commas; all: every one")
    .option("--out <file>", "where the CSV goes (default: standard output)")
    .action(async (path: string, flags: DataFlags & { probabilities?: boolean; keep?: string }) => {
      const context = contextOf();
      if (flags.out !== undefined) {
        checkApart([flags.out], [path, flags.data]);
      }
      const state = stateOf(path);
      const model = modelFromState(state) as { predict(table: Table): unknown[] };
      const table = await tableOf(flags.data, readAs(state, flags));
      const header = headerRows(state);
      const beside = { kept: keptColumns(table.csv, header, flags.keep), eachClass: flags.probabilities === true };
      const whole = wholeRows(table, state, "inputs");
      const predictions = model.predict(whole);
      const at = new Map(whole.csv.lines.slice(header).map((line, i) => [line, predictions[i]]));
      // Of a row that lacks a value the cells stay empty, so that rows and predictions stand side by side.
      const told = table.csv.lines.slice(header).map((line) => at.get(line));
      const text = predictionsCsv(state.targets, told, beside);
      const skipped = table.csv.rows - whole.csv.rows;
      if (skipped > 0) {
        context.warn({
          en: `${skipped} rows lack a value: their predictions are empty`,
          ja: `値の欠けた ${skipped} 行の予測は空欄です`,
        });
      }
      writeResult(flags.out, text, context);
    });
}
