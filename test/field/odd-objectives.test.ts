import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { openStudyStore } from "../../src/node/store/study-store.ts";
import { runStudyPool } from "../../src/node/study/pool.ts";
import { openStudy } from "../../src/search/study.ts";
import type { Objective } from "../../src/search/trial.ts";
import { temporaryFolder } from "../support/cli.ts";

// Threads start and stop.
vi.setConfig({ testTimeout: 600_000 });

/** What an objective does in place of giving a number, as text of JavaScript, and what its trial says of it. */
const odd: readonly (readonly [code: string, sentence: RegExp])[] = [
  ["return 12n", /must give a number, got the BigInt 12\. /],
  ["return { value: 12n }", /must give a number, got an object that cannot be written as JSON/],
  ["const o = { a: 1 }; o.self = o; return o", /must give a number, got an object that cannot be written as JSON/],
  ["return () => 1", /must give a number, got a function/],
  ["return Symbol('x')", /must give a number, got a symbol/],
  ["return undefined", /must give a number, got undefined/],
  ["return null", /must give a number, got null/],
  ["return '0.5'", /must give a number, got "0.5"/],
  ["return true", /must give a number, got true/],
  ["return [1]", /must give a number, got \[1\]/],
  ["return new Number(1)", /must give a number, got 1/],
  ["return new Proxy({}, { get() { throw null; }, has() { return true; } })", /threw null/],
  ["return { state: 'failed', error: {} }", /must give a number, got \{"state":"failed","error":\{\}\}/],
  ["return { state: 'pruned' }", /must give a number, got \{"state":"pruned"\}/],
  ["return { get value() { throw new Error('no value') } }", /got an object that cannot be read \(Error: no value\)/],
  ["return { toJSON() { throw new Error('no JSON') } }", /got an object that cannot be written as JSON/],
  ["return { value: 1, constraints: 'abc' }", /must tell constraints as numbers in an array, got "abc"/],
  ["return { value: 1, constraints: [1n] }", /must tell constraints as numbers in an array/],
  ["return { value: 1, constraints: [0] }", /as many constraints as the study has, got \[0\]/],
  [
    "return { value: 1, constraints: Array(4e9) }",
    /must tell constraints as numbers in an array, got an array of 4000/,
  ],
  ["return Array(4e9)", /must give a number, got an array of 4000000000/],
  ["return new Float64Array(3)", /must give a number, got a Float64Array/],
  ["return { then(give) { give(undefined); give(1); } }", /must give a number, got undefined/],
  ["const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy", /cannot be read/],
  ["let d = {}; for (let i = 0; i < 1e5; i++) d = { d }; throw d", /^The objective threw /],
  ["throw null", /^The objective threw null\.$/],
  ["throw undefined", /^The objective threw undefined\.$/],
  ["throw 7n", /^The objective threw the BigInt 7\.$/],
  ["throw Symbol('s')", /^The objective threw a symbol\.$/],
  ["throw 'only words'", /^only words$/],
  ["throw { message: 5 }", /^The objective threw \{"message":5\}\.$/],
  ["throw { get message() { throw 1 } }", /^The objective threw an error that cannot be read\.$/],
  ["throw Object.assign(new Error('x'.repeat(1e6)), { name: 'Long' })", /^Long: x{1000,2000}…$/],
  ["throw new Error('nul \\u0000 and \\ud800')", /^Error: nul \\u0000 and \ufffd$/],
  ["class Weird extends Error { get name() { throw 1 } } throw new Weird('w')", /cannot be read/],
  ["trial.note('n', 1n); return 1", /note n: must be plain JSON, got the BigInt 1/],
  ["const o = {}; o.o = o; trial.note('n', o); return 1", /note n: must be plain JSON, got an object that cannot be/],
  ["trial.note('n', { toJSON() { throw null } }); return 1", /note n: must be plain JSON/],
  ["trial.note('__proto__', 1); return 1", /note: a name must be a word/],
  ["trial.note(Symbol('k'), 1); return 1", /note: a name must be a word, got a symbol/],
  ["trial.report(1n, 0); return 1", /report: value must be a number, got the BigInt 1/],
  ["trial.report('1', 0); return 1", /report: value must be a number, got "1"/],
  ["trial.report({}, 0); return 1", /report: value must be a number, got \{\}/],
  ["trial.report(1, 1n); return 1", /report: step must be a whole number ≥ 0, got the BigInt 1/],
  ["trial.report(1, -1); return 1", /report: step must be a whole number ≥ 0/],
  ["trial.checkpoint(() => 1); return 1", /checkpoint: must be plain JSON, got a function/],
  ["trial.suggest('y', { kind: 'category', choices: [() => 1] }); return 1", /y: choices must be numbers/],
  ["trial.suggest('y', null); return 1", /y: must be one of real, int, category/],
  ["trial.category('', [1, 2]); return 1", /a name must be a word, got ""/],
  ["trial.real('__proto__', { min: 0, max: 1 }); return 1", /a name must be a word/],
];

