import { answersFor, type Questions, rowsFor } from "./apply.ts";
import { wholeRows } from "./asked-table.ts";
import type { ModelData } from "./encode.ts";
import type { ModelState } from "./model-state.ts";
import { allRows, scaledRows } from "./prepare.ts";
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
  return { rows, answers: answersFor(whole, state, rows.count) };
}

/** One row or several, in whichever form they came. */
export function questionsOf(given: unknown): { readonly questions: Questions; readonly single: boolean } {
  if (Array.isArray(given)) {
    const single = typeof given[0] === "number";
    if (single || Array.isArray(given[0]) || ArrayBuffer.isView(given[0])) {
      return { questions: { x: single ? [given as number[]] : (given as number[][]) }, single };
    }
    return { questions: given as Questions, single: false };
  }
  if (given instanceof Float32Array || given instanceof Float64Array) {
    return { questions: { x: [given] }, single: true };
  }
  const plain = typeof given === "object" && given !== null && Object.getPrototypeOf(given) === Object.prototype;
  const row = plain && !("x" in given && !isCell(given.x)) && !("images" in given && !isCell(given.images));
  return row ? { questions: [given as never], single: true } : { questions: given as Questions, single: false };
}

function isCell(value: unknown): boolean {
  return typeof value !== "object" || value === null || value instanceof Date;
}
