import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { type Command, Option } from "commander";
import { DataError } from "../../core/errors.ts";
import { dtypes } from "../../core/tensor.ts";
import { notes } from "../../data/csv/reading-note.ts";
import type { KernelName } from "../../kernels/kernels.ts";
import { headerRows, wholeRows } from "../../model/asked-table.ts";
import { type ExportFormatName, type ExportOptions, exportFormats, exportModel } from "../../model/export-model.ts";
import { type AnyModel, modelFromState } from "../../model/load.ts";
import { modelFromBytes } from "../../model/model-file.ts";
import type { ModelState } from "../../model/model-state.ts";
import { type ReadTableOptions, readTable, type Table } from "../../model/table.ts";
import { selectKernels } from "../../node/kernels.ts";
import { bytesOf, readCsv } from "../../node/model-files.ts";
import type { CliContext } from "../context.ts";
import { interruptedExit, interruptible } from "../interrupt.ts";
import { openDisplay } from "../live-display.ts";
import { wholeNumber } from "../options.ts";
import { checkApart, checkFolder, writeOutputs } from "../outputs.ts";
import { keptColumns, predictionsCsv } from "../predictions.ts";
import { addTableFlags, type ReadFlags, readOptions } from "../read-flags.ts";
import { tableLines } from "../table.ts";
import { runEvents } from "../training/fit-events.ts";

const mostModelBytes = 2 ** 32;

/** What `train --out` was told is as good a name of a model as the file in it. */
function modelFile(path: string): string {
  const inside = join(path, "model.tanren");
  return path !== "" && existsSync(inside) ? inside : path;
}

function stateOf(path: string): ModelState {
  const advice = { en: "Give the model.tanren of a training", ja: "学習が書いた model.tanren を指定してください" };
  return modelFromBytes(new Uint8Array(bytesOf(path, mostModelBytes, advice)), basename(path));
}

interface DataFlags extends ReadFlags {
  readonly data: string;
  readonly json?: boolean;
  readonly out?: string;
}

/** How the model's table was read. */
function asLearnt({ training, targets }: ModelState, source = training?.source): ReadTableOptions {
  const options = (source?.options ?? {}) as ReadTableOptions;
  return { ...options, target: targets.kind === "classes" ? targets.name : targets.names };
}

/** Options of a table that a model is asked about: its own way of writing, with the flags over what the model was told. */
function readAs(state: ModelState, flags: ReadFlags): ReadTableOptions {
  const { encoding: _, separator: __, decimal: ___, ...options } = asLearnt(state);
  return { ...options, ...givenOptions(flags) };
}

function givenOptions(flags: ReadFlags): ReadTableOptions {
  return Object.fromEntries(Object.entries(readOptions(flags)).filter(([, value]) => value !== undefined));
}

async function tableOf(path: string, options: ReadTableOptions): Promise<Table> {
  if (path !== "-") {
    return readCsv(path, options);
  }
  return readTable(readFileSync(0), "standard input", options);
}

export function addEvaluateCommand(program: Command, contextOf: () => CliContext): void {
  addTableFlags(
    program
      .command("evaluate")
      .description("figures of a model on a table / モデルの成績を表で測る")
      .argument("<model>", "the model.tanren of a training, or its folder", modelFile)
      .requiredOption("--data <file.csv>", "rows with the column that is told; - is standard input"),
  )
    .option("--json", "print JSON, nothing else")
    .action(async (path: string, flags: DataFlags) => {
      const context = contextOf();
      const state = stateOf(path);
      const table = await tableOf(flags.data, readAs(state, flags));
      const evaluation = modelFromState(state).evaluate(table);
      const skipped = table.csv.rows - headerRows(state) - evaluation.rows;
      if (skipped > 0) {
        context.warn(notes.skipped(skipped).text);
      }
      if (flags.json) {
        context.print(JSON.stringify({ task: state.task, ...evaluation }));
        return;
      }
      printEvaluation(evaluation as unknown as Record<string, unknown>, context);
    });
}

