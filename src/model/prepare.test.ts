import { expect, test } from "vitest";
import { allRows, scaledRows } from "./prepare.ts";

test("bytes are copied only where some of the rows are left out or stand in another order", () => {
  const rows = { data: Uint8Array.from([1, 2, 3, 4, 5, 6]), count: 3, width: 2 };
  expect(scaledRows(rows, allRows(3), null)).toBe(rows);
  expect(scaledRows(rows, Int32Array.from([0, 2, 1]), null).data).toEqual(Uint8Array.from([1, 2, 5, 6, 3, 4]));
  expect(scaledRows(rows, allRows(2), null).data).toEqual(Uint8Array.from([1, 2, 3, 4]));
  // No more than what the rows say is theirs.
  const longer = { ...rows, count: 2 };
  expect(scaledRows(longer, allRows(2), null)).toEqual({ data: Uint8Array.from([1, 2, 3, 4]), count: 2, width: 2 });
});
