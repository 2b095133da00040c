import { expect, test } from "vitest";
import { shareAlong } from "./along.ts";

test("a logarithmic axis between neighbouring numbers is as good as a line", () => {
  const low = 1e300;
  const high = low * (1 + 2 ** -52);
  expect([low, high].map((value) => shareAlong(value, { domain: [low, high], scale: "log" }))).toEqual([0, 1]);
});
