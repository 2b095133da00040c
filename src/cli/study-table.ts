import { basename, extname, resolve } from "node:path";
import { HyperError } from "../core/errors.ts";
import { written } from "../core/hyper.ts";
import { shellWord } from "../core/shell-word.ts";
import type { Dtype } from "../core/tensor.ts";
import type { Told } from "../core/text.ts";
import type { Direction, TrialRecord } from "../core/trial.ts";
import type { CsvOptions } from "../data/csv/read-options.ts";
import type { Backend } from "../kernels/kernels.ts";
import { layersOf, network } from "../model/layers-of-blueprint.ts";
import type { ModelTask } from "../model/model-state.ts";
import { originOfEncoded } from "../model/prepare.ts";
import { shapeOfImage } from "../model/row-image.ts";
import { selectKernels } from "../node/kernels.ts";
import { readCsv } from "../node/model-files.ts";
import type { TableStudy } from "../node/study/objective/table.ts";
import { valuesAmong } from "../search/objectives/network-settings.ts";
import type { NetworkSpec } from "../search/objectives/network-spec.ts";
import { checkTableSpec, metricNamed, metricOf, trialSettings } from "../search/objectives/table-spec.ts";
import type { Json, StudySpec } from "../store/studies/study-store.ts";
import type { CliContext } from "./context.ts";
import { type ReadFlags, readOptions } from "./read-flags.ts";
import { type Lesson, lessonOf } from "./training/lesson.ts";

/** What a search on a table of one's own is told beside what any network is. */
export interface TableFlags extends ReadFlags {
  readonly target?: string;
  readonly task?: ModelTask;
  readonly metric?: string;
}

/**
 * A network on a table of one's own, by flags. The table is read to be checked: a study whose trials cannot run is not made.
 * @throws HyperError, CsvError, DataError
 */
export async function tableByFlags(
  asked: NetworkSpec,
  flags: TableFlags & { readonly backend: Backend; readonly dtype: Dtype },
  tell: (lesson: Lesson, why: Told | null) => void,
): Promise<{ readonly name: string; readonly direction: Direction; readonly settings: TableStudy }> {
  // What fails at once comes before what takes time.
  checkTableSpec(asked);
  const { data } = asked;
  if (flags.target === undefined) {
    throw new HyperError({
      en: `search: the column to be told must be named, got none. Add --target COLUMN.`,
      ja: "search: 予測する列を --target で指定してください。",
    });
  }
  const options = Object.fromEntries(Object.entries(readOptions(flags)).filter(([, value]) => value !== undefined));
  const table = await readCsv(data, options);
  const { task, targets, encoded } = lessonOf(table, { target: flags.target, task: flags.task }, tell);
  const metric = metricOf(task, flags.metric);
  const spec = checkTableSpec({ ...asked, data: resolve(data), task, targets, metric });
  for (const text of valuesAmong(spec, "network").filter((one) => one !== "")) {
    layersOf(network(text), { inputs: encoded.inputs.size, image: shapeOfImage(encoded.inputs.image), outputs: 1 });
  }
  const { backend, dtype } = flags;
  selectKernels({ backend, dtype });
  const read: CsvOptions = options;
  return {
    name: `${basename(data, extname(data))}-${targets[0]}`,
    direction: metricNamed(metric).direction,
    settings: { ...spec, backend, dtype, read, origin: originOfEncoded(encoded) },
  };
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
  const command = trainCommand(study, best);
  if (command !== null) {
    context.print({ en: `  train it: ${command}`, ja: `  この設定で学習する: ${command}` });
  }
}

/** The command that trains what a trial of a search on a table did; null of other studies. */
function trainCommand(study: Pick<StudySpec, "objective">, { params }: Pick<TrialRecord, "params">): string | null {
  const table = tableOfStudy(study);
  if (table === undefined) {
    return null;
  }
  const { data, targets, task, backend, dtype, read, seed } = table;
  const { model, optimizer, values } = trialSettings(table, (name) => params[name]);
  const sets = Object.entries(values).map(([name, value]) => ["--set", `${name}=${written(value)}`]);
  const words = [
    ...["tanren", "train", "--data", data, "--target", targets.join(","), "--task", task],
    ...["--model", model, "--optimizer", optimizer, ...sets.flat(), "--seed", String(seed)],
    ...(backend === "auto" ? [] : ["--backend", backend]),
    ...(dtype === "float32" ? [] : ["--dtype", dtype]),
    ...readArguments(read),
  ];
  return words.map((word) => (/^--[a-z-]+$/.test(word) ? word : shellWord(word))).join(" ");
}

/** Options of a table as flags again. */
function readArguments({ header, features, absent, kinds, dateOrder, ...others }: CsvOptions): string[] {
  const { encoding, separator, decimal, missing } = others;
  const named = {
    encoding,
    separator: separator === "\t" ? "tab" : separator,
    decimal,
    missing,
    "date-order": dateOrder,
  };
  return [
    ...Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
    ...(header === undefined ? [] : [header ? "--header" : "--no-header"]),
    ...(features === undefined ? [] : ["--features", features.join(",")]),
    ...(absent === undefined ? [] : ["--absent", absent.join(",")]),
    ...Object.entries(kinds ?? {}).flatMap(([name, kind]) => ["--column", `${name}=${kind}`]),
  ];
}
