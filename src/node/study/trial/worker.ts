import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { DataError, HyperError, saidBy } from "../../../core/errors.ts";
import { reasonOf } from "../../../core/foreign-value.ts";
import type { Distribution, Intermediate, ParameterValue } from "../../../core/trial.ts";
import { thrownAt, trialError } from "../../../core/trial-errors.ts";
import { plainResult } from "../../../search/objective-result.ts";
import { trialStream } from "../../../search/streams.ts";
import { type Objective, PrunedTrial, Trial, type TrialBacking } from "../../../search/trial.ts";
import { type Declared, loadWithDeclared, nameOf } from "../objective/objective.ts";
import { placeOf } from "./place-of.ts";
import type { Answer, FromTrialThread, Question, ToTrialThread, TrialEnd, TrialThreadSetup } from "./protocol.ts";

/** A thread that runs one trial after another. What the objective asks is answered by the main thread, which keeps the study. */
const { objective: ref, folder, talk, answers, answered } = workerData as TrialThreadSetup;
// Whatever the objective finds of the thread it runs in, our ports are not among it.
for (const key of Object.keys(workerData)) {
  delete workerData[key];
}

function say(message: FromTrialThread): void {
  talk.postMessage(message);
}

/** Asks the main thread and waits for its answer without giving way: an objective draws as it goes. */
function ask(question: Question): ParameterValue | boolean {
  Atomics.store(answered, 0, 0);
  say(question);
  for (;;) {
    const answer = receiveMessageOnPort(answers)?.message as Answer | undefined;
    if (answer === undefined) {
      Atomics.wait(answered, 0, 0);
      continue;
    }
    if ("error" in answer) {
      const error = new HyperError(answer.error.text);
      error.name = answer.error.name;
      throw error;
    }
    return answer.value;
  }
}

/** Reports that go to the main thread together, at most; then it is waited for. */
const mostAhead = 1000;

/** Reports that come closer than this go together, in milliseconds. */
const restMs = 5;

/** A trial whose study is in the main thread. */
class RemoteBacking implements TrialBacking {
  readonly number: number;
  readonly attempt: number;
  readonly resumed: Uint8Array | null;
  readonly abort = new AbortController();
  /** What an objective leaves running after its end says nothing of the trial that runs then. */
  over = false;
  /** Why it fails whatever it returns. */
  fault: string | undefined;
  private readonly entries: Intermediate[] = [];
  private handed = Number.NEGATIVE_INFINITY;
  private readonly seed: number;
  private stream: TrialBacking["random"] | undefined;

