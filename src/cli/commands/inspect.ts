import type { Command } from "commander";
import type { Text } from "../../core/text.ts";
import { padEnd } from "../../figure/text-width.ts";
import { fileName } from "../../node/file-path.ts";
import { modelFile, stateOf } from "../asked-model.ts";
import type { CliContext } from "../context.ts";
import { printTable } from "../table.ts";

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
      const line = (en: string, ja: string, value: Text) =>
        context.print(`  ${padEnd(context.text({ en, ja }), 12)} ${context.text(value)}`);
      context.print(`${fileName(path)}  Tanren ${rest.tanren}, ${task}, ${dtype}`);
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
        line("training", "学習", {
          en: `${optimizer.name}${curve}, ${epochs} epochs, batch ${batchSize}, seed ${seed}`,
          ja: `${optimizer.name}${curve}、${epochs} エポック、バッチ ${batchSize}、シード ${seed}`,
        });
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
        line("stands at", "現在位置", {
          en: `step ${stands.step}, epoch ${stands.epoch} (${stands.kernels})`,
          ja: `ステップ ${stands.step}、エポック ${stands.epoch}(${stands.kernels})`,
        });
      }
      const rows = shapes.map(({ name, shape }) => [name, shape.join(" × ")]);
      const columns = [
        { en: "tensor", ja: "テンソル" },
        { en: "shape", ja: "形状" },
      ];
      printTable({ columns, rows }, context);
    });
}
