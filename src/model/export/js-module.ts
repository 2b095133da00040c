import { joined } from "../../core/file-bytes.ts";
import { version } from "../../core/version.ts";
import { bytesOf, type NumberArray } from "../../formats/number-array.ts";
import type { ModelState } from "../model-state.ts";
import { type ExportedLayer, type ExportedModel, exportedModel, exportedWithin } from "./exported-model.ts";
import { jsLayer } from "./js-layers.ts";

/**
 * Writes a model as an ES module without dependencies, for browsers, Node and Deno: `predict(row)` and `predictAll(rows)`,
 * a row being an object by column name or a list in the columns' order (answers 0 or 1, a date as a Date or in seconds since
 * 1970). A classification's answer is `{ prediction, probabilities }`, a regression's `{ prediction }`. The weights are kept as they
 * are, in base64; sums are float64, each layer's outputs of the model's dtype.
 * @throws HyperError for a layer that has no JavaScript, DataError when a tensor is missing
 */
export function jsModule(state: ModelState): string {
  const model = exportedModel(state);
  const weights: Uint8Array[] = [];
  let at = 0;
  const placed = ({ data }: NumberArray): string => {
    const begin = at;
    weights.push(bytesOf(data));
    at += data.byteLength;
    return `numbers(${begin}, ${data.length})`;
  };
  const helpers = new Set<string>();
  const written = ({ spec, tensors }: ExportedLayer): string => {
    const { before, helper, call } = jsLayer(spec);
    if (before !== undefined) {
      helpers.add(before);
    }
    helpers.add(helper);
    const within = exportedWithin({ spec, tensors }).map(written);
    return call(spec, (name) => placed(tensors[name]), within);
  };
  const layers = model.layers.map(written);
  const list = model.task === "regression" ? "targets" : model.task === "multilabel" ? "labels" : "classes";
  return [
    `// A network trained with Tanren ${version}. import { predict } from "./model.js";`,
    `export const columns = ${JSON.stringify(model.columns)};`,
    `export const ${list} = ${JSON.stringify(model.names)};`,
    `const bytes = Uint8Array.from(atob("${base64(joined(weights))}"), (c) => c.charCodeAt(0));`,
    // Every layer's outputs are rounded as they were in training.
    `const Floats = ${model.dtype === "float32" ? "Float32Array" : "Float64Array"};`,
    "const numbers = (at, count) => new Floats(bytes.buffer, at, count);",
    ...[...helpers].map(packed),
    `const layers = [${layers.join(", ")}];`,
    inputCode(model),
    outputCode(model),
    entryCode,
  ].join("\n");
}

const entryCode = `// A row: { column: value, … }, or the values in the order of columns.
export const predict = (row) => output(layers.reduce((x, layer) => layer(x), input(row)));
export const predictAll = (rows) => rows.map((row) => predict(row));
`;

/** `input`: a row to the network's inputs, filled and scaled as in training. What cannot be used is an error. */
function inputCode({ columns, scales, divisor }: ExportedModel): string {
  const words = columns.some((column) => column.words !== undefined);
  const dates = columns.some((column) => column.date === true);
  const number = divisor === 1 ? "Number(value)" : `Number(value) / ${divisor}`;
  const plain = dates ? '(date ? "a Date, or seconds since 1970" : "a number")' : '"a number"';
  const wanted = words ? `\${words ?? ${plain}}` : dates ? `\${${plain}}` : "a number";
  const refused = `throw new Error(\`\${name}: must be ${wanted}, got \${value}.\`);`;
  const known = 'typeof value !== "object" && Number.isFinite(Number(value))';
  const values = `columns.flatMap(({ name, ${words ? "words, " : ""}${dates ? "date, " : ""}fill }, i) => {
  let value = row[listed ? i : name];${dates ? "\n  if (date && value instanceof Date) value = value / 1000;" : ""}
  if (value == null || Number.isNaN(value) || value.trim?.() === "") value = fill;
  ${
    words
      ? `const at = words ? words.indexOf(String(value).trim()) : ${known} ? 0 : -1;
  if (at < 0) ${refused}
  return words ? words.map((_, k) => +(k === at)) : ${number};`
      : `if (!(${known})) ${refused}
  return ${number};`
  }
})`;
  const { length } = columns;
  const begin = `const input = (row) => {
  const listed = Array.isArray(row) || ArrayBuffer.isView(row);
  if (listed && row.length !== ${length}) throw new Error("row: must have ${length} values, got " + row.length);`;
  if (scales === null) {
    return [begin, `  return Floats.from(${values});\n};`].join("\n");
  }
  // What never changed in training is 0 whatever it is.
  const std = scales.std.map((value, j) => (scales.constant?.[j] ? Number.POSITIVE_INFINITY : value));
  return [
    `const mean = [${scales.mean.join(", ")}];`,
    `const std = [${std.join(", ")}];`,
    begin,
    `  return Floats.from(${values}, (a, j) => (a - mean[j]) / std[j]);\n};`,
  ].join("\n");
}

/** `output`: the last layer's outputs to an answer. */
function outputCode({ task, names, targetScales }: ExportedModel): string {
  switch (task) {
    case "regression": {
      const lines: string[] = [];
      if (targetScales !== null) {
        lines.push(
          `const targetMean = [${targetScales.mean.join(", ")}];`,
          `const targetStd = [${targetScales.std.join(", ")}];`,
        );
      }
      const value = targetScales === null ? "y[j]" : "y[j] * targetStd[j] + targetMean[j]";
      const one = `const value = (y, j) => ${value};`;
      const prediction =
        names.length === 1 ? "value(y, 0)" : "Object.fromEntries(targets.map((name, j) => [name, value(y, j)]))";
      return [...lines, one, `const output = (y) => ({ prediction: ${prediction} });`].join("\n");
    }
    case "multilabel":
      return `const output = (y) => {
  const probabilities = Array.from(y, (a) => 1 / (1 + Math.exp(-a)));
  return { prediction: labels.filter((_, j) => y[j] > 0), probabilities };
};`;
    default:
      return `const output = (y) => {
  const logits = ${task === "binary" ? "[0, y[0]]" : "[...y]"};
  const most = Math.max(...logits);
  const powers = logits.map((a) => Math.exp(a - most));
  const sum = powers.reduce((a, b) => a + b);
  return { prediction: classes[logits.indexOf(most)], probabilities: powers.map((a) => a / sum) };
};`;
  }
}

/** Code without the spaces that only a reader needs; it holds no text, and no sign that two others make. */
function packed(code: string): string {
  return code.replaceAll(/\n\s*/g, " ").replaceAll(/ ?([-=+*/<>?:,;{}()&|]+) ?/g, "$1");
}

/** In pieces, since a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}
