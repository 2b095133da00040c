import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import type { DataOrigin } from "../../core/data-origin.ts";
import { DataError, DivergedError, HyperError, saidBy, suggestName } from "../../core/errors.ts";
import type { TaskEvent } from "../../core/record.ts";
import { type Dtype, dtypes } from "../../core/tensor.ts";
import { ownData } from "../../experiments/own-data/own-data.ts";
import { type Backend, backends, type KernelSet } from "../../kernels/kernels.ts";
import { type Blueprint, mlp, network } from "../../model/blueprint.ts";
import { type Classifier, classify, type Regressor, regress } from "../../model/classify.ts";
import { encodeData } from "../../model/encode.ts";
import type { Fit } from "../../model/fit.ts";
import type { FitOptions } from "../../model/fit-options.ts";
import { dataFingerprint } from "../../model/prepare.ts";
import type { Table } from "../../model/table.ts";
import { selectKernels } from "../../node/kernels.ts";
import { readCsv } from "../../node/model-files.ts";
import { optimizerNamed } from "../../optim/registry.ts";
import { runSession } from "../../runs/session.ts";
import type { TaskRunner } from "../../runs/task-runner.ts";
import { scheduleNamed } from "../../schedule/registry.ts";
import type { CliContext } from "../context.ts";
import { interruptible } from "../interrupt.ts";
import { openDisplay, silentDisplay } from "../live-display.ts";
import { openStoreOrWarn, waitingForStore } from "../open-store.ts";
import { collect, seedNumber, wholeNumber } from "../options.ts";
import { checkFolder, prepareFolder, writeOutputs } from "../outputs.ts";
import { addReadFlags, type ReadFlags, readOptions } from "../read-flags.ts";
import { RunReporter } from "../run-report.ts";

/** What `--settings` reads and `settings.json` holds: the flags by name. */
interface TrainSettings {
  readonly data?: string;
  readonly target?: string;
  readonly task?: "classification" | "regression";
  readonly model?: string;
  readonly optimizer?: string;
  readonly set?: readonly string[];
  readonly epochs?: number;
  readonly validation?: number;
  readonly seed?: number;
  readonly dtype?: Dtype;
}

interface TrainFlags extends TrainSettings, ReadFlags {
  readonly settings?: string;
  readonly backend: Backend;
  readonly out?: string;
  readonly store?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

function share(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value >= 0 && value < 1)) {
    throw new HyperError({
      en: `--validation: must be a share in [0, 1), got "${text}". Give one such as 0.2.`,
      ja: `--validation: 0 以上 1 未満の割合を指定してください(指定された値: "${text}")。例: 0.2`,
    });
  }
  return value;
}

export function addTrainCommand(program: Command, contextOf: () => CliContext): void {
  addReadFlags(
    program
      .command("train")
      .description("a network of your own on your own table / 自分の表でネットワークを学習する")
      .option("--data <file.csv>", "the table")
      .option("--target <column>", "the column that is told, by name or as #3")
      .addOption(
        new Option("--task <task>", "default: by the target's values").choices(["classification", "regression"]),
      )
      .option("--model <network>", "mlp:16,16 or layers such as 'affine 64; relu; dropout 0.2' (default: mlp:16,16)")
      .option("--optimizer <name>", "an update rule of tanren list (default: adam)")
      .option(
        "--set <name=value>",
        "of the rule (lr=0.01), or batchSize, weightDecay, schedule, patience; may be repeated",
        collect,
        [],
      )
      .option("--epochs <n>", "times that every row is seen (default: 100)", wholeNumber(1, 10_000_000))
      .option("--validation <share>", "share of the rows held back and measured (default: 0)", share)
      .option("--seed <n>", "seed of the random stream (default: 0)", seedNumber)
      .option(
        "--settings <file.json>",
        "flags from a file, as settings.json of another training; flags given count more",
      )
      .addOption(new Option("--backend <name>", "kernels").choices(backends).default("auto"))
      .addOption(new Option("--dtype <name>", "element type (default: float32)").choices(dtypes)),
  )
    .option("--out <folder>", "where the model and the run's files go")
    .option("--store <file>", "the run store")
    .option("--quiet", "print results only")
    .option("--json", "print run.json on standard output, nothing else")
    .action((flags: TrainFlags) => trainCommand(flags, contextOf()));
}

