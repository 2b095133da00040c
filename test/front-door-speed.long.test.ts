import { expect, test } from "vitest";
import { frontDoor } from "../bench/front-door.ts";

test("a step of fit takes at most 2% more than one of the loop one would write by hand, to the same loss", async () => {
  const { whole, step } = await frontDoor(12);
  process.stderr.write(
    `front door: fit / by hand ${step.toFixed(4)} a step; whole, 200 steps ${whole.short.toFixed(4)}, 1,000 steps ${whole.long.toFixed(4)}\n`,
  );
  expect(step).toBeLessThanOrEqual(1.02);
}, 300_000);
