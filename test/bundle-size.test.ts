import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { boundedPrograms, bundleSizeOfSources } from "./support/bundle-size.ts";
import { blocks } from "./support/pages.ts";

test("a page fetches at most 5 kB for the random stream, 60 kB packed for a worker that trains", async () => {
  const door = fileURLToPath(new URL("../src/core-index.ts", import.meta.url));
  const [, loop] = blocks("packages/core/README.md", "ts");
  const { random, worker } = boundedPrograms(loop);
  expect((await bundleSizeOfSources(random, door)).bytes).toBeLessThanOrEqual(5000);
  expect((await bundleSizeOfSources(worker, door)).packed).toBeLessThanOrEqual(60_000);
});