  constructor({ number, attempt, seed, resumed }: Extract<ToTrialThread, { kind: "begin" }>) {
    this.number = number;
    this.attempt = attempt;
    this.seed = seed;
    this.resumed = resumed;
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  get random(): TrialBacking["random"] {
    this.stream ??= trialStream(this.seed, this.number, "objective");
    return this.stream;
  }

  suggest(name: string, distribution: Distribution): ParameterValue {
    this.mustRun(name);
    this.hand();
    return ask({ kind: "suggest", name, distribution }) as ParameterValue;
  }

  report({ step, value }: Intermediate): void {
    if (this.over) {
      return;
    }
    if (this.entries.push({ step, value }) >= mostAhead) {
      this.hand();
      ask({ kind: "catch-up" });
    } else if (performance.now() - this.handed > restMs) {
      this.hand();
    } else if (this.entries.length === 1) {
      setImmediate(() => this.hand());
    }
  }

  /** Hands on what was reported, before whatever is said next. */
  hand(): void {
    if (this.entries.length > 0 && !this.over) {
      say({ kind: "reports", entries: this.entries.splice(0) });
    }
    this.handed = performance.now();
  }

  shouldPrune(): boolean {
    this.mustRun("shouldPrune");
    this.hand();
    return ask({ kind: "should-prune" }) as boolean;
  }

  note(key: string, value: unknown): void {
    this.tell({ kind: "note", key, value });
  }

  checkpoint(bytes: Uint8Array): void {
    this.tell({ kind: "checkpoint", bytes });
  }

  private tell(message: FromTrialThread): void {
    if (!this.over) {
      this.hand();
      say(message);
    }
  }

  private mustRun(what: string): void {
    if (this.over) {
      throw new HyperError({
        en: `${what}: must be asked while its trial runs, got trial ${this.number}, which has ended.`,
        ja: `${what}: 使えるのは試行の実行中だけです(試行 ${this.number} は終わっています)。`,
      });
    }
  }
}

/** What can be sent. @throws DataError */
function cloneable(declared: Declared): Declared {
  try {
    return structuredClone(declared);
  } catch (error) {
    throw new DataError({
      en: `objective: its exports direction, constraints and space must be plain data, got ${reasonOf(error)}. Write numbers and words.`,
      ja: `objective: export する direction、constraints、space は数や文字列だけで書いてください(${reasonOf(error)})。`,
    });
  }
}

let running: RemoteBacking | undefined;

/** Ends the running trial, once. */
function end(backing: RemoteBacking, how: TrialEnd, options: { readonly spent: boolean }): void {
  if (!backing.over) {
    backing.hand();
    backing.over = true;
    running = undefined;
    const { fault } = backing;
    say({ kind: "end", end: fault === undefined ? how : { kind: "threw", message: fault }, ...options });
  }
}

async function run(objective: Objective, backing: RemoteBacking): Promise<TrialEnd> {
  try {
    const plain = plainResult(await objective(new Trial(backing)));
    return "reason" in plain ? { kind: "threw", message: plain.reason } : { kind: "value", result: plain.result };
  } catch (error) {
    if (isPruned(error)) {
      return { kind: "pruned" };
    }
    notePlace(backing, error);
    return { kind: "threw", message: reasonOf(error) };
  }
}

/** Keeps with a trial where its objective threw. */
function notePlace(backing: RemoteBacking, error: unknown): void {
  const place = ref.kind === "module" ? placeOf(error, ref.path, folder) : null;
  if (place !== null) {
    backing.note(thrownAt, place);
  }
}

/** A module may have loaded its own copy of the library: the name counts. */
function isPruned(error: unknown): boolean {
  try {
    return error instanceof PrunedTrial || (error as Error | null)?.name === "PrunedTrial";
  } catch {
    return false;
  }
}

/** An error that nobody caught: of a timer, of a promise that nobody waits for. */
function uncaught(error: unknown): void {
  if (running === undefined) {
    const reason = reasonOf(error);
    const text = {
      en: `objective: must catch its errors, got ${reason}.`,
      ja: `objective: 捕まえられていない例外があります(${reason})。`,
    };
    say({ kind: "unusable", name: "DataError", text });
    return;
  }
  notePlace(running, error);
  end(running, { kind: "threw", message: `${reasonOf(error)} (nothing caught it)` }, { spent: true });
}

process.on("uncaughtException", uncaught);
process.on("unhandledRejection", uncaught);
if (parentPort !== null) {
  // Some scripts tell their value to whoever started them; here a value is returned, or it is lost.
  parentPort.postMessage = () => {
    if (running !== undefined) {
      running.fault = trialError("posted");
    }
  };
}
let loading = true;

async function load(): Promise<void> {
  try {
    const { objective, declared } = await loadWithDeclared(ref, folder);
    talk.on("message", (message: ToTrialThread) => {
      if (message.kind === "abort") {
        running?.abort.abort(new Error(message.reason));
        return;
      }
      const backing = new RemoteBacking(message);
      running = backing;
      void run(objective, backing).then((how) => end(backing, how, { spent: false }));
    });
    say({ kind: "ready", declared: cloneable(declared) });
  } catch (error) {
    const { name } = error as Error;
    const known = error instanceof HyperError || error instanceof DataError;
    say({ kind: "unusable", name, text: saidBy(known ? error : reasonOf(error)) });
  }
  loading = false;
}

// Nothing is left to do, and the module has not loaded.
process.once("beforeExit", () => {
  if (loading) {
    say({
      kind: "unusable",
      name: "DataError",
      text: {
        en: `${nameOf(ref)}: must be a module that loads, got one that waits at its top level for what never comes. Look at its await outside of functions.`,
        ja: `${nameOf(ref)}: モジュールのトップレベルの await が終わりません。関数の外の await を確かめてください。`,
      },
    });
  }
});
void load();
