import fc from "fast-check";
import { expect, test } from "vitest";
import { gangsOf } from "./gangs.ts";

const tasks = (...groups: (number | undefined)[]) => groups.map((group) => ({ group }));

test("runs that are compared are spread over all workers, evenly", () => {
  expect(gangsOf(tasks(0, 0, 0, 0), 2)).toEqual([
    [
      [0, 2],
      [1, 3],
    ],
  ]);
  expect(gangsOf(tasks(0, 0, 0, 0), 1)).toEqual([[[0, 1, 2, 3]]]);
  expect(gangsOf(tasks(0, 0, 0, 0), 3)).toEqual([[[0, 3], [1], [2]]]);
  expect(gangsOf(tasks(0, 0), 8)).toEqual([[[0], [1]]]);
});

test("while there are groups for all workers each takes a whole one, and those left over are spread", () => {
  expect(gangsOf(tasks(0, 0, 1, 1, 2, 2), 2)).toEqual([[[0, 1]], [[2, 3]], [[4], [5]]]);
  expect(gangsOf(tasks(0, 0, 1, 1), 3)).toEqual([[[0], [1]], [[2, 3]]]);
});

test("tasks without a group run one after the other", () => {
  expect(gangsOf(tasks(undefined, undefined, undefined), 2)).toEqual([[[0]], [[1]], [[2]]]);
});

test("networks that would fill the memory together run one after the other", () => {
  const large = tasks(0, 0, 0).map((task) => ({ ...task, bytes: 2 ** 30 }));
  expect(gangsOf(large, 2)).toEqual([[[0]], [[1]], [[2]]]);
  expect(gangsOf(large.slice(1), 2)).toEqual([[[0], [1]]]);
});

test("every task is in one gang, no gang needs more workers than there are, and no more than 32 go on in one", () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.nat(4), { nil: undefined }), { maxLength: 200 }),
      fc.integer({ min: 1, max: 9 }),
      (groups, workers) => {
        const gangs = gangsOf(tasks(...groups), workers);
        const all = gangs.flat(2);
        expect(all.toSorted((a, b) => a - b)).toEqual(groups.map((_, i) => i));
        for (const gang of gangs) {
          expect(gang.length).toBeLessThanOrEqual(workers);
          expect(gang.flat().length).toBeLessThanOrEqual(32);
          expect(gang.every((list) => list.length > 0)).toBe(true);
          expect(new Set(gang.flat().map((i) => groups[i])).size).toBe(1);
        }
      },
    ),
  );
});
