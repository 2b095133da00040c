import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import type { RandomStream } from "../../src/core/random.ts";
import { startProcess, type Working } from "./study-harness.ts";
import type { ProcessTask } from "./study-process.ts";

/** Processes that work on one study; one that dies is started again, as systemd or Kubernetes would. */
export class Processes {
  private readonly task: Omit<ProcessTask, "role">;
  private readonly env: NodeJS.ProcessEnv;
  private readonly slots = new Map<string, Working>();
  private closing = false;
  /** What those that did not end well had said. */
  readonly deaths: string[] = [];

  constructor(task: Omit<ProcessTask, "role">, env: NodeJS.ProcessEnv = {}) {
    this.task = task;
    this.env = env;
  }

  /** @param name of the place that the process takes */
  keep(name: string, role: ProcessTask["role"]): void {
    const working = startProcess({ role, ...this.task }, this.env);
    this.slots.set(name, working);
    void working.ended.then((code) => {
      if (!this.closing && code !== 0) {
        this.deaths.push(`${name} ended with ${code}:\n${working.output().slice(-1500)}`);
        this.keep(name, role);
      }
    });
  }

  get names(): string[] {
    return [...this.slots.keys()];
  }

  get(name: string): Working {
    return this.slots.get(name)!;
  }

  signal(name: string, signal: NodeJS.Signals): void {
    this.get(name).child.kill(signal);
  }

  /** Kills one with -9 and waits until another works in its place. */
  async replace(name: string): Promise<void> {
    const killed = this.get(name);
    killed.child.kill("SIGKILL");
    await killed.ended;
    await wait(0);
    await this.get(name).ready;
  }

  /**
   * Kills one after the other with -9, whichever and whenever `random` says, until the work is nearly done. Tells how many.
   * @param nearlyDone asked before each
   */
  async killAtRandom(random: RandomStream, nearlyDone: () => Promise<boolean>): Promise<number> {
    let kills = 0;
    for (let done = false; !done; kills++) {
      await wait(200 + 600 * random.double());
      // Each kill costs a start: enough of them, then the work shall end.
      done = (await nearlyDone()) || kills >= 25;
      const victim = this.names[Math.floor(random.double() * this.names.length)];
      await Promise.race([this.get(victim).ready, wait(3000)]);
      await wait(300 * random.double());
      this.signal(victim, "SIGKILL");
    }
    return kills;
  }

  /** Waits until all have ended by themselves, with exit 0. */
  async ended(patienceMs: number): Promise<void> {
    const end = Date.now() + patienceMs;
    for (const name of this.names) {
      for (let code: number | string | undefined; code !== 0; ) {
        code = await Promise.race([this.get(name).ended, wait(Math.max(0, end - Date.now()), undefined)]);
        expect(code, `${name} must end by itself:\n${this.get(name).output().slice(-2000)}`).toBeDefined();
        if (code !== 0) {
          // It is started again in the next moment.
          await wait(20);
        }
      }
    }
  }

  /** Ends whatever still runs. */
  async close(): Promise<void> {
    this.closing = true;
    for (const name of this.names) {
      const { child, ended } = this.get(name);
      child.kill("SIGCONT");
      child.kill("SIGKILL");
      await ended;
    }
  }
}