function printEvaluation(evaluation: Record<string, unknown>, context: CliContext): void {
  for (const [name, value] of Object.entries(evaluation)) {
    if (typeof value === "number" || value === null) {
      context.print(
        `  ${name.padEnd(17)} ${value === null ? "–" : Number.isInteger(value) ? value : (value as number).toPrecision(5)}`,
      );
    }
  }
  const parts = (evaluation.classes ?? evaluation.targets ?? evaluation.labels) as Record<
    string,
    string | number | null
  >[];
  const columns = Object.keys(parts[0]);
  const shown = (cell: string | number | null) => (typeof cell === "number" ? Number(cell.toPrecision(4)) : cell);
  for (const line of tableLines(
    { columns, rows: parts.map((part) => columns.map((column) => shown(part[column]))) },
    context,
  )) {
    context.print(line);
  }
  const confusion = evaluation.confusion as number[][] | undefined;
  if (confusion !== undefined && confusion.length <= 20) {
    const names = parts.map(({ name }) => String(name));
    const rows = confusion.map((row, i) => [names[i], ...row]);
    for (const line of tableLines(
      { columns: [{ en: "class ╲ predicted", ja: "正解 ╲ 予測" }, ...names], rows },
      context,
    )) {
      context.print(line);
    }
  }
}

