import { globSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { bundledThreads } from "./test/support/bundle.ts";

// Threads and commands that tests start load hundreds of files each: compiled once for all of them.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), "node-compile-cache");

/** `TANREN_LONG` (npm run test:long) runs the long suites and only those: `1` parity and faults, or `speed`. */
const kind = process.env.TANREN_LONG ?? "";
const long = kind !== "";
const longFiles = kind === "speed" ? "*speed.long.test.ts" : "*.long.test.ts";

/** Files that look at a few members of a kind: in the long run at all of them. */
const withMore = globSync("{src,test}/**/*.test.ts").filter((file) => /\bfew\(/.test(readFileSync(file, "utf8")));

/** Beginnings of the names of the files that take longest, in that order, so that the workers end together; the rest of test/ before src/. */
const longest = [
  // Of the long suites
  "test/conformance/mutations.long",
  "test/browser/never-a-lie.long",
  "test/golden/chapter.long",
  "test/notebooks.long",
  "test/browser/mid-run.long",
  "test/field/experiments.long",
  "test/simulation/interleaved.long",
  "test/formats/fuzz.long",
  "test/packages.long",
  // Of all
  "test/simulation/study",
  "test/browser/studio",
  "test/browser/s",
  "test/browser/",
  "test/faults/run-store",
  "test/golden/",
  "test/server/resume",
  "test/cli/cli",
  "test/docs",
  "test/notebooks",
  "test/conformance/kernels",
  "test/server/client",
  "test/cli/",
  "test/faults/",
  "test/conformance/",
  "test/server/",
  "test/horizon",
  "test/in-step",
  "test/field/",
  "test/",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = longest.findIndex((name) => moduleId.includes(`/${name}`));
      return found < 0 ? longest.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  plugins: [bundledThreads],
  test: {
    globalSetup: "test/support/bundle.ts",
    include: long
      ? [`{src,test}/**/${longFiles}`, ...(kind === "speed" ? [] : withMore)]
      : ["{src,test,scripts}/**/*.test.ts"],
    exclude: [
      "**/node_modules/**",
      ...(long ? [] : ["**/*.long.test.ts"]),
      ...(kind === "speed" ? [] : ["**/*speed.long.test.ts"]),
    ],
    // Against hanging only: how fast a test is says nothing on a machine that others use too.
    testTimeout: long ? 10_800_000 : 600_000,
    expect: { poll: { timeout: 120_000 } },
    hookTimeout: 600_000,
    // One more than two cores: many tests wait for processes, pages and databases; with two more the whole takes longer.
    // Long suites compute throughout, and start processes of their own: more at a time only make each other wait. What
    // measures speed has all to itself.
    maxWorkers: kind === "speed" ? 1 : long ? 2 : 3,
    // Of pages that one suite drives beside each other.
    maxConcurrency: 2,
    // One process runs many files, and loads what they import once: no test changes what is another's. Long suites have a
    // process each, since code that others have run before is not as quick.
    isolate: long,
    sequence: { sequencer: LongestFirst },
  },
});