/** What only a thread can do. */
const oddInThreads: typeof odd = [
  ["(await import('node:worker_threads')).parentPort.postMessage({ kind: 'end' }); return 1", /posted to parentPort/],
  [
    "Promise.reject(new Error('left alone')); await new Promise((r) => setTimeout(r, 200)); return 1",
    /left alone \(nothing caught it\)/,
  ],
  ["setTimeout(() => { throw null; }); return new Promise(() => {})", /threw null\. \(nothing caught it\)/],
  ["return new Promise(() => {})", /must end within 1500 ms/],
  ["for (;;) {}", /must end within 1500 ms/],
  ["process.exit(0)", /its thread ended with exit 0/],
  ["throw Object.assign(new Error('end'), { name: 'PrunedTrial' })", /^$/],
];

describe("an objective that does something odd fails its own trial, in one sentence", () => {
  test("in threads; the trials after it complete", async () => {
    const cases = [...odd, ...oddInThreads];
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, "objective.mjs"),
      `const cases = [${cases.map(([code]) => `async (trial) => { ${code} }`).join(",\n")}];
       export default (trial) => (trial.number < cases.length ? cases[trial.number](trial) : trial.real("x", { min: 0, max: 1 }));`,
    );
    const store = await openStudyStore(join(folder, "studies.sqlite"));
    onTestFinished(() => store.close());
    const study = await store.createStudy({
      name: "odd",
      direction: "minimize",
      seed: 0,
      sampler: { name: "random" },
      pruner: { name: "none" },
      space: null,
      objective: { kind: "module", path: "objective.mjs", maxTimeMs: 1500 },
      constraints: 0,
    });
    const { signal } = new AbortController();
    const pool = runStudyPool({ store, study, threads: 2, trials: cases.length + 4, signal, folder, maxAttempts: 2 });
    for await (const _event of pool) {
      // The store keeps what is looked at.
    }
    const { trials } = await store.loadStudy("odd");
    for (const [i, [code, sentence]] of cases.entries()) {
      const { state, error = "" } = trials[i];
      expect({ code, state, error }).toEqual({
        code,
        state: code.includes("PrunedTrial") ? "pruned" : "failed",
        error: expect.stringMatching(sentence),
      });
    }
    expect(trials.slice(cases.length).map(({ state }) => state)).toEqual(Array(4).fill("complete"));
  });

  test("in the library's own process", async () => {
    const study = await openStudy({ sampler: "random" });
    const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
    const cases = odd.map(([code]): Objective => new AsyncFunction("trial", code));
    await study.optimize((trial) => cases[trial.number]?.(trial) ?? 1, { trials: odd.length + 2 });
    for (const [i, [code, sentence]] of odd.entries()) {
      const { state, error = "" } = study.trials[i];
      expect({ code, state, error }).toEqual({ code, state: "failed", error: expect.stringMatching(sentence) });
    }
    expect(study.trials.slice(-2).map(({ state }) => state)).toEqual(["complete", "complete"]);
  });

  test("whatever value is told: a number completes the trial, anything else fails it", async () => {
    const study = await openStudy({ sampler: "random" });
    const anything = fc.oneof(
      fc.anything({ withBigInt: true, withSparseArray: true, withNullPrototype: true }),
      fc.double(),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (value) => {
        const { state, error } = await study.tell(await study.ask(), value as number);
        const number = typeof value === "number" ? value : (value as { value?: unknown } | null | undefined)?.value;
        if (state === "complete") {
          expect(number).toBeTypeOf("number");
        } else if (state === "failed") {
          expect(error).toMatch(/\.$/);
          expect(typeof value === "number" && !Number.isNaN(value)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test("what an objective leaves running after its end says nothing of the next trial", async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, "objective.mjs"),
    `export default async (trial) => {
       const timer = setInterval(() => trial.report(trial.number, 1000 + trial.number), 5);
       setTimeout(() => clearInterval(timer), 400);
       await new Promise((resolve) => setTimeout(resolve, 100));
       return 1;
     };`,
  );
  const store = await openStudyStore(join(folder, "studies.sqlite"));
  onTestFinished(() => store.close());
  const spec = { direction: "minimize", seed: 0, pruner: { name: "none" }, space: null, constraints: 0 } as const;
  const objective = { kind: "module", path: "objective.mjs" };
  const study = await store.createStudy({ name: "left", sampler: { name: "random" }, objective, ...spec });
  const { signal } = new AbortController();
  for await (const _event of runStudyPool({ store, study, threads: 1, trials: 4, signal, folder })) {
    // The store keeps what is looked at.
  }
  const { trials } = await store.loadStudy("left");
  for (const { number, intermediate } of trials) {
    expect(intermediate).toEqual([{ step: 1000 + number, value: number }]);
  }
});
