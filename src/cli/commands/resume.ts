import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import { DataError } from "../../core/errors.ts";
import type { KernelName } from "../../kernels/kernels.ts";
import { type AnyModel, modelFromState } from "../../model/load.ts";
import { fileName } from "../../node/file-path.ts";
import { readCsv } from "../../node/model-files.ts";
import { selectKernels } from "../../node/native-kernels.ts";
import { asLearnt, type DataFlags, modelFile, stateOf } from "../asked-model.ts";
import type { CliContext } from "../context.ts";
import { interruptedExit, interruptible } from "../interrupt.ts";
import { openDisplay } from "../live-display.ts";
import { wholeNumber } from "../options.ts";
import { checkApart, checkFolder } from "../outputs.ts";
import { addTableFlags, givenOptions } from "../read-flags.ts";
import { runEvents } from "../training/fit-runner.ts";

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
      if (flags.data === undefined && file !== undefined && !existsSync(file)) {
        throw new DataError({
          en: `resume: the table must lie where it lay then, got no file at ${file}. Give it with --data.`,
          ja: `resume: 学習を始めたときの表が ${file} にありません。--data で指定してください。`,
        });
      }
      if (file === undefined || state.resume === null) {
        throw new DataError({
          en: `resume: ${fileName(path)} must hold where its training stands and its data, got none. Give --data, or train anew.`,
          ja: `resume: ${fileName(path)} には続きから学習するための状態かデータの場所がありません。--data を指定するか、学習し直してください。`,
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
      try {
        for await (const event of runEvents(fit, run, () => {})) {
          display?.update({ task: 0, event });
        }
      } finally {
        display?.finish();
        interrupt.release();
      }
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
