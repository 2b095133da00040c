/**
 * Lowers the masks of ../horizons.json.gz (made by builds.py) to the horizons that our own twins find:
 *
 *     node test/golden/make/horizons.ts
 */
import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { horizonOf } from "../../../src/experiments/horizon.ts";
import { horizonCases, runCase, seriesOfCase } from "../../support/horizons.ts";

const cases = horizonCases();
for (const one of cases) {
  const recorded = await runCase(one, ["horizon=on"]);
  for (const golden of one.series) {
    const ours = seriesOfCase(recorded, golden)!;
    const from = horizonOf(recorded, ours) ?? Number.POSITIVE_INFINITY;
    const before = ours.x.filter((x) => x < from).length;
    if (before < golden.same) {
      console.log(one.experiment, one.seed, golden.run, golden.metric, `${golden.same} → ${before}`);
      golden.same = before;
    }
  }
}
writeFileSync(new URL("../horizons.json.gz", import.meta.url), gzipSync(JSON.stringify(cases)));
