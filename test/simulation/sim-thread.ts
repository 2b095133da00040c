import type { Distribution } from "../../src/core/trial.ts";
import type { TrialRunner } from "../../src/node/study/host.ts";
import type { Declared } from "../../src/node/study/objective/objective.ts";
import type { Question, TrialEnd } from "../../src/node/study/trial/protocol.ts";
import type { ThreadEnd, TrialHost } from "../../src/node/study/trial/thread.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/search/checkpoint.ts";
import type { SimProcess } from "./world.ts";

/** What the objective draws; the study may declare it, too. */
export const space: Readonly<Record<string, Distribution>> = {
  x: { kind: "real", low: 0, high: 1 },
  kind: { kind: "category", choices: ["a", "b"] },
};

export interface SimObjective {
  /** Reports of a whole trial. */
  readonly steps: number;
  /** A checkpoint after so many reports; 0 for none. */
  readonly checkpointEvery: number;
  /** Milliseconds between two things it does, at most. */
  readonly pace: number;
  readonly prunes: boolean;
}

/** What attempt `attempt` of trial `number` reports at a step: it tells whose it is. */
export function reported(number: number, attempt: number, step: number): number {
  return number * 100 + attempt + step / 100;
}

/** What a checkpoint of the objective says: where to go on, and whose it is. */
export function leftBy(bytes: Uint8Array): { readonly step: number; readonly by: number } {
  return decodeCheckpoint(bytes) as { step: number; by: number };
}

interface Running {
  readonly number: number;
  readonly attempt: number;
  readonly resumed: Uint8Array | null;
  readonly host: TrialHost;
  readonly done: (end: ThreadEnd) => void;
}

/** A thread that runs an objective in a world's time. What it says arrives in order, as from a real one. */
export class SimThread implements TrialRunner {
  private readonly process: SimProcess;
  private readonly objective: SimObjective;
  private current: Running | undefined;
  private chain: Promise<void> = Promise.resolve();
  private dead = false;

  constructor(process: SimProcess, objective: SimObjective) {
    this.process = process;
    this.objective = objective;
  }

  get alive(): boolean {
    return !this.dead;
  }

  ready(): Promise<Declared> {
    return new Promise((resolve) => {
      this.soon(() => resolve({}));
    });
  }

  run(begin: { number: number; attempt: number; resumed: Uint8Array | null }, host: TrialHost): Promise<ThreadEnd> {
    if (this.dead) {
      return Promise.resolve({ kind: "died", reason: "simulated" });
    }
    return new Promise((done) => {
      const running: Running = { ...begin, host, done };
      this.current = running;
      void this.play(running);
    });
  }

  /** The simulated objective does not look at its signal. */
  abort(): void {}

  async terminate(): Promise<void> {
    this.die();
  }

  /** The thread ends in the middle of whatever it does. */
  die(): void {
    if (this.dead) {
      return;
    }
    this.dead = true;
    const { current } = this;
    this.soon(() => {
      this.chain = this.chain.then(() => {
        if (current !== undefined && this.current === current) {
          this.current = undefined;
          current.done({ kind: "died", reason: "simulated" });
        }
      });
    });
  }

  private async play(running: Running): Promise<void> {
    const { steps, checkpointEvery, prunes } = this.objective;
    const { number, attempt } = running;
    const resumed = running.resumed === null ? { step: 0, by: 0 } : leftBy(running.resumed);
    for (const [name, distribution] of Object.entries(space)) {
      if (!(await this.ask(running, { kind: "suggest", name, distribution }))) {
        return;
      }
    }
    for (let step = resumed.step; step < steps; step++) {
      await this.pause();
      this.say(running, () => running.host.report({ step, value: reported(number, attempt, step) }));
      if (checkpointEvery > 0 && (step + 1) % checkpointEvery === 0) {
        const bytes = encodeCheckpoint({ step: step + 1, by: attempt });
        this.say(running, () => running.host.checkpoint(bytes));
      }
      if (prunes) {
        const verdict = await this.ask(running, { kind: "should-prune" });
        if (verdict === undefined || verdict.value === true) {
          this.end(running, { kind: "pruned" });
          return;
        }
      }
    }
    await this.pause();
    const threw = number % 7 === 5;
    this.end(
      running,
      threw ? { kind: "threw", message: "simulated" } : { kind: "value", result: reported(number, attempt, steps) },
    );
  }

  private end(running: Running, end: TrialEnd): void {
    this.say(running, () => {
      this.current = undefined;
      running.done(end);
    });
  }

  private say(running: Running, serve: () => void): void {
    if (this.dead) {
      return;
    }
    this.chain = this.chain
      .then(() => {
        if (this.current === running) {
          serve();
        }
      })
      .catch((error: Error) => {
        this.current = undefined;
        this.dead = true;
        running.done({ kind: "threw", message: error.message });
      });
  }

  /** @returns undefined when no answer comes any more */
  private async ask(running: Running, question: Question): Promise<{ readonly value: unknown } | undefined> {
    const answered = Promise.withResolvers<{ readonly value: unknown } | undefined>();
    await this.pause();
    if (this.dead) {
      return undefined;
    }
    this.chain = this.chain.then(async () => {
      if (this.current !== running) {
        return;
      }
      try {
        answered.resolve({ value: await running.host.answer(question) });
      } catch {
        answered.resolve(undefined);
        this.say(running, () => {
          this.current = undefined;
          running.done({ kind: "threw", message: "refused" });
        });
      }
    });
    return answered.promise;
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => this.soon(resolve, this.objective.pace));
  }

  private soon(action: () => void, most = 2): void {
    const { process } = this;
    process.timers.after(process.chance.next() * most, action);
  }
}
