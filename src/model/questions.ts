import type { DataOrigin } from "../core/data-origin.ts";
import { DataError } from "../core/errors.ts";
import type { ByteRows } from "../core/rows.ts";
import { CsvError } from "../data/csv/csv-error.ts";
import type { EncodedTargets } from "../data/csv/target-columns.ts";
import { answersFor, type Questions, rowsFor } from "./apply.ts";
import { wholeRows } from "./asked-table.ts";
import type { EncodedData, ModelData } from "./encode.ts";
import type { ModelState, ModelTargets, ModelTask } from "./model-state.ts";
import { allRows, originOfEncoded, refilled, scaledRows, targetsOf } from "./prepare.ts";
import type { Row } from "./row.ts";
import { Table } from "./table.ts";

/** All rows of data, as a network that learnt from such inputs takes them. */
export function askedRows(
  data: Questions,
  state: Pick<ModelState, "inputs" | "targets">,
): ReturnType<typeof scaledRows> {
  const rows = rowsFor(data, state);
  return scaledRows(rows, allRows(rows.count), state.inputs.scales);
}

/** Data's rows as {@link askedRows} gives them, with what they should give. Of a table rows may be left out: see {@link wholeRows}. */
export function measuredRows(data: ModelData, state: Pick<ModelState, "inputs" | "targets">) {
  const whole = data instanceof Table ? wholeRows(data, state, "inputs and answers") : data;
  const rows = askedRows(whole, state);
  return { rows, answers: answersFor(whole, state, rows.count), whole };
}

/**
 * What a record keeps of a table that is measured beside the data that are learnt from: of its rows as a model of these takes
 * them, with its answers. @throws DataError, CsvError on a table that such a model could not be measured on
 */
export function originOfMeasured(table: Table, learnt: EncodedData, task: ModelTask): DataOrigin {
  const all = allRows(learnt.rows.count);
  const { inputs } = refilled(learnt, all);
  const kept = targetsOf(learnt, task, all);
  const state = { inputs, targets: kept };
  const whole = wholeRows(table, state, "inputs and answers");
  const rows = rowsFor(whole, state);
  const answers = answersFor(whole, state, rows.count);
  const targets = answersAs(kept, answers, rows.count);
  return originOfEncoded({ name: table.csv.name, rows, targets, inputs }, table.source?.file);
}

/** Answers of a table that is measured as those of one that is learnt from. */
function answersAs(kept: ModelTargets, answers: Int32Array | Float64Array, count: number): EncodedTargets {
  if (kept.kind === "classes") {
    return { ...kept, labels: answers as Int32Array };
  }
  const { names } = kept;
  const values = { data: answers as Float64Array, count, width: names.length };
  return { kind: kept.kind === "labels" ? "answers" : "numbers", names, values };
}

/**
 * Makes sure that outputs say something: of NaN the first class would be told.
 * @param outputs [rows, …] of data
 * @throws DataError with the row, CsvError with its line
 */
export function mustTell(outputs: Float64Array, data: Questions, rows: number): void {
  const bad = outputs.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) {
    return;
  }
  const row = Math.floor((bad * rows) / outputs.length);
  const text = {
    en: `outputs must be finite numbers, got ${outputs[bad]}. The row's values are too large for the network, or its training diverged: correct them, or fit anew with a smaller lr.`,
    ja: `出力が ${outputs[bad]} になりました。値が大きすぎるか、学習が発散しています。値を直すか、lr を小さくして学習し直してください。`,
  };
  if (data instanceof Table) {
    const { name, lines } = data.csv;
    throw new CsvError(name, lines[lines.length - rows + row], text);
  }
  throw new DataError({ en: `row ${row}: ${text.en}`, ja: `${row} 行: ${text.ja}` });
}

/** One row or several, in whichever form they came; bytes alone are an image each to a model of images. */
export function questionsOf(
  given: unknown,
  { inputs }: Pick<ModelState, "inputs">,
): { readonly questions: Questions; readonly single: boolean } {
  if (inputs.kind === "image") {
    const several = Array.isArray(given) && given.length > 0;
    const found: readonly unknown[] = several ? given : [given];
    if (found.every(isBytes)) {
      return { questions: { images: joined(found) }, single: !several };
    }
  }
  if (Array.isArray(given)) {
    const single = typeof given[0] === "number";
    if (single || Array.isArray(given[0]) || ArrayBuffer.isView(given[0])) {
      return { questions: { x: single ? [given as number[]] : (given as number[][]) }, single };
    }
    return { questions: given as Questions, single: false };
  }
  if (ArrayBuffer.isView(given)) {
    return { questions: { x: [given as Float64Array] }, single: true };
  }
  return isRow(given) ? { questions: [given], single: true } : { questions: given as Questions, single: false };
}

/** Bytes as they come, those of a canvas among them. */
function isBytes(given: unknown): given is Uint8Array | Uint8ClampedArray {
  return given instanceof Uint8Array || given instanceof Uint8ClampedArray;
}

/** Images one behind the other. @throws DataError where one is of another size than the first */
function joined(images: readonly (Uint8Array | Uint8ClampedArray)[]): ByteRows {
  const width = images[0].length;
  const data = new Uint8Array(images.length * width);
  images.forEach((image, i) => {
    if (image.length !== width) {
      throw new DataError({
        en: `rows: every image must have ${width} bytes as the first has, got ${image.length} in row ${i}. Make them one size.`,
        ja: `rows: どの画像も最初と同じ ${width} バイトにしてください(${i} 行は ${image.length} バイトです)。`,
      });
    }
    data.set(image, i * width);
  });
  return { data, count: images.length, width };
}

/** One row by the names of its columns, whoever made it: a database's has no prototype, a record of one's own has its class. */
function isRow(given: unknown): given is Row {
  if (
    typeof given !== "object" ||
    given === null ||
    given instanceof Table ||
    given instanceof Promise ||
    Symbol.iterator in given
  ) {
    return false;
  }
  return !("x" in given && !isCell(given.x)) && !("images" in given && !isCell(given.images));
}

function isCell(value: unknown): boolean {
  return typeof value !== "object" || value === null || value instanceof Date;
}
