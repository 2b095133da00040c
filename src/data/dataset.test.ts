import { expect, test } from "vitest";
import { firstRows, selectRows } from "./dataset.ts";

const bytes = {
  images: { data: Uint8Array.of(1, 2, 3, 4, 5, 6), count: 3, width: 2 },
  labels: Uint8Array.of(0, 1, 2),
};
const floats = { ...bytes, images: { ...bytes.images, data: Float32Array.of(0.5, 1.5, 2.5, 3.5, 4.5, 5.5) } };

test("rows are selected by number, in that order, with their labels", () => {
  const { images, labels } = selectRows(bytes, [2, 0, 2]);
  expect([...images.data]).toEqual([5, 6, 1, 2, 5, 6]);
  expect([...labels]).toEqual([2, 0, 2]);
  expect(images.count).toBe(3);
});

test("rows of numbers stay numbers", () => {
  expect([...selectRows(floats, Int32Array.of(1)).images.data]).toEqual([2.5, 3.5]);
  expect([...firstRows(floats, 1).images.data]).toEqual([0.5, 1.5]);
});

test.each([[[0, 3]], [[-1]], [[0.5]], [[Number.NaN]], [Int32Array.of(0, 1, 7)]])(
  "rows %s are refused: they would be rows of zeros, of class 0",
  (rows) => {
    const last = rows[rows.length - 1];
    expect(() => selectRows(bytes, rows)).toThrow(
      `data set: rows must be whole numbers in [0, 3), got ${last} at ${rows.length - 1}. Number the rows from 0.`,
    );
  },
);

test.each([
  [0, /rows must be a whole number of 1 or more, got 0/],
  [-1, /rows must be a whole number of 1 or more, got -1/],
  [1.5, /rows must be a whole number of 1 or more, got 1\.5/],
  [4, /must have at least 4 rows, got 3/],
])("the first %s rows are refused", (count, says) => {
  expect(() => firstRows(bytes, count)).toThrow(says);
});
