import { expect, test } from "vitest";
import { kFold } from "./folds.ts";
import { readTable } from "./table.ts";

test.each([["with"], ["without"]])(
  "of a table %s a header the folds hold each row once, and at most a row a fold",
  (how) => {
    const rows = Array.from({ length: 12 }, (_, i) => `${i},${i % 2 === 0 ? "a" : "b"}`);
    const table = readTable([...(how === "with" ? ["x,k"] : []), ...rows].join("\n"), "t.csv", { target: "#2" });
    const first = how === "with" ? 1 : 0;
    const heldBy = (k: number, seed = 0) => kFold(table, k, { seed }).map((fold) => fold.test.csv.lines.slice(first));
    const lines = rows.map((_, i) => i + 1 + first);
    for (const k of [5, 12]) {
      expect(
        heldBy(k)
          .flat()
          .sort((a, b) => a - b),
      ).toEqual(lines);
    }
    expect(() => kFold(table, 13)).toThrow(/kFold: k must be .*12.*, got 13/);
    expect(heldBy(5, 1)).toEqual(heldBy(5, 1));
    expect(heldBy(5, 1)).not.toEqual(heldBy(5));
  },
);
