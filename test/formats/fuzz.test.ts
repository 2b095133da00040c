import { expect, test } from "vitest";
import { fuzz, readers } from "./readers.ts";

/** The same kinds a million times each: fuzz.long.test.ts. */
const cases = 1000;

test.each(readers)("whatever bytes come, $format reads them or refuses them in a sentence", async (reader) => {
  const { read, refused } = await fuzz(reader, cases, 1);
  expect(read + refused).toBe(cases);
  // Both happen, or the files were not near the line between them.
  expect(Math.min(read, refused)).toBeGreaterThan(cases / 100);
});
