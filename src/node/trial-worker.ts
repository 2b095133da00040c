import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { HyperError } from "../core/errors.ts";
import type { Distribution, Intermediate, ParameterValue } from "../core/trial.ts";
import { trialStream } from "../search/streams.ts";
import { type Objective, PrunedTrial, Trial, type TrialBacking } from "../search/trial.ts";
import { loadObjective } from "./trial-objective.ts";
import type { Answer, FromTrialThread, Question, ToTrialThread, TrialEnd, TrialThreadSetup } from "./trial-protocol.ts";

/** A thread that runs one trial after another. What the objective asks is answered by the main thread, which keeps the study. */
const setup = workerData as TrialThreadSetup;
const port = parentPort!;

function say(message: FromTrialThread): void {
  port.postMessage(message);
}

/** Asks the main thread and waits for its answer without giving way: an objective draws as it goes. */
function ask(question: Question): ParameterValue | boolean {
  Atomics.store(setup.answered, 0, 0);
  say(question);
  for (;;) {
    const answer = receiveMessageOnPort(setup.answers)?.message as Answer | undefined;
    if (answer === undefined) {
      Atomics.wait(setup.answered, 0, 0);
      continue;
    }
    if ("error" in answer) {
      const error = new HyperError(answer.error.message);
      error.name = answer.error.name;
      throw error;
    }
    return answer.value;
  }
}

/** A trial whose study is in the main thread. */
class RemoteBacking implements TrialBacking {
  readonly number: number;
  readonly attempt: number;
  readonly resumed: Uint8Array | null;
  readonly abort = new AbortController();
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
    return ask({ kind: "suggest", name, distribution }) as ParameterValue;
  }

  report({ step, value }: Intermediate): void {
    say({ kind: "report", step, value });
  }

  shouldPrune(): boolean {
    return ask({ kind: "should-prune" }) as boolean;
  }

  note(key: string, value: unknown): void {
    say({ kind: "note", key, value });
  }

  checkpoint(bytes: Uint8Array): void {
    say({ kind: "checkpoint", bytes });
  }
}

async function run(objective: Objective, backing: RemoteBacking): Promise<TrialEnd> {
  try {
    return { kind: "value", result: await objective(new Trial(backing)) };
  } catch (error) {
    // A module may have loaded its own copy of the library: the name counts.
    if (error instanceof PrunedTrial || (error as Error | null)?.name === "PrunedTrial") {
      return { kind: "pruned" };
    }
    return { kind: "threw", message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

/** A result that cannot be sent (a function, a promise in an object) is none. */
function end(how: TrialEnd): void {
  try {
    say({ kind: "end", end: how });
  } catch {
    say({ kind: "end", end: { kind: "threw", message: "The objective must give a number, got something else." } });
  }
}

try {
  const objective = await loadObjective(setup.objective, setup.folder);
  let running: RemoteBacking | undefined;
  port.on("message", (message: ToTrialThread) => {
    if (message.kind === "abort") {
      running?.abort.abort(new Error(message.reason));
      return;
    }
    const backing = new RemoteBacking(message);
    running = backing;
    void run(objective, backing).then(end);
  });
  say({ kind: "ready" });
} catch (error) {
  const { name, message } = error as Error;
  say({ kind: "unusable", name, message });
}