function needed(flag: string, value: string | undefined): string {
  if (value === undefined) {
    throw new HyperError({
      en: `train: --${flag} must be given, got none. Write tanren train --data FILE.csv --target COLUMN --out FOLDER.`,
      ja: `train: --${flag} を指定してください。例: tanren train --data FILE.csv --target 列名 --out フォルダー`,
    });
  }
  return value;
}

/** The flags with those of the file beneath. @throws HyperError, DataError */
function withFile(flags: TrainFlags): TrainFlags {
  if (flags.settings === undefined) {
    return flags;
  }
  let file: unknown;
  try {
    file = JSON.parse(readFileSync(flags.settings, "utf8"));
  } catch (error) {
    throw new DataError(
      {
        en: `--settings: ${flags.settings} must be readable JSON, got "${(error as Error).message}". Give the settings.json of a training.`,
        ja: `--settings: ${flags.settings} を JSON として読めません(${(error as Error).message})。学習が書いた settings.json を指定してください。`,
      },
      { cause: error },
    );
  }
  const known: Readonly<Record<string, string>> = {
    data: "string",
    target: "string",
    task: "string",
    model: "string",
    optimizer: "string",
    set: "object",
    epochs: "number",
    validation: "number",
    seed: "number",
    dtype: "string",
    read: "object",
  };
  for (const [name, value] of Object.entries(file as object)) {
    if (!Object.hasOwn(known, name) || typeof value !== known[name]) {
      const { en, ja } = suggestName(name, Object.keys(known));
      throw new HyperError({
        en: `--settings: must hold ${Object.keys(known).join(", ")} as written by train, got ${name}: ${JSON.stringify(value)}. ${en}`,
        ja: `--settings: ${name}: ${JSON.stringify(value)} は使えません。${ja}`,
      });
    }
  }
  const { read = {}, set = [], ...rest } = file as TrainSettings & { readonly read?: object };
  const given = Object.fromEntries(
    Object.entries(flags).filter(([, value]) => value !== undefined),
  ) as unknown as TrainFlags;
  return {
    ...rest,
    ...read,
    ...given,
    column: [...((read as ReadFlags).column ?? []), ...flags.column],
    set: [...set, ...(flags.set ?? [])],
  };
}

/** The network of `mlp:16,16` or of layers as text. @throws HyperError, NetworkTextError */
function networkOf(text: string): Blueprint {
  const sizes = /^mlp:?(.*)$/s.exec(text.trim());
  if (sizes === null) {
    return network(text);
  }
  const widths =
    sizes[1] === "" ? [] : sizes[1].split(",").map((size) => (size.trim() === "" ? Number.NaN : Number(size)));
  const bad = widths.find((width) => !Number.isInteger(width) || width < 1 || width > 65_536);
  if (bad !== undefined) {
    throw new HyperError({
      en: `--model: must be mlp: with widths from 1 to 65536, such as mlp:16,16, got "${text}". Correct it.`,
      ja: `--model: mlp:16,16 のように 1〜65536 の幅をカンマで区切って指定してください(指定された値: "${text}")。`,
    });
  }
  return mlp(widths);
}

