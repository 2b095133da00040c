import { statSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { commandOf } from "../core/command-words.ts";
import { HyperError } from "../core/errors.ts";
import type { Dtype } from "../core/tensor.ts";
import type { Direction, TrialRecord } from "../core/trial.ts";
import { ownDataSettings, trainCommand } from "../experiments/own-data/own-data.ts";
import type { Backend } from "../kernels/kernels.ts";
import { layersOf, network } from "../model/layers-of-blueprint.ts";
import type { ModelTask } from "../model/model-state.ts";
import { originOfEncoded } from "../model/prepare.ts";
import { shapeOfImage } from "../model/row-image.ts";
import { readCsv } from "../node/model-files.ts";
import { selectKernels } from "../node/native-kernels.ts";
import { measuredTable, type TableStudy } from "../node/study/objective/table.ts";
import { valuesAmong } from "../search/objectives/network-settings.ts";
import { checkDecay, type NetworkSpec } from "../search/objectives/network-spec.ts";
import { rehearse } from "../search/objectives/rehearse.ts";
import { tableObjective } from "../search/objectives/table.ts";
import {
  checkMeasured,
  checkTableSpec,
  metricNamed,
  metricOf,
  tableSettings,
  trialSettings,
} from "../search/objectives/table-spec.ts";
import type { Json, StudySpec } from "../store/studies/study-store.ts";
import { standardInputName } from "./asked-model.ts";
import type { CliContext } from "./context.ts";
import { givenOptions, type ReadFlags, readArguments } from "./read-flags.ts";
import { type Lesson, lessonOf } from "./training/lesson.ts";

/** What a search on a table of one's own is told beside what any network is. */
export interface TableFlags extends ReadFlags {
  readonly target?: string;
  readonly task?: ModelTask;
  /** The column that says how much each row counts. */
  readonly sampleWeights?: string;
  /** A table that is measured instead of rows held back. */
  readonly validationData?: string;
  readonly metric?: string;
}

/**
 * A network on a table of one's own, by flags. The table is read to be checked: a study whose trials cannot run is not made.
 * @throws HyperError, CsvError, DataError
 */
export async function tableByFlags(
  asked: NetworkSpec,
  flags: TableFlags & { readonly backend: Backend; readonly dtype: Dtype },
  tell: (lesson: Lesson) => void,
): Promise<{ readonly name: string; readonly direction: Direction; readonly settings: TableStudy }> {
  // What fails at once comes before what takes time.
  const { validationData } = flags;
  const beside = validationData === undefined ? {} : { validationData: resolve(validationData) };
  const checked = checkTableSpec({ ...asked, ...beside });
  checkDecay(checked);
  const { data } = asked;
  if (flags.target === undefined) {
    throw new HyperError({
      en: `search: the column to be told must be named, got none. Add --target COLUMN.`,
      ja: "search: 予測する列を --target で指定してください。",
    });
  }
  for (const table of [data, ...(validationData === undefined ? [] : [validationData])]) {
    checkReadAgain(table);
  }
  const { sampleWeights: weights } = flags;
  const read = { ...givenOptions(flags), ...(weights === undefined ? {} : { weights }) };
  // As `train` has it: a loss of values for classes is that of two classes with one output.
  const oneOutput = valuesAmong(checked, "loss", tableSettings).every((loss) => loss === "binaryCrossEntropy");
  const lesson = lessonOf(await readCsv(data, read), { target: flags.target, task: flags.task, oneOutput });
  tell(lesson);
  const { task, targets, encoded } = lesson;
  const metric = metricOf(task, flags.metric);
  const spec = { ...checked, data: resolve(data), task, targets, metric };
  checkMeasured(spec);
  for (const text of valuesAmong(spec, "network").filter((one) => one !== "")) {
    layersOf(network(text), { inputs: encoded.inputs.size, image: shapeOfImage(encoded.inputs.image), outputs: 1 });
  }
  const { backend, dtype } = flags;
  const kernels = selectKernels({ backend, dtype });
  const measured = await measuredTable(spec, read, encoded);
  const means = { kernels, data: encoded, ...(measured === null ? {} : { validation: measured.table }) };
  await rehearse(tableObjective(spec, means), spec.space);
  return {
    name: `${basename(data, extname(data))}-${targets[0]}`,
    direction: metricNamed(metric).direction,
    settings: {
      ...{ ...spec, backend, dtype, read, origin: originOfEncoded(encoded) },
      ...(measured === null ? {} : { validationOrigin: measured.origin }),
    },
  };
}

/** @throws HyperError where a table is no file, which every worker could read */
function checkReadAgain(table: string): void {
  const found = statSync(table, { throwIfNoEntry: false });
  if (table === standardInputName || (found !== undefined && !found.isFile() && !found.isDirectory())) {
    throw new HyperError({
      en: `search: the table must be a file, since every worker reads it, got ${table}, which can be read once. Write it into a file first.`,
      ja: `search: 表は各ワーカーが読むため、ファイルでなければなりません(${table} は一度しか読めません)。先にファイルへ書き出してください。`,
    });
  }
}

/** The table that a study's networks learn from; undefined of other studies. */
export function tableOfStudy({ objective }: Pick<StudySpec, "objective">): TableStudy | undefined {
  const { kind, name, settings } = (objective ?? {}) as { kind?: string; name?: string; settings?: Json };
  return kind === "builtin" && name === "table" ? (settings as unknown as TableStudy) : undefined;
}

/** Says how to train what the best trial of a search on a table did. */
export function tellTraining(
  study: Pick<StudySpec, "objective">,
  best: Pick<TrialRecord, "params">,
  context: CliContext,
): void {
  const command = trialCommand(study, best);
  if (command !== null) {
    context.print({ en: `  train it: ${command}`, ja: `  この設定で学習する: ${command}` });
  }
}

/** The command that trains what a trial of a search on a table did; null of other studies. */
function trialCommand(study: Pick<StudySpec, "objective">, { params }: Pick<TrialRecord, "params">): string | null {
  const table = tableOfStudy(study);
  if (table === undefined) {
    return null;
  }
  const trial = trialSettings(table, (name) => params[name]);
  const { targets, read } = table;
  const told = { target: targets.join(","), sampleWeights: read.weights, reading: commandOf(readArguments(read)) };
  const training = { ...table, ...trial, ...told };
  return trainCommand(ownDataSettings(training), table);
}
