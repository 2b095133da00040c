import { MessageChannel, Worker } from "node:worker_threads";
import { DataError, HyperError } from "../core/errors.ts";
import type { Intermediate } from "../core/trial.ts";
import type { ObjectiveRef } from "./trial-objective.ts";
import type { Answer, FromTrialThread, Question, ToTrialThread, TrialEnd, TrialThreadSetup } from "./trial-protocol.ts";

/** From source or built, the module beside this one. */
const threadModule = new URL(
  import.meta.url.endsWith(".ts") ? "./trial-worker.ts" : "./trial-worker.js",
  import.meta.url,
);

/** Who answers a trial's thread. Called one after the other, in the order in which the objective did things. */
export interface TrialHost {
  /** @throws whatever the objective is to get */
  answer(question: Question): Promise<Extract<Answer, { value: unknown }>["value"]>;
  report(entry: Intermediate): void;
  note(key: string, value: unknown): void;
  checkpoint(bytes: Uint8Array): void;
}

/** How an attempt in a thread ended; `died` when its thread did first. */
export type ThreadEnd = TrialEnd | { readonly kind: "died"; readonly reason: string };

/** One thread that runs trials of one objective, one at a time. It is dead after `terminate`, or when the objective ends it. */
export class TrialThread {
  private readonly worker: Worker;
  private readonly answers: MessageChannel["port1"];
  private readonly answered = new Int32Array(new SharedArrayBuffer(4));
  private readonly loaded = Promise.withResolvers<void>();
  private current: { host: TrialHost; done: (end: ThreadEnd) => void } | undefined;
  private chain: Promise<void> = Promise.resolve();
  private reason = "";
  private dead = false;

  constructor(objective: ObjectiveRef, folder: string) {
    const { port1, port2 } = new MessageChannel();
    this.answers = port1;
    const setup: TrialThreadSetup = { objective, folder, answers: port2, answered: this.answered };
    this.worker = new Worker(threadModule, { workerData: setup, transferList: [port2] });
    this.loaded.promise.catch(() => {});
    this.worker.on("message", (message: FromTrialThread) => this.hear(message));
    this.worker.on("error", (error) => {
      this.reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    });
    this.worker.on("exit", (code) => this.bury(code));
  }

  get alive(): boolean {
    return !this.dead;
  }

  /** Waits until the objective is loaded. @throws DataError or HyperError when it cannot be */
  ready(): Promise<void> {
    return this.loaded.promise;
  }

  /** Runs one attempt. Never rejects: a thread that dies ends it as `died`. */
  run(begin: Omit<Extract<ToTrialThread, { kind: "begin" }>, "kind">, host: TrialHost): Promise<ThreadEnd> {
    if (this.dead) {
      return Promise.resolve({ kind: "died", reason: this.reason });
    }
    return new Promise((done) => {
      this.current = { host, done };
      this.worker.postMessage({ kind: "begin", ...begin } satisfies ToTrialThread);
    });
  }

  /** Aborts the running trial's signal; an objective that does not look at it goes on. */
  abort(reason: string): void {
    this.worker.postMessage({ kind: "abort", reason } satisfies ToTrialThread);
  }

  async terminate(reason: string): Promise<void> {
    this.reason = reason;
    await this.worker.terminate();
  }

  private hear(message: FromTrialThread): void {
    if (message.kind === "ready") {
      this.loaded.resolve();
      return;
    }
    if (message.kind === "unusable") {
      const Kind = message.name === "HyperError" ? HyperError : DataError;
      this.loaded.reject(new Kind(message.message));
      return;
    }
    const { current } = this;
    if (current !== undefined) {
      this.chain = this.chain.then(() => this.serve(message, current));
    }
  }

  private async serve(
    message: Exclude<FromTrialThread, { kind: "ready" | "unusable" }>,
    { host, done }: NonNullable<TrialThread["current"]>,
  ): Promise<void> {
    switch (message.kind) {
      case "report":
        return host.report({ step: message.step, value: message.value });
      case "note":
        return host.note(message.key, message.value);
      case "checkpoint":
        return host.checkpoint(message.bytes);
      case "end":
        this.current = undefined;
        return done(message.end);
      default:
        this.reply(await this.answer(host, message));
    }
  }

  private async answer(host: TrialHost, question: Question): Promise<Answer> {
    try {
      return { value: await host.answer(question) };
    } catch (error) {
      const { name, message } = error as Error;
      return { error: { name, message } };
    }
  }

  private reply(answer: Answer): void {
    this.answers.postMessage(answer);
    Atomics.store(this.answered, 0, 1);
    Atomics.notify(this.answered, 0);
  }

  private bury(code: number): void {
    this.dead = true;
    this.answers.close();
    const reason = this.reason || `its thread ended with exit ${code}`;
    this.reason = reason;
    this.loaded.reject(new DataError(`objective: must load without ending its thread, got: ${reason}. Run it alone.`));
    const { current } = this;
    this.current = undefined;
    // What the objective said before its end is dealt with first.
    this.chain = this.chain.then(() => current?.done({ kind: "died", reason }));
  }
}
