import { expect, test } from "vitest";
import { dateOf, dateOrderOf } from "./date-text.ts";

const at = (text: string) => Date.parse(text) / 1000;

test.each<[cell: string, order: "dmy" | "mdy", seconds: number | null, zoneless: boolean, byOrder: boolean]>([
  ["2026-03-04", "mdy", at("2026-03-04T00:00Z"), false, false],
  ["2026-03-04 05:06", "mdy", at("2026-03-04T05:06Z"), true, false],
  ["2026-03-04T05:06+05:30", "mdy", at("2026-03-03T23:36Z"), false, false],
  ["03/04/2026", "mdy", at("2026-03-04T00:00Z"), false, true],
  ["03/04/2026", "dmy", at("2026-04-03T00:00Z"), false, true],
  ["03.04.2026", "mdy", at("2026-04-03T00:00Z"), false, false],
  ["24:00", "mdy", 86_400, false, false],
  ["24:01", "mdy", null, false, false],
  ["05:60", "mdy", null, false, false],
  ["0026-03-04", "mdy", null, false, false],
])("%s in the order %s", (cell, order, seconds, zoneless, byOrder) => {
  expect(dateOf(cell, order)).toEqual(seconds === null ? null : { seconds, zoneless, byOrder });
});

test("a day above 12 tells the order, 12 itself and a day with points do not", () => {
  expect(dateOrderOf(["12/13/2026"])).toBe("mdy");
  expect(dateOrderOf(["13/12/2026"])).toBe("dmy");
  expect(dateOrderOf(["12/12/2026", "13.01.2026"])).toBeNull();
});
