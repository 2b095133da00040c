import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { ended, startTanren, temporaryFolder } from "../support/cli.ts";

const commands: Record<string, readonly string[]> = {
  "one long run": ["run", "optimizer-comparison", "--set", "iterations=100000"],
  "the whole chapter": ["run", "all"],
  // A layer takes a second in one piece.
  "large histograms": ["run", "activation-histograms", "--set", "rows=20000", "--set", "width=300"],
};

test.each(Object.entries(commands))(
  "Ctrl-C ends %s within 2 s of any moment, its start among them",
  async (_, command) => {
    for (const moment of [500, 1_000, 2_000, 3_000, 4_500]) {
      const child = startTanren([...command, "--out", "out"], { home: temporaryFolder() });
      const result = ended(child);
      await wait(moment);
      expect(child.exitCode).toBeNull();
      const asked = performance.now();
      child.kill("SIGINT");
      await result;
      expect(performance.now() - asked, `asked after ${moment} ms`).toBeLessThan(2_000);
    }
  },
  120_000,
);