/** `--set` apart: what is the rule's, and what is training's. @throws HyperError */
function setOf(texts: readonly string[], optimizer: string) {
  const rule = optimizerNamed(optimizer);
  const hyper: Record<string, number> = {};
  const own: Record<string, string> = {};
  const trainings = ["batchSize", "weightDecay", "schedule", "patience"];
  for (const one of texts) {
    const at = one.indexOf("=");
    const name = one.slice(0, Math.max(0, at)).trim();
    const value = one.slice(at + 1).trim();
    // A rule's own weightDecay is the rule's.
    if (at > 0 && Object.hasOwn(rule.hyper, name)) {
      hyper[name] = rule.hyper[name].parse(value, `--set ${name}`) as number;
    } else if (at > 0 && trainings.includes(name)) {
      own[name] = value;
    } else {
      const { en, ja } = suggestName(name || one, [...Object.keys(rule.hyper), ...trainings]);
      throw new HyperError({
        en: `--set: must be name=value with a name of ${rule.label} or of training, got "${one}". ${en}`,
        ja: `--set: ${rule.label} または学習の設定を 名前=値 の形で指定してください(指定された値: "${one}")。${ja}`,
      });
    }
  }
  const { settings } = ownData;
  const number = (name: string) =>
    own[name] === undefined ? undefined : (settings[name].parse(own[name], `--set ${name}`) as number);
  return {
    hyper,
    batchSize: number("batchSize"),
    weightDecay: number("weightDecay"),
    patience: number("patience"),
    schedule: own.schedule === undefined || own.schedule === "constant" ? undefined : scheduleNamed(own.schedule),
  };
}

/** Numbers that come again and again, of few whole values, are classes; so are words. */
function taskOf(
  table: Table,
  target: string,
): { readonly task: "classification" | "regression"; readonly why: { en: string; ja: string } } {
  try {
    const { targets } = encodeData(table, "regression", target);
    const values = targets.kind === "numbers" ? targets.values.data : new Float64Array(0);
    const different = new Set(values).size;
    const whole = values.every((value: number) => Number.isInteger(value));
    if (whole && different <= 20 && values.length >= 4 * different) {
      return {
        task: "classification",
        why: { en: `${different} whole numbers, each many times`, ja: `${different} 種類の整数が繰り返し現れます` },
      };
    }
    return { task: "regression", why: { en: `numbers, ${different} different`, ja: `数値(${different} 種類)です` } };
  } catch (error) {
    if (error instanceof DataError && /must hold numbers to be told/.test(saidBy(error).en)) {
      return { task: "classification", why: { en: "words", ja: "語です" } };
    }
    throw error;
  }
}

/** One training as the one task of a run. */
function runnerOf(
  kernels: KernelSet,
  origin: DataOrigin,
  label: string,
  events: (signal: AbortSignal) => AsyncGenerator<TaskEvent, void, void>,
): TaskRunner {
  return {
    kernels: kernels.name,
    dtype: kernels.dtype,
    workers: 1,
    origins: async () => [origin],
    async *run(_, __, signal) {
      try {
        for await (const event of events(signal)) {
          yield { task: 0, event };
        }
      } catch (error) {
        if (!(error instanceof DivergedError)) {
          throw error;
        }
        // What was measured until then is a record too.
        const note = {
          kind: "failed",
          run: label,
          tags: {},
          step: error.step,
          layer: error.layer,
          message: error.message,
        };
        yield { task: 0, event: { kind: "note", note } };
      }
    },
    close: async () => {},
  };
}

/** What a fit says, as a run is told of it. */
export async function* runEvents(fit: Fit, run: string, onEpoch: () => void): AsyncGenerator<TaskEvent, void, void> {
  for await (const event of fit) {
    if (event.kind === "step") {
      const done = event.step + 1;
      if (done === 1 || done % 20 === 0 || done === event.steps) {
        yield { kind: "progress", run, tags: {}, done, total: event.steps, loss: event.loss };
      }
    } else if (event.kind === "epoch") {
      onEpoch();
      for (const [metric, value] of Object.entries(event.metrics)) {
        yield { kind: "points", run, tags: {}, metric, x: [event.epoch], y: [Number.isFinite(value) ? value : null] };
      }
    }
  }
}

