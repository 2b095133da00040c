import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { type Command, Option } from "commander";
import { HyperError, suggest, suggestName } from "../../core/errors.ts";
import { assignmentsOf, type HyperSet, type HyperValue, resolve } from "../../core/hyper.ts";
import { type Dtype, dtypes } from "../../core/tensor.ts";
import { checkRun } from "../../experiments/check-run.ts";
import { chapter, experimentNamed, taught } from "../../experiments/registry.ts";
import { techniqueGroup } from "../../experiments/technique-settings.ts";
import { plainText } from "../../formula/plain-text.ts";
import { type Backend, backends } from "../../kernels/kernels.ts";
import { loadDataset } from "../../node/data/datasets.ts";
import { runStoreAddress } from "../../node/paths.ts";
import { openWorkerRunner } from "../../node/runs/worker-runner.ts";
import type { Experiment, Settings } from "../../runs/experiment.ts";
import { type FinishedRun, runSession } from "../../runs/session.ts";
import { detailsOf, idleDetails } from "../../train/idle-details.ts";
import type { CliContext } from "../context.ts";
import { interruptible } from "../interrupt.ts";
import { openDisplay, silentDisplay } from "../live-display.ts";
import { closeStore, openStoreOrWarn, waitingForStore } from "../open-store.ts";
import { collect, seedNumber, seedRange, wholeNumber } from "../options.ts";
import { checkFolder, claimFolders, prepareFolder, resultsFolder } from "../outputs.ts";
import { RunReporter } from "../run-report.ts";

