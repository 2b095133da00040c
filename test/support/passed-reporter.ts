import type { Reporter, TestModule } from "vitest/node";
import { writePassed } from "../../scripts/passed-files.mjs";

/** Writes each file down that has passed, at once: it is known when the run is ended before its end. */
// biome-ignore lint/style/noDefaultExport: Vitest loads a reporter by it.
export default class PassedReporter implements Reporter {
  onTestModuleEnd(module: TestModule): void {
    const state = process.env.TANREN_STATE;
    const tests = [...module.children.allTests("passed")].length;
    if (state !== undefined && module.ok() && tests > 0) {
      writePassed({ state, file: module.relativeModuleId, tests, at: new Date().toISOString() });
    }
  }
}
