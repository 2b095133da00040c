import { dirname, join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { commandOf } from "../../core/command-words.ts";
import type { TaskEvent } from "../../core/record.ts";
import { dtypes } from "../../core/tensor.ts";
import { ownData, ownDataId, ownDataSettings } from "../../experiments/own-data/own-data.ts";
import { type Backend, backends, type KernelSet } from "../../kernels/kernels.ts";
import { modelFor } from "../../model/classify.ts";
import { fitOptionsOf, lossOfSettings } from "../../model/fit-settings.ts";
import type { AnyModel } from "../../model/load.ts";
import { type ModelTask, modelTasks } from "../../model/model-state.ts";
import { originOfEncoded } from "../../model/prepare.ts";
import { readCsv } from "../../node/model-files.ts";
import { selectKernels } from "../../node/native-kernels.ts";
import { optimizerNamed } from "../../optim/registry.ts";
import { runSession } from "../../runs/session.ts";
import { standardInputName, tableOf } from "../asked-model.ts";
import type { CliContext } from "../context.ts";
import { interruptible } from "../interrupt.ts";
import { openDisplay, silentDisplay } from "../live-display.ts";
import { closeStore, openStoreOrWarn, waitingForStore } from "../open-store.ts";
import { collect, seedNumber } from "../options.ts";
import {
  checkApart,
  checkFolder,
  claimFolders,
  prepareFolder,
  removeEmpty,
  resultsFolder,
  writeOutputs,
} from "../outputs.ts";
import { addReadFlags, readArguments, readOptions, withTable } from "../read-flags.ts";
import { RunReporter } from "../run-report.ts";
import { fitRunner, runEvents } from "../training/fit-runner.ts";
import { foldTrainings } from "../training/fold-trainings.ts";
import { lessonOf, tellLesson } from "../training/lesson.ts";
import { networkOf } from "../training/network-of.ts";
import { addSettingFlags } from "../training/setting-flags.ts";
import { type TrainFlags, type TrainSettings, trainSettings } from "../training/train-settings.ts";

interface Flags extends TrainFlags {
  readonly backend: Backend;
  readonly out?: string;
  readonly store?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export function addTrainCommand(program: Command, contextOf: () => CliContext): void {
  const command = program
    .command("train")
    .description("a network of your own on your own table / 自分の表でネットワークを学習する")
    .argument("[file.csv]", "the table, as --data")
    .option("--data <file.csv>", "the table; - is standard input")
    .option("--target <columns>", "the column that is told, by name or as #3; several parted by commas")
    .addOption(new Option("--task <task>", "default: by the target's values").choices(modelTasks))
    .option("--model <network>", "mlp:16,16 or layers such as 'affine 64; relu; dropout 0.2' (default: mlp:16,16)")
    .option("--optimizer <name>", "an update rule of tanren list (default: adam)")
    .option(
      "--set <name=value>",
      "of the rule (lr=0.01), the schedule (cosine.minLr=0), the loss (huber.delta=2), or of any flag; may be repeated",
      collect,
      [],
    );
  addSettingFlags(command)
    .option("--sample-weights <column>", "the column that says how much each row counts; it is not learnt from")
    .option("--validation-data <file.csv>", "a table that is measured after each epoch, instead of rows held back")
    .option("--seed <n>", "seed of the random stream (default: 0)", seedNumber)
    .option(
      "--settings <file>",
      "flags from a file, YAML or JSON, as settings.json of another training; flags given count more",
    )
    .addOption(new Option("--backend <name>", "kernels").choices(backends).default("auto"))
    .addOption(new Option("--dtype <name>", "element type (default: float32)").choices(dtypes));
  addReadFlags(command)
    .option("--out <folder>", "where the model and the run's files go (default: results/train/<time>-seed<N>)")
    .option("--store <file>", "the run store")
    .option("--quiet", "print results only")
    .option("--json", "print run.json on standard output, nothing else")
    .action((file: string | undefined, flags: Flags) =>
      trainCommand(withTable("train", file, flags, flags.data), contextOf()),
    );
}

function modelOf(task: ModelTask, settings: TrainSettings, kernels: KernelSet): AnyModel {
  const { model, seed, values } = settings;
  return modelFor(task, networkOf(model), { seed, kernels, loss: lossOfSettings(values) });
}

/** What a training leaves in its folder. */
const written = [
  "model.tanren",
  "settings.json",
  "run.json",
  "series.csv",
  "figure.svg",
  "figure.png",
  "report.html",
] as const;

async function trainCommand(flags: Flags, context: CliContext): Promise<void> {
  const settings = trainSettings(flags);
  const ownFolder = (began: Date) => resultsFolder(ownDataId, began, `seed${settings.seed}`);
  const began = new Date();
  let out = flags.out ?? ownFolder(began);
  const { label } = optimizerNamed(settings.optimizer);
  const asked = fitOptionsOf(settings.optimizer, settings.values);
  const { validationData } = settings;
  networkOf(settings.model);
  checkApart(
    written.map((name) => join(out, name)),
    [settings.data, ...(validationData === undefined ? [] : [validationData])],
  );
  checkFolder(flags.out ?? dirname(out));
  const silent = flags.quiet === true || flags.json === true;
  const { data, read, sampleWeights, target, task: given } = settings;
  const weights = sampleWeights === undefined ? {} : { weights: sampleWeights };
  const table = await tableOf(data, { ...readOptions(read), ...weights });
  // A loss of values for classes is that of two classes with one output.
  const oneOutput = lossOfSettings(settings.values)?.name === "binaryCrossEntropy";
  const lesson = lessonOf(table, { target, task: given, oneOutput });
  if (!silent) {
    tellLesson(context, lesson);
  }
  const { task, targets, encoded } = lesson;
  const measured =
    validationData === undefined
      ? {}
      : { validation: await readCsv(validationData, { ...readOptions(read), target: targets }) };
  const options = { ...asked, ...measured };
  const kernels = selectKernels({ backend: flags.backend, dtype: settings.dtype });
  const modelOn = (set: KernelSet) => modelOf(task, settings, set);
  const model = modelOn(kernels);
  const place = placeOf(data);
  const origin = originOfEncoded(encoded, place === standardInputName ? undefined : place);
  const store = await openStoreOrWarn(flags.store, context);
  // From here on there is something to keep; before, the system ends the process at once.
  const interrupt = interruptible();
  const recorded = store.kind !== "memory";
  const reporter = new RunReporter({ ...flags, several: false, recorded, signal: interrupt.signal }, context);
  try {
    if (flags.out === undefined) {
      out = ownFolder(claimFolders(began, (at) => [ownFolder(at)]));
    }
    prepareFolder(out);
    const path = join(out, "model.tanren");
    let learnt = false;
    const { signal } = interrupt;
    const folds = foldTrainings({
      count: Number(settings.values.folds ?? 0),
      ...{ data: encoded, options: { ...options, signal }, kernels, modelOn },
    });
    const whole = (): AsyncGenerator<TaskEvent> =>
      runEvents(model.fit(encoded, folds.optionsOfWhole()), label, () => {
        learnt = true;
      });
    const finished = await runSession({
      experiment: ownData,
      preset: "book",
      settings: ownDataSettings({
        ...settings,
        data: place,
        validationData: validationData === undefined ? "" : resolve(validationData),
        reading: commandOf(readArguments(readOptions(read))),
        task,
      }),
      seed: settings.seed,
      runner: fitRunner(kernels, origin, [...folds.trainings, { run: label, events: whole }]),
      store,
      observe: (tasks) => (silent ? silentDisplay : openDisplay(context, tasks, Date.now)),
      signal,
      now: Date.now,
      onWaiting: () => context.warn(waitingForStore),
    });
    const kept = learnt && finished.status !== "failed";
    if (kept) {
      await model.save(path);
    }
    writeOutputs(out, [{ name: "settings.json", contents: settingsText(settings, task) }]);
    await reporter.run(ownData, finished, { folder: out, chapter: false, printed: !silent });
    if (!flags.json && kept) {
      context.print(`  ${path}`);
    }
  } finally {
    await reporter.close();
    // Where training could not begin.
    removeEmpty(out);
    interrupt.release();
    closeStore(store, { told: reporter.storeFailed });
  }
}

/** Where a table lies, seen from anywhere. */
function placeOf(data: string): string {
  return data === standardInputName ? data : resolve(data);
}

/** What `--settings` reads back. */
function settingsText(
  { values, data, validationData, task: _, read, ...rest }: TrainSettings,
  task: ModelTask,
): string {
  const { model, target, optimizer, sampleWeights, seed, dtype } = rest;
  const settings = {
    ...{ data: placeOf(data), target, task, model, optimizer, ...values, sampleWeights },
    validationData: validationData === undefined ? undefined : resolve(validationData),
    ...{ seed, dtype, read },
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}
