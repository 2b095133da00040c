import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { flagOf } from "../../core/command-words.ts";
import { HyperError } from "../../core/errors.ts";
import { checkName } from "../../core/safe-name.ts";
import { type Dtype, dtypes } from "../../core/tensor.ts";
import { type Direction, directions } from "../../core/trial.ts";
import { type Backend, backends } from "../../kernels/kernels.ts";
import { modelTasks } from "../../model/model-state.ts";
import { openPruner, openSampler } from "../../search/open.ts";
import { pruners, samplers } from "../../search/registry.ts";
import { checkSpace } from "../../search/space.ts";
import type { SqlStudyStore } from "../../store/studies/sql-study-store.ts";
import type { Json, StudyRecord, StudySpec } from "../../store/studies/study-store.ts";
import type { CliContext } from "../context.ts";
import { type Interrupt, interruptedExit } from "../interrupt.ts";
import { collect, positiveNumber, seedNumber, useDataFolder, wholeNumber } from "../options.ts";
import { checkApart, checkFolder, nextSecond, timeInName } from "../outputs.ts";
import { addReadFlags, readFlagNames, withTable } from "../read-flags.ts";
import { flagsObjective, moduleObjective, withKeptData } from "../study-objective.ts";
import { prunerChoice, samplerChoice } from "../study-options.ts";
import { addPoints, type GivenPoints, isUnbegun, pointsOf } from "../study-points.ts";
import { interruptibleStudy, runStudy, studyFolder } from "../study-run.ts";
import { storeOption, withStudyQueue } from "../study-store.ts";
import { type TableFlags, tableOfStudy } from "../study-table.ts";
import { type Lesson, tellLesson } from "../training/lesson.ts";

