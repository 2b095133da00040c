import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { programLimits } from "../data/csv/read-options.ts";
import { modelFromBytes } from "../model/model-file.ts";
import type { ModelState } from "../model/model-state.ts";
import { type ReadTableOptions, readTable, type Table } from "../model/table.ts";
import { fileName } from "../node/file-path.ts";
import { bytesOf, readCsv, standardInput } from "../node/model-files.ts";
import { addTableFlags, givenOptions, type ReadFlags } from "./read-flags.ts";

const mostModelBytes = 2 ** 32;

/** What `train --out` was told is as good a name of a model as the file in it. */
export function modelFile(path: string): string {
  const inside = join(path, "model.tanren");
  return path !== "" && existsSync(inside) ? inside : path;
}

/** A model's file. @throws DataError on what is none */
export function stateOf(path: string): ModelState {
  const advice = { en: "Give the model.tanren of a training", ja: "学習が書いた model.tanren を指定してください" };
  return modelFromBytes(new Uint8Array(bytesOf(path, mostModelBytes, advice)), fileName(path));
}

/** Which table a model is asked about, and how it is read. */
export interface DataFlags extends ReadFlags {
  readonly data: string;
  readonly json?: boolean;
  readonly out?: string;
}

/** How the model's table was read. @param source another table that it was shown */
export function asLearnt({ training, targets }: ModelState, source = training?.source): ReadTableOptions {
  const options = (source?.options ?? {}) as ReadTableOptions;
  return { ...options, target: targets.kind === "classes" ? targets.name : targets.names };
}

/** Options of a table that a model is asked about: its own way of writing, with the flags over what the model was told. */
export function readAs(state: ModelState, flags: ReadFlags): ReadTableOptions {
  const { encoding: _, separator: __, decimal: ___, ...options } = asLearnt(state);
  return { ...options, ...givenOptions(flags) };
}

/** What `--data` calls standard input. */
export const standardInputName = "-";

/** The table of that file, or of standard input. */
export async function tableOf(path: string, options: ReadTableOptions): Promise<Table> {
  if (path !== standardInputName) {
    return readCsv(path, options);
  }
  const advice = { en: "Give it a table", ja: "表を渡してください" };
  return readTable(bytesOf(standardInput, programLimits.bytes, advice), "standard input", options);
}

/** A command that asks a model about a table. @param data what the table's flag is for */
export function addAskingCommand(program: Command, name: string, description: string, data: string): Command {
  return addTableFlags(
    program
      .command(name)
      .description(description)
      .argument("<model>", "the model.tanren of a training, or its folder", modelFile)
      .requiredOption("--data <file.csv>", data),
  );
}
