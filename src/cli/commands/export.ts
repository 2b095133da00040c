import { basename, dirname, extname, join } from "node:path";
import { type Command, Option } from "commander";
import { dtypes } from "../../core/tensor.ts";
import { type ExportFormatName, type ExportOptions, exportFormats, exportModel } from "../../model/export-model.ts";
import { modelFile, stateOf } from "../asked-model.ts";
import type { CliContext } from "../context.ts";
import { checkApart, writeResult } from "../outputs.ts";

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