interface SearchOptions extends TableFlags {
  readonly data: string;
  readonly model: string;
  readonly dataFolder?: string;
  readonly set: string[];
  readonly space: string[];
  readonly try: string[];
  readonly known: string[];
  readonly study?: string;
  readonly trials: number;
  readonly sampler: string;
  readonly pruner: string;
  readonly seed: number;
  readonly direction?: Direction;
  readonly workers: number;
  readonly timeout?: number;
  readonly maxTrialTime?: number;
  readonly backend: Backend;
  readonly dtype: Dtype;
  /** When the command did. */
  readonly began: Date;
  readonly networkFlags: readonly string[];
  readonly tableFlags: readonly string[];
  readonly store?: string;
  readonly resume?: boolean;
  readonly out?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export function addSearchCommand(program: Command, contextOf: () => CliContext): void {
  const names = (kinds: readonly { readonly name: string }[]) => kinds.map(({ name }) => name).join(", ");
  const command = program
    .command("search")
    .description("search hyper-parameters / ハイパーパラメータを探索する")
    .argument(
      "[objective]",
      "a module that exports objective(trial), or a table as --data; a network by flags when absent",
    )
    .option("--data <name>", "what the network learns from: mnist, or a table of your own (CSV)", "mnist")
    .option("--target <columns>", "of a table: the column that is told, by name or as #3; several parted by commas")
    .addOption(new Option("--task <task>", "default: by the target's values").choices(modelTasks))
    .option("--sample-weights <column>", "the column that says how much each row counts; it is not learnt from")
    .option("--validation-data <file.csv>", "a table that is measured after each epoch, instead of rows held back")
    .option("--metric <name>", "of a table: what the rows held back are measured by (default: by the task)")
    .option("--model <network>", "mlp, mlp:32,16, or layers such as 'conv2d 16; relu; maxPool; affine 64; relu'", "mlp")
    .option("--data-folder <folder>", "where the data set's files are")
    .option("--set <name=value>", "a fixed setting of the network; may be repeated", collect, [])
    .option(
      "--space <name=range>",
      "what is searched: lr=1e-5..1e-1:log, hidden=16..256, optimizer=sgd,adam; may be repeated",
      collect,
      [],
    )
    .option(
      "--try <point>",
      "tried before anything is drawn: lr=0.01,hidden=32, or a file (CSV, JSON); may be repeated",
      collect,
      [],
    )
    .option(
      "--known <result>",
      "a result known beforehand: lr=0.1,hidden=32:0.93, or a file such as a trials.csv; may be repeated",
      collect,
      [],
    )
    .option("--study <name>", "name of the study (default: the objective's and the time)")
    .option("--trials <n>", "trials that the study shall have in all", wholeNumber(1, 10_000_000), 100)
    .option("--sampler <name[:setting=value]>", names(samplers), "tpe")
    .option("--pruner <name[:setting=value]>", names(pruners), "none")
    .option("--seed <n>", "seed of the study", seedNumber, 0)
    .addOption(
      new Option("--direction <name>", "which values are better (default: as the objective says)").choices(directions),
    )
    .option(
      "--workers <n>",
      "trials at a time here; 0 leaves them to tanren worker",
      wholeNumber(0, 256),
      Math.max(1, availableParallelism()),
    )
    .option("--timeout <seconds>", "no trial begins later", positiveNumber)
    .option("--max-trial-time <seconds>", "a trial that takes longer fails", positiveNumber)
    .addOption(new Option("--backend <name>", "kernels of the network").choices(backends).default("auto"))
    .addOption(new Option("--dtype <name>", "element type of the network").choices(dtypes).default("float32"))
    .option("--store <where>", storeOption);
  addReadFlags(command)
    .option("--resume", "go on with the study of that name")
    .option("--out <folder>", "where the files go (default: results/studies/<study>)")
    .option("--quiet", "print results only")
    .option("--json", "print study.json on standard output, nothing else")
    .action((file: string | undefined, options: Omit<SearchOptions, "began" | "networkFlags" | "tableFlags">) => {
      const given = (names: readonly string[]) =>
        names.filter((name) => command.getOptionValueSource(name) === "cli").map(flagOf);
      const networkFlags = given(["data", "model", "set", "backend", "dtype"]);
      const tableFlags = given(["target", "task", "sampleWeights", "validationData", "metric", ...readFlagNames]);
      const [table, objective] = isTableName(file) ? [file, undefined] : [undefined, file];
      const data = networkFlags.includes("--data") ? options.data : undefined;
      const asked = withTable("search", table, options, data);
      return searchCommand(objective, { ...asked, began: new Date(), networkFlags, tableFlags }, contextOf());
    });
}

/** Whether a file is a table by its name, and no module. */
const isTableName = (file = "") => /\.(?:csv|tsv|txt|data)$/i.test(file);

async function searchCommand(file: string | undefined, options: SearchOptions, context: CliContext): Promise<void> {
  if (options.dataFolder !== undefined) {
    useDataFolder(options.dataFolder);
  }
  const interrupt = interruptibleStudy(context);
  try {
    const tell = (lesson: Lesson) => (options.quiet || options.json ? undefined : tellLesson(context, lesson));
    const spec = await specOf(file, options, { signal: interrupt.signal, tell });
    const points = pointsOf(options, spec);
    const folder = studyFolder(spec.name, options);
    checkApart(
      ["study.json", "trials.csv", "report.html"].map((name) => join(folder, name)),
      [...options.try, ...options.known, ...tablesOf(options, spec)],
    );
    checkFolder(folder);
    await withStudyQueue(options.store, context, (store) =>
      search(store, spec, { ...options, points }, { interrupt, context }),
    );
  } catch (error) {
    if (!interrupt.signal.aborted || error !== interrupt.signal.reason) {
      throw error;
    }
    context.warn({ en: "interrupted: nothing was begun.", ja: "中断しました。何も始めていません。" });
    process.exitCode = interruptedExit;
  } finally {
    interrupt.release();
  }
}

/** The files of a study's tables. */
const tablesOf = ({ data, validationData }: SearchOptions, spec: StudySpec): readonly string[] =>
  tableOfStudy(spec) === undefined ? [] : [data, ...(validationData === undefined ? [] : [validationData])];

async function search(
  store: SqlStudyStore,
  spec: StudySpec,
  options: SearchOptions & { readonly points: GivenPoints },
  how: { readonly interrupt: Interrupt; readonly context: CliContext },
): Promise<void> {
  const study = options.resume
    ? await store.createStudy(withKeptData(spec, await store.study(spec.name)), { existing: "open" })
    : await createdStudy(store, spec, options);
  try {
    await addPoints(store, study, options.points);
    await runStudy(store, study, options, how);
  } catch (error) {
    if (!options.resume) {
      await forgetUnbegun(store, study).catch(() => {});
    }
    throw error;
  }
}

/** A new study. One that is named after the second it began in gets the next where another has that name. */
async function createdStudy(
  store: SqlStudyStore,
  spec: StudySpec,
  { study, began }: Pick<SearchOptions, "study" | "began">,
): Promise<StudyRecord> {
  for (let at = began; ; at = nextSecond(at)) {
    const name = study ?? spec.name.replace(timeInName(began), () => timeInName(at));
    try {
      return await store.createStudy({ ...spec, name });
    } catch (error) {
      const taken = study === undefined && (await store.study(name).catch(() => undefined)) !== undefined;
      if (!taken) {
        throw error;
      }
    }
  }
}

/** A study of which no trial ever began keeps nothing but its name from whoever tries again. */
async function forgetUnbegun(store: SqlStudyStore, { id, name }: StudyRecord): Promise<void> {
  const { trials } = await store.trials(id);
  if (trials.every(isUnbegun)) {
    await store.deleteStudy(name);
  }
}

/** The study that the options describe. @throws HyperError or DataError before anything is written */
async function specOf(
  file: string | undefined,
  options: SearchOptions,
  { signal, tell }: { readonly signal: AbortSignal; readonly tell: (lesson: Lesson) => void },
): Promise<StudySpec> {
  if (options.resume && options.study === undefined) {
    throw new HyperError({
      en: "--resume: must know which study, got no --study. Add --study NAME; tanren study list shows them.",
      ja: "--resume: 再開する study が指定されていません。--study NAME を追加してください(一覧は tanren study list)。",
    });
  }
  if (options.study !== undefined) {
    checkName(options.study, "--study");
  }
  const { seed, timeout } = options;
  // What fails at once comes before what takes time.
  const samplerAsked = samplerChoice(options.sampler);
  const pruner = openPruner(prunerChoice(options.pruner));
  const loading = {
    signal,
    prints: options.json === true ? "stderr" : "stdout",
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
  } as const;
  const chosen =
    file === undefined ? await flagsObjective(options, tell) : await moduleObjective(file, options, loading);
  const space = chosen.space === null ? null : checkSpace(chosen.space);
  // Opened to be checked: a study that cannot run is not made.
  const sampler = openSampler(samplerAsked, { seed, ...(space === null ? {} : { space }) });
  return {
    name: options.study ?? `${chosen.name}-${timeInName(options.began)}`,
    direction: options.direction ?? chosen.direction,
    seed,
    sampler: sampler.description,
    pruner: pruner.description,
    space,
    objective: chosen.ref as Json,
    constraints: chosen.constraints,
  };
}
