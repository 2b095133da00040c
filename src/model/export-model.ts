import { checkOptions, oneOf } from "../core/checks.ts";
import { HyperError } from "../core/errors.ts";
import { dtypes } from "../core/tensor.ts";
import { version } from "../core/version.ts";
import { npzBytes } from "../formats/npz.ts";
import { safetensorsBytes } from "../formats/safetensors.ts";
import { jsModule } from "./export/js-module.ts";
import { type OnnxOptions, onnxBytes } from "./export/onnx.ts";
import { historyCsv, historyEvents, historyJson } from "./history-files.ts";
import { checkState } from "./model-file.ts";
import type { ModelState } from "./model-state.ts";
import { toTorch } from "./torch-names.ts";

export interface ExportOptions extends OnnxOptions {
  /** Of the arrays in safetensors and npz: the book's (`W1`), or a PyTorch `state_dict`'s (`0.weight`). The book's when absent. */
  readonly names?: "book" | "torch";
  /** When training began, for TensorBoard: seconds since 1970. 0 when absent, so that the same model gives the same bytes. */
  readonly time?: number;
}

/** A format that a model can be exported to. */
interface ExportFormat {
  /** Of the files, with its dot. */
  readonly extension: string;
  /** The options that change what is written. */
  readonly heeds: readonly (keyof ExportOptions)[];
  readonly write: (state: ModelState, options: ExportOptions) => Uint8Array | Promise<Uint8Array>;
}

const arraysOf = (state: ModelState, { names = "book" }: ExportOptions) =>
  names === "torch" ? toTorch(state) : new Map(Object.entries(state.tensors));

export const exportFormats = {
  onnx: { extension: ".onnx", heeds: ["inputType"], write: onnxBytes },
  safetensors: {
    extension: ".safetensors",
    heeds: ["names"],
    write: (state, options) =>
      safetensorsBytes({
        tensors: arraysOf(state, options),
        metadata: new Map([
          // What readers of PyTorch's files look for.
          ["format", options.names === "torch" ? "pt" : "np"],
          ["tanren.version", version],
          ["layers", JSON.stringify(state.layers)],
        ]),
      }),
  },
  npz: { extension: ".npz", heeds: ["names"], write: (state, options) => npzBytes(arraysOf(state, options)) },
  js: { extension: ".js", heeds: [], write: (state) => new TextEncoder().encode(jsModule(state)) },
  // TensorBoard wants tfevents in the name.
  tensorboard: {
    extension: ".tfevents",
    heeds: ["time"],
    write: ({ history }, { time = 0 }) => historyEvents(history, time),
  },
  csv: { extension: ".csv", heeds: [], write: ({ history }) => historyCsv(history) },
  json: { extension: ".json", heeds: [], write: ({ history }) => historyJson(history) },
} as const satisfies Readonly<Record<string, ExportFormat>>;
export type ExportFormatName = keyof typeof exportFormats;
export const exportFormatNames = Object.keys(exportFormats) as ExportFormatName[];

/** Makes sure that every option given changes something. @throws HyperError */
function checkHeeded(format: ExportFormatName, options: ExportOptions): void {
  const { heeds }: ExportFormat = exportFormats[format];
  const given = (Object.keys(options) as (keyof ExportOptions)[]).filter((name) => options[name] !== undefined);
  const idle = given.find((name) => !heeds.includes(name));
  if (idle !== undefined) {
    const formats = exportFormatNames.filter((one) => (exportFormats[one] as ExportFormat).heeds.includes(idle));
    throw new HyperError({
      en: `export: ${idle} must go with ${formats.join(" or ")}, got ${format}. Leave it out.`,
      ja: `export: ${idle} は ${formats.join("、")} で使います(指定された形式: ${format})。外してください。`,
    });
  }
}

/**
 * A model in another format, as the bytes of a file: `onnx` and `js` predict by themselves, `safetensors` and `npz` hold the
 * weights, `tensorboard`, `csv` and `json` what was measured epoch by epoch.
 * @throws HyperError for an unknown format, an option that it does not heed, or a layer that the format has no words for,
 * DataError when parts do not fit
 */
export async function exportModel(
  state: ModelState,
  format: ExportFormatName,
  options: ExportOptions = {},
): Promise<Uint8Array> {
  oneOf("export", "format", format, exportFormatNames);
  checkOptions("export", options, { names: true, time: true, inputType: true });
  checkHeeded(format, options);
  oneOf("export", "names", options.names ?? "book", ["book", "torch"]);
  oneOf("export", "inputType", options.inputType ?? "float32", dtypes);
  checkState(state, "export");
  const { write }: ExportFormat = exportFormats[format];
  return write(state, options);
}
