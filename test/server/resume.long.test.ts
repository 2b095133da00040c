import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import type { RunDetail } from "../../src/server/api.ts";
import { openServerClient } from "../../src/web/served/client.ts";
import { temporaryFolder } from "../support/cli.ts";
import { runExperiment } from "../support/run-experiment.ts";
import { startStudio } from "./support.ts";

test("a server killed ten times at any moment still brings every run to its end, with the same bits", async () => {
  const home = temporaryFolder();
  const wanted = [
    ["optimizer-comparison", ["iterations=1500", "hiddenSizes=30", "trainRows=2000"]],
    ["hyperparameter-search", ["trials=12", "epochs=10"]],
    ["activation-histograms", []],
  ] as const;
  const ids: string[] = [];
  for (let life = 0; ; life++) {
    const studio = await startStudio(home, ["--attempts", "20"]);
    const client = openServerClient(`${studio.url}/api/`);
    if (life === 0) {
      for (const [experiment, set] of wanted) {
        const settings = Object.fromEntries(
          set.map((text) => text.split("=")).map(([name, value]) => [name, Number(value)]),
        );
        const given = "hiddenSizes" in settings ? { ...settings, hiddenSizes: [settings.hiddenSizes] } : settings;
        const run = await client.ask<RunDetail>("POST", "runs", { experiment, settings: given, backend: "wasm-simd" });
        ids.push(run.id);
      }
    }
    if (life < 10) {
      await wait(100 + ((life * 7919) % 1700));
      studio.child.kill("SIGKILL");
      await studio.end;
      continue;
    }
    for (const [i, id] of ids.entries()) {
      let run = await client.ask<RunDetail>("GET", `runs/${id}`);
      for (let second = 0; run.status === "running" && second < 300; second++) {
        await wait(1000);
        run = await client.ask<RunDetail>("GET", `runs/${id}`);
      }
      expect(run.status).toBe("done");
      const [experiment, set] = wanted[i];
      const theirs = await runExperiment(experiment, { set: [...set], backend: "wasm-simd", dtype: "float32" });
      expect(run.series).toEqual(theirs.series);
      expect(run.histograms).toEqual(JSON.parse(JSON.stringify(theirs.histograms)));
      expect(run.events).toEqual(JSON.parse(JSON.stringify(theirs.events)));
    }
    return;
  }
});