export function addPredictCommand(program: Command, contextOf: () => CliContext): void {
  addTableFlags(
    program
      .command("predict")
      .description("what a model tells of each row, as CSV / モデルの予測を CSV で出力する")
      .argument("<model>", "the model.tanren of a training, or its folder", modelFile)
      .requiredOption("--data <file.csv>", "rows to tell of; - is standard input"),
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

function writeResult(out: string | undefined, contents: string | Uint8Array, context: CliContext): void {
  if (out === undefined) {
    process.stdout.write(contents);
    return;
  }
  const [path] = writeOutputs(dirname(out), [{ name: basename(out), contents }]);
  context.print(`  ${path}`);
}

interface ExportFlags extends Pick<ExportOptions, "names" | "inputType"> {
  readonly to: ExportFormatName;
  readonly out?: string;
}

export function addExportCommand(program: Command, contextOf: () => CliContext): void {
  program
    .command("export")
    .description("a model in another format, or what was measured of it / モデルや学習の経過を別の形式で書き出す")
    .argument("<model>", "the model.tanren of a training, or its folder", modelFile)
    .addOption(new Option("--to <format>", "format").choices(Object.keys(exportFormats)).makeOptionMandatory())
    .option("--out <file>", "where it goes (default: beside the model)")
    .addOption(
      new Option("--names <names>", "names of the arrays in safetensors and npz: the book's, or PyTorch's").choices([
        "book",
        "torch",
      ]),
    )
    .addOption(
      new Option("--input-type <name>", "element type of the input in onnx (default: float32)").choices(dtypes),
    )
    .action(async (path: string, { to, out, ...options }: ExportFlags) => {
      const context = contextOf();
      const target = out ?? join(dirname(path), `${basename(path, extname(path))}${exportFormats[to].extension}`);
      checkApart([target], [path]);
      const time = to === "tensorboard" ? { time: Math.floor(Date.now() / 1000) } : {};
      const bytes = await exportModel(stateOf(path), to, { ...options, ...time });
      writeResult(target, bytes, context);
    });
}

export function addInspectCommand(program: Command, contextOf: () => CliContext): void {
  program
    .command("inspect")
    .description("what a model file holds / モデルファイルの中身を見る")
    .argument("<model>", "the model.tanren of a training, or its folder", modelFile)
    .option("--json", "print JSON, nothing else")
    .action((path: string, { json }: { json?: boolean }) => {
      const context = contextOf();
      const { tensors, resume, ...rest } = stateOf(path);
      const shapes = Object.entries(tensors).map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
      const parameters = shapes.reduce(
        (sum, { name, shape }) => sum + (name.startsWith("running") ? 0 : shape.reduce((a, b) => a * b, 1)),
        0,
      );
      const stands = resume === null ? null : { step: resume.step, epoch: resume.epoch, kernels: resume.kernels };
      if (json) {
        context.print(JSON.stringify({ ...rest, parameters, tensors: shapes, resume: stands }));
        return;
      }
      const { task, dtype, inputs, targets, layers, training, loss, history } = rest;
      const line = (en: string, ja: string, value: string) =>
        context.print(`  ${context.text({ en, ja }).padEnd(12)} ${value}`);
      context.print(`${basename(path)}  Tanren ${rest.tanren}, ${task}, ${dtype}`);
      const shown =
        inputs.kind === "table"
          ? inputs.columns
              .map(({ name, kind }) => `${name} (${kind})`)
              .slice(0, 20)
              .join(", ")
          : inputs.kind;
      line("inputs", "入力", `${inputs.size}: ${shown}`);
      const told =
        targets.kind === "classes"
          ? `${targets.name}: ${targets.classNames.slice(0, 20).join(", ")}`
          : targets.names.join(", ");
      line("tells", "予測", told);
      line(
        "layers",
        "層",
        layers.map(({ kind, inputs: from, outputs: to }) => (from === to ? kind : `${kind} ${from}→${to}`)).join(", "),
      );
      line("parameters", "パラメータ", parameters.toLocaleString("en-US"));
      line("loss", "損失", loss.name);
      if (training !== null) {
        const { optimizer, schedule, epochs, batchSize, seed, techniques = {}, changes = {} } = training;
        const curve = schedule === null ? "" : `, ${schedule.name}`;
        line("training", "学習", `${optimizer.name}${curve}, ${epochs} epochs, batch ${batchSize}, seed ${seed}`);
        const more = Object.entries({ ...techniques, ...changes }).map(
          ([name, value]) => `${name} ${JSON.stringify(value)}`,
        );
        if (more.length > 0) {
          line("beside", "手法", more.join(", "));
        }
      }
      const last = Object.entries(history).map(([name, values]) => `${name} ${values.at(-1)?.toPrecision(4) ?? "–"}`);
      line("last", "最後の値", last.join(", "));
      if (stands !== null) {
        line("stands at", "現在位置", `step ${stands.step}, epoch ${stands.epoch} (${stands.kernels})`);
      }
      const rows = shapes.map(({ name, shape }) => [name, shape.join(" × ")]);
      for (const text of tableLines(
        {
          columns: [
            { en: "tensor", ja: "テンソル" },
            { en: "shape", ja: "形状" },
          ],
          rows,
        },
        context,
      )) {
        context.print(text);
      }
    });
}

export function addResumeCommand(program: Command, contextOf: () => CliContext): void {
  addTableFlags(
    program
      .command("resume")
      .description("go on with a training, as if it had never stopped / 学習を中断したところから正確に続ける")
      .argument("<model>", "the model.tanren of a training, or its folder", modelFile)
      .option("--epochs <n>", "epochs of the whole training, those behind included", wholeNumber(1, 10_000_000))
      .option("--data <file.csv>", "the table it began with (default: where it lay then)")
      .option("--validation-data <file.csv>", "the table that it was measured on (default: where it lay then)"),
  )
    .option("--out <file>", "where the model goes (default: over the old one)")
    .option("--quiet", "print results only")
    .action(async (path: string, flags: DataFlags & { validationData?: string; epochs?: number; quiet?: boolean }) => {
      const context = contextOf();
      const state = stateOf(path);
      const file = flags.data ?? state.training?.source?.file;
      if (file === undefined || state.resume === null) {
        throw new DataError({
          en: `resume: ${basename(path)} must hold where its training stands and its data, got none. Give --data, or train anew.`,
          ja: `resume: ${basename(path)} には続きから学習するための状態かデータの場所がありません。--data を指定するか、学習し直してください。`,
        });
      }
      const { validationSource } = state.training ?? {};
      const measured = flags.validationData ?? validationSource?.file;
      const out = flags.out ?? path;
      checkApart([out], [file, ...(measured === undefined ? [] : [measured])]);
      checkFolder(dirname(out));
      const table = await readCsv(file, { ...asLearnt(state), ...givenOptions(flags) });
      const asMeasured = { ...asLearnt(state, validationSource), ...givenOptions(flags) };
      const validation = measured === undefined ? undefined : await readCsv(measured, asMeasured);
      const backend = backendOf(state.resume.kernels as KernelName);
      const model: AnyModel = modelFromState(state, { kernels: selectKernels({ backend, dtype: state.dtype }) });
      const interrupt = interruptible();
      const fit = model.resume(table, { epochs: flags.epochs, validation, signal: interrupt.signal });
      const run = state.training?.optimizer.name ?? "";
      const display = flags.quiet ? null : openDisplay(context, [{ run, tags: {} }], Date.now);
      for await (const event of runEvents(fit, run, () => {})) {
        display?.update({ task: 0, event });
      }
      display?.finish();
      interrupt.release();
      await model.save(out);
      const { history, resume } = model.toState();
      const last = Object.entries(history).map(([name, values]) => `${name} ${values.at(-1)?.toPrecision(4) ?? "–"}`);
      context.print({
        en: `  step ${resume?.step}, epoch ${resume?.epoch}: ${last.join(", ")}`,
        ja: `  ステップ ${resume?.step}、エポック ${resume?.epoch}: ${last.join("、")}`,
      });
      context.print(`  ${out}`);
      if (interrupt.signal.aborted) {
        process.exitCode = interruptedExit;
      }
    });
}

function backendOf(kernels: KernelName) {
  return kernels.startsWith("native") ? "native" : (kernels as "wasm-simd" | "wasm-relaxed" | "reference");
}
