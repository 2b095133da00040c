import { expect, test } from "vitest";
import { frontDoor } from "../bench/front-door.ts";

test("a step of fit takes at most 2% more than one of the loop one would write by hand, to the same loss", async () => {
  const { ratio, loop, fit } = await frontDoor(60);
  process.stderr.write(
    `front door: fit / by hand ${ratio.toFixed(4)} a step (${fit.toFixed(1)} / ${loop.toFixed(1)} ms)\n`,
  );
  expect(ratio).toBeLessThanOrEqual(1.02);
}, 300_000);
