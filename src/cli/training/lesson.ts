import type { Told } from "../../core/text.ts";
import { type EncodedData, encodeData } from "../../model/encode.ts";
import { type ModelTask, taskNames } from "../../model/model-state.ts";
import type { Table } from "../../model/table.ts";
import { targetColumns, taskOfTargets } from "../../model/target-task.ts";
import type { CliContext } from "../context.ts";

/** What is to be taught: the task, the columns that are told, the rows as numbers. */
export interface Lesson {
  readonly task: ModelTask;
  readonly targets: readonly string[];
  readonly encoded: EncodedData;
  /** Why it is this task, where nobody said which. */
  readonly why: Told | null;
}

/**
 * Finds out what a table's columns ask for, and makes numbers of it, once.
 * @param asked.oneOutput whether two classes are to be told by one output  @throws CsvError, DataError
 */
export function lessonOf(
  table: Table,
  asked: { readonly target: string; readonly task: ModelTask | undefined; readonly oneOutput?: boolean },
): Lesson {
  const targets = targetColumns(table, asked.target);
  const found = asked.task === undefined ? taskOfTargets(table, targets) : null;
  const binary = found?.task === "classification" && asked.oneOutput === true;
  const task = binary ? "binary" : (found?.task ?? (asked.task as ModelTask));
  return { task, targets, encoded: encodeData(table, task, targets), why: found?.why ?? null };
}

/** Says what was found by evidence, each with what tells it otherwise. */
export function tellLesson(context: CliContext, { task, targets, encoded, why }: Lesson): void {
  if (why !== null) {
    const other = task === "regression" ? (targets.length === 1 ? "classification" : "multilabel") : "regression";
    const [columns, verb] = [targets.join(", "), targets.length === 1 ? "holds" : "hold"];
    context.print({
      en: `  ${columns} ${verb} ${why.en}: ${task}  [--task ${other}]`,
      ja: `  ${columns} 列は${why.ja}。${taskNames[task].ja}として学習します  [--task ${other}]`,
    });
  }
  for (const { text: note, flag } of encoded.notes) {
    context.print(`  - ${context.text(note)}${flag === null ? "" : `  [${flag}]`}`);
  }
}
