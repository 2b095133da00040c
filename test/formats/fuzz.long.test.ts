import { expect, test } from "vitest";
import { fuzz, readers } from "./readers.ts";

const cases = 1_000_000;

test.each(readers)(
  "a million files nearly right: $format reads them or refuses them in a sentence, in bounded memory",
  async (reader) => {
    globalThis.gc?.();
    const { read, refused } = await fuzz(reader, cases, 2);
    expect(read + refused).toBe(cases);
    // Against memory that grows with what a file claims: 2 GB is what 32 bits of length could ask for.
    expect(process.memoryUsage().rss).toBeLessThan(1.5e9);
  },
);
