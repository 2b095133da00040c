import { expect, test } from "vitest";
import { frontDoor } from "../bench/front-door.ts";

test("fit takes at most 2% more than the loop one would write by hand, to the same loss", async () => {
  const { ratio, fit, loop } = await frontDoor(12);
  process.stderr.write(
    `front door: fit ${Math.min(...fit).toFixed(1)} ms, by hand ${Math.min(...loop).toFixed(1)} ms, ${ratio.toFixed(4)} times\n`,
  );
  expect(ratio).toBeLessThanOrEqual(1.02);
}, 300_000);
