import { expect, test } from "vitest";
import { frontDoor } from "../bench/front-door.ts";

/** Measures, of which the median counts: where memory happens to lie moves each by 1%. */
const times = 5;

test("a step of fit takes at most 2% more than one of the loop one would write by hand, to the same loss", async () => {
  const ratios: number[] = [];
  for (let i = 0; i < times; i++) {
    const { ratio, loop, fit } = await frontDoor(40);
    process.stderr.write(
      `front door: fit / by hand ${ratio.toFixed(4)} a step (${fit.toFixed(1)} / ${loop.toFixed(1)} ms)\n`,
    );
    ratios.push(ratio);
  }
  expect(ratios.sort((a, b) => a - b)[times >> 1]).toBeLessThanOrEqual(1.02);
});