async function trainCommand(given: TrainFlags, context: CliContext): Promise<void> {
  const flags = withFile(given);
  const file = needed("data", flags.data);
  const target = needed("target", flags.target);
  const out = needed("out", flags.out);
  const { optimizer: rule = "adam", model: text = "mlp:16,16", seed = 0, epochs = 100, validation = 0 } = flags;
  const { label, name: ruleName } = optimizerNamed(rule);
  const set = setOf(flags.set ?? [], rule);
  const blueprint = networkOf(text);
  checkFolder(out);
  const table = await readCsv(file, { ...readOptions(flags), target });
  const found = flags.task === undefined ? taskOf(table, target) : null;
  const task = flags.task ?? (found as { task: "classification" | "regression" }).task;
  const silent = flags.quiet === true || flags.json === true;
  if (found !== null && !flags.json) {
    const other = task === "classification" ? "regression" : "classification";
    context.print({
      en: `  ${target} holds ${found.why.en}: ${task}  [--task ${other}]`,
      ja: `  ${target} 列は${found.why.ja}。${task === "classification" ? "分類" : "回帰"}として学習します  [--task ${other}]`,
    });
  }
  const kernels = selectKernels({ backend: flags.backend, dtype: flags.dtype ?? "float32" });
  const model: Classifier | Regressor = (task === "classification" ? classify : regress)(blueprint, { seed, kernels });
  const encoded = encodeData(table, task, target);
  if (!silent) {
    for (const { text: note, flag } of encoded.notes) {
      context.print(`  - ${context.text(note)}${flag === null ? "" : `  [${flag}]`}`);
    }
  }
  const interrupt = interruptible();
  const options: FitOptions = {
    optimizer: rule,
    hyper: set.hyper,
    epochs,
    validation,
    signal: interrupt.signal,
    ...(set.schedule === undefined ? {} : { schedule: set.schedule }),
    ...(set.batchSize === undefined ? {} : { batchSize: set.batchSize }),
    ...(set.weightDecay === undefined ? {} : { weightDecay: set.weightDecay }),
    ...(set.patience === undefined || set.patience === 0 ? {} : { stopEarly: { patience: set.patience } }),
  };
  const settings = {
    data: resolve(file),
    target,
    task,
    model: text,
    optimizer: ruleName,
    hyper: Object.entries(set.hyper)
      .map(([name, value]) => `${name}=${value}`)
      .join(" "),
    schedule: set.schedule?.name ?? "constant",
    epochs,
    batchSize: set.batchSize ?? 32,
    weightDecay: set.weightDecay ?? 0,
    validation,
    patience: set.patience ?? 0,
  };
  const classes = encoded.targets.kind === "classes" ? encoded.targets.classNames.length : 0;
  const origin: DataOrigin = {
    name: encoded.name,
    folder: resolve(file),
    fingerprint: dataFingerprint(encoded),
    trainRows: encoded.rows.count,
    testRows: 0,
    classes,
    inputs: encoded.inputs.size,
  };
  const store = await openStoreOrWarn(flags.store, context);
  const reporter = new RunReporter({ ...flags, several: false, signal: interrupt.signal }, context);
  const path = join(out, "model.tanren");
  try {
    prepareFolder(out);
    let learnt = false;
    const events = () =>
      runEvents(model.fit(table, options), label, () => {
        learnt = true;
      });
    const finished = await runSession({
      experiment: ownData,
      preset: "book",
      settings,
      seed,
      runner: runnerOf(kernels, origin, label, events),
      store,
      observe: (tasks) => (silent ? silentDisplay : openDisplay(context, tasks, Date.now)),
      signal: interrupt.signal,
      now: Date.now,
      onWaiting: () => context.warn(waitingForStore),
    });
    if (learnt && finished.status !== "failed") {
      await model.save(path);
    }
    const { column, encoding, separator, decimal, header, features, missing, absent, dateOrder } = flags;
    const read = { column, encoding, separator, decimal, header, features, missing, absent, dateOrder };
    writeOutputs(out, [
      {
        name: "settings.json",
        contents: `${JSON.stringify({ data: resolve(file), target, task, model: text, optimizer: ruleName, set: flags.set, epochs, validation, seed, dtype: kernels.dtype, read }, null, 2)}\n`,
      },
    ]);
    await reporter.run(ownData, finished, { folder: out, chapter: false, printed: !silent });
    if (!flags.json && learnt && finished.status !== "failed") {
      context.print(`  ${path}`);
    }
  } finally {
    try {
      await reporter.settle();
    } finally {
      await reporter.close();
    }
    interrupt.release();
    store.close();
  }
}