interface RunOptions {
  readonly preset: string;
  readonly set: string[];
  readonly seed: number;
  readonly seeds?: number[];
  readonly backend: Backend;
  readonly dtype?: Dtype;
  readonly workers: number;
  readonly out?: string;
  readonly data?: string;
  readonly store?: string;
  readonly horizon?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export function addRunCommand(program: Command, contextOf: () => CliContext): void {
  program
    .command("run")
    .description("run experiments of the chapter, and of what it goes on with / 章とその先の実験を実行する")
    .argument("<experiment...>", `${taught.map(({ id }) => id).join(", ")}, or all (the chapter's)`)
    .option("--preset <name>", "named settings of the experiment", "book")
    .option("--set <name=value>", "a setting; may be repeated", collect, [])
    .option("--seed <n>", "seed of the random stream", seedNumber, 0)
    .addOption(new Option("--seeds <a..b>", "several seeds, one run each").argParser(seedRange).conflicts("seed"))
    .addOption(new Option("--backend <name>", "kernels").choices(backends).default("auto"))
    .addOption(new Option("--dtype <name>", "element type (default: float32; float64 on reference)").choices(dtypes))
    .option("--workers <n>", "worker threads", wholeNumber(1, 256), Math.max(1, availableParallelism()))
    .option("--out <folder>", "where the files go (default: results/<experiment>/<time>-seed<N>)")
    .option(
      "--data <folder>",
      "where the data set's files are (default: TANREN_DATA, else what tanren data list shows)",
    )
    .option("--store <file>", "the run store")
    .option("--horizon", "mark how far each curve is the same on every computer (twice the time); as --set horizon=on")
    .option("--quiet", "print results only")
    .option("--json", "print run.json on standard output, nothing else")
    .action((names: string[], options: RunOptions) => runCommand(names, options, contextOf()));
}

async function runCommand(names: readonly string[], options: RunOptions, context: CliContext): Promise<void> {
  const all = names.includes("all");
  const experiments = all ? chapter : [...new Set(names)].map(experimentNamed);
  if (options.horizon) {
    checkHorizon(experiments);
  }
  const planned = experiments.map((experiment) => ({
    experiment,
    settings: settingsFor(experiment, options, context),
  }));
  const seeds = options.seeds ?? [options.seed];
  const dtype = options.dtype ?? (options.backend === "reference" ? "float64" : "float32");
  for (const { experiment, settings } of planned) {
    checkRun(experiment, settings, dtype, process.availableMemory());
  }
  const started = new Date();
  let place = { options, started, many: planned.length > 1, all };
  const folderOf = (id: string, seed: number) => outputFolder({ id, seed, ...place });
  const folders = () => planned.map(({ experiment }) => folderOf(experiment.id, seeds[0]));
  // Nothing is made before all of it is known to be possible.
  const checked =
    options.out === undefined ? ownFolders(planned, seeds[0], place).map((own) => dirname(own)) : folders();
  checked.forEach(checkFolder);
  runStoreAddress(options.store, context.env);

  const needed = [...new Set(experiments.flatMap((experiment) => experiment.datasets))];
  if (options.data !== undefined && needed.length === 0) {
    context.warn({
      en: "--data: changes nothing, since no data set is used",
      ja: "--data: データセットを使わない実験のため、何も変わりません",
    });
  }
  const datasets = await Promise.all(needed.map((name) => loadDataset(name, options.data)));
  for (const note of datasets.flatMap(({ notes = [] }) => notes)) {
    context.warn(note);
  }
  const runner = openWorkerRunner({ backend: options.backend, dtype, workers: options.workers }, datasets);
  const store = await openStoreOrWarn(options.store, context).catch(async (error) => {
    await runner.close();
    throw error;
  });
  // From here on there is something to keep; before, the system ends the process at once.
  const interrupt = interruptible();
  const silent = options.quiet === true || options.json === true;
  const several = planned.length > 1 || options.seeds !== undefined;
  const recorded = store.kind !== "memory";
  const reporter = new RunReporter({ ...options, several, recorded, signal: interrupt.signal }, context);
  try {
    if (options.out === undefined) {
      place = {
        ...place,
        started: claimFolders(started, (at) => ownFolders(planned, seeds[0], { ...place, started: at })),
      };
    }
    folders().forEach(prepareFolder);
    for (const [i, { experiment, settings }] of planned.entries()) {
      const ofSeeds: FinishedRun[] = [];
      for (const seed of seeds) {
        reporter.tell();
        if (!silent) {
          const position = planned.length > 1 ? `[${i + 1}/${planned.length}] ` : "";
          announce(experiment, { position, seed, kernels: runner.kernels, dtype }, context);
        }
        const overall = { index: i * seeds.length + seeds.indexOf(seed), count: planned.length * seeds.length };
        const finished = await runSession({
          experiment,
          preset: options.preset,
          settings,
          seed,
          runner,
          store,
          observe: (tasks) => (silent ? silentDisplay : openDisplay(context, tasks, Date.now, overall)),
          signal: interrupt.signal,
          now: Date.now,
          onWaiting: () => context.warn(waitingForStore),
        });
        if (interrupt.signal.aborted || (experiment === planned.at(-1)?.experiment && seed === seeds.at(-1))) {
          // The threads' memory is not needed for drawing.
          await runner.close();
        }
        await reporter.run(experiment, finished, {
          folder: folderOf(experiment.id, seed),
          // A section an experiment; the other seeds are in its own folder.
          chapter: all && seed === seeds[0],
          printed: !options.quiet && options.seeds === undefined,
        });
        ofSeeds.push(finished);
        if (interrupt.signal.aborted) {
          return;
        }
      }
      if (ofSeeds.length > 1) {
        const records = ofSeeds.map(({ record }) => record);
        await reporter.seeds(experiment, records, dirname(folderOf(experiment.id, seeds[0])));
      }
    }
    if (all) {
      await reporter.chapter(chapterFolder({ seed: seeds[0], ...place }));
    }
  } finally {
    await reporter.close();
    interrupt.release();
    await runner.close();
    closeStore(store, { told: reporter.storeFailed });
  }
}

/** The preset's values with `--set` over them. @throws HyperError */
function settingsFor(experiment: Experiment, { preset, set, horizon }: RunOptions, context: CliContext): Settings {
  if (!Object.hasOwn(experiment.presets, preset)) {
    const known = Object.keys(experiment.presets);
    throw new HyperError({
      en: `--preset: ${experiment.id} must have a preset of that name, got "${preset}". ${suggest(preset, known)}`,
      ja: `--preset: ${experiment.id} に "${preset}" というプリセットはありません。${suggestName(preset, known).ja}`,
    });
  }
  const assigned = assignmentsOf(experiment.settings, set);
  const given: Record<string, HyperValue> = { ...experiment.presets[preset], ...assigned };
  for (const text of set) {
    const name = text.slice(0, text.indexOf("=")).trim();
    if (experiment.settings[name].kind === "text" && plainText(text) !== text) {
      const read = String(assigned[name]).replaceAll("\n", "; ");
      context.warn({ en: `${name}: read as ${read}`, ja: `${name}: 次のように読み取りました: ${read}` });
    }
  }
  if (horizon && Object.hasOwn(experiment.settings, "horizon")) {
    given.horizon = "on";
  }
  tellUnheeded(experiment.settings, given, Object.keys(assigned), context);
  return resolve(experiment.settings, given);
}

/**
 * Says which of the settings given by hand change nothing beside the others: those of a run that is left out, details of a
 * technique that is off. They are no error, since the command that a report gives names what was moved in the studio.
 */
function tellUnheeded(settings: HyperSet, given: Settings, assigned: readonly string[], context: CliContext): void {
  const chosenFor = (name: string) => given[name] ?? settings[name].default;
  for (const name of assigned) {
    const run = settings[name].of?.run;
    const choosers = Object.keys(settings).filter((one) => run !== undefined && settings[one].options?.includes(run));
    const chosen = choosers.flatMap((one) => chosenFor(one));
    if (choosers.length > 0 && !chosen.includes(run!)) {
      context.warn({
        en: `${name}: changes nothing, since ${choosers[0]} does not name ${run}`,
        ja: `${name}: ${choosers[0]} で ${run} を選んでいないため、何も変わりません`,
      });
    }
  }
  const details = Object.fromEntries(
    ["", `${techniqueGroup}.`]
      .flatMap((under) => Object.entries(detailsOf).map(([detail, of]) => [under + detail, under + of]))
      .filter(([detail]) => assigned.includes(detail)),
  );
  for (const [detail, of] of idleDetails(details, (name) => chosenFor(name) === settings[name].default)) {
    context.warn({
      en: `${detail}: changes nothing without ${of}`,
      ja: `${detail}: ${of} を指定しないと、何も変わりません`,
    });
  }
}

/** @throws HyperError when none of the experiments trains anything that could have a horizon */
function checkHorizon(experiments: readonly Experiment[]): void {
  const able = chapter.filter(({ settings }) => Object.hasOwn(settings, "horizon")).map(({ id }) => id);
  if (!experiments.some(({ id }) => able.includes(id))) {
    throw new HyperError({
      en: `--horizon: must be asked of an experiment that trains networks, got ${experiments.map(({ id }) => id).join(", ")}. Known: ${able.join(", ")}.`,
      ja: `--horizon: ネットワークを訓練する実験で使ってください(指定された実験: ${experiments.map(({ id }) => id).join("、")})。使える実験: ${able.join("、")}。`,
    });
  }
}

interface Place {
  readonly options: RunOptions;
  readonly started: Date;
  readonly many: boolean;
  readonly all: boolean;
}

/** Where the files of one run go. */
function outputFolder({ id, seed, options, started, many, all }: Place & { id: string; seed: number }): string {
  const several = options.seeds !== undefined;
  const ofSeed = several ? [`seed${seed}`] : [];
  if (options.out !== undefined) {
    return join(options.out, ...(many || several ? [id] : []), ...ofSeed);
  }
  if (all) {
    return join(chapterFolder({ seed, options, started }), id, ...ofSeed);
  }
  return join(resultsFolder(id, started, several ? "seeds" : `seed${seed}`), ...ofSeed);
}

/** The folders of a command that are named after the second it began in. */
function ownFolders(planned: readonly { readonly experiment: Experiment }[], seed: number, place: Place): string[] {
  const { options, all } = place;
  const folders = planned.map(({ experiment }) => outputFolder({ id: experiment.id, seed, ...place }));
  return all ? [chapterFolder({ seed, ...place })] : options.seeds === undefined ? folders : folders.map(dirname);
}

/** Where the chapter's own report goes. */
function chapterFolder({ seed, options, started }: Pick<Place, "options" | "started"> & { seed: number }): string {
  return options.out ?? resultsFolder("chapter", started, options.seeds === undefined ? `seed${seed}` : "seeds");
}

function announce(
  experiment: Experiment,
  run: { position: string; seed: number; kernels: string; dtype: Dtype },
  context: CliContext,
): void {
  const { position, seed, kernels, dtype } = run;
  context.print(`${position}${experiment.id}  ${context.text(experiment.title)}`);
  context.print({ en: `  seed ${seed} · ${kernels} · ${dtype}`, ja: `  シード ${seed} · ${kernels} · ${dtype}` });
}
