import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { DataError, HyperError, saidBy } from "../../../core/errors.ts";
import { reasonOf } from "../../../core/foreign-value.ts";
import type { Told } from "../../../core/text.ts";
import type { Intermediate } from "../../../core/trial.ts";
import { type Declared, nameOf, type ObjectiveRef } from "../objective/objective.ts";
import type { Answer, FromTrialThread, Question, ToTrialThread, TrialEnd, TrialThreadSetup } from "./protocol.ts";

/** From source or built, the module beside this one. */
const threadModule = new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);

/** Who answers a trial's thread. Called one after the other, in the order in which the objective did things. */
export interface TrialHost {
  /** @throws whatever the objective is to get */
  answer(question: Question): Promise<Extract<Answer, { value: unknown }>["value"]>;
  report(entry: Intermediate): void;
  note(key: string, value: unknown): void;
  checkpoint(bytes: Uint8Array): void;
}

export interface TrialThreadOptions {
  /** Where relative paths start. */
  readonly folder: string;
  /** Where what the objective prints goes; its errors always go to stderr. */
  readonly prints?: "stdout" | "stderr";
}

/** How an attempt in a thread ended; `died` when its thread did first. */
export type ThreadEnd = TrialEnd | { readonly kind: "died"; readonly reason: string };

/** One thread that runs trials of one objective, one at a time. It is dead after `terminate`, or when the objective ends it. */
export class TrialThread {
  private readonly worker: Worker;
  private readonly objective: ObjectiveRef;
  private readonly talk: MessagePort;
  private readonly answers: MessagePort;
  private readonly answered = new Int32Array(new SharedArrayBuffer(4));
  private readonly loaded = Promise.withResolvers<Declared>();
  private current: { host: TrialHost; done: (end: ThreadEnd) => void } | undefined;
  private chain: Promise<void> = Promise.resolve();
  private reason = "";
  private dead = false;

  constructor(objective: ObjectiveRef, { folder, prints = "stdout" }: TrialThreadOptions) {
    const talk = new MessageChannel();
    const answers = new MessageChannel();
    this.objective = objective;
    this.talk = talk.port1;
    this.answers = answers.port1;
    const ports = { talk: talk.port2, answers: answers.port2 };
    const setup: TrialThreadSetup = { objective, folder, ...ports, answered: this.answered };
    this.worker = new Worker(threadModule, { workerData: setup, transferList: Object.values(ports), stdout: true });
    this.worker.stdout.on("data", (chunk: Buffer) => process[prints].write(chunk));
    this.loaded.promise.catch(() => {});
    this.talk.on("message", (message: FromTrialThread) => this.hear(message));
    this.worker.on("error", (error) => {
      this.reason = reasonOf(error);
    });
    this.worker.on("exit", (code) => this.bury(code));
  }

  get alive(): boolean {
    return !this.dead;
  }

  /** Waits until the objective is loaded. @throws DataError or HyperError when it cannot be */
  ready(): Promise<Declared> {
    return this.loaded.promise;
  }

  /** Runs one attempt. Never rejects: a thread that dies ends it as `died`. */
  run(begin: Omit<Extract<ToTrialThread, { kind: "begin" }>, "kind">, host: TrialHost): Promise<ThreadEnd> {
    if (this.dead) {
      return Promise.resolve({ kind: "died", reason: this.reason });
    }
    return new Promise((done) => {
      this.current = { host, done };
      this.talk.postMessage({ kind: "begin", ...begin } satisfies ToTrialThread);
    });
  }

  /** Aborts the running trial's signal; an objective that does not look at it goes on. */
  abort(reason: string): void {
    this.talk.postMessage({ kind: "abort", reason } satisfies ToTrialThread);
  }

  async terminate(reason: string): Promise<void> {
    this.reason = reason;
    await this.worker.terminate();
  }

  private hear(message: FromTrialThread): void {
    if (message.kind === "ready") {
      this.loaded.resolve(message.declared);
      return;
    }
    if (message.kind === "unusable") {
      const Kind = message.name === "HyperError" ? HyperError : DataError;
      this.loaded.reject(new Kind(message.text));
      return;
    }
    const { current } = this;
    if (current !== undefined) {
      this.chain = this.chain
        .then(() => this.serve(message, current))
        .catch((error: unknown) => this.give(current, error));
    }
  }

  private async serve(
    message: Exclude<FromTrialThread, { kind: "ready" | "unusable" }>,
    { host, done }: NonNullable<TrialThread["current"]>,
  ): Promise<void> {
    if (this.current?.done !== done) {
      // What came before has ended this attempt.
      return;
    }
    switch (message.kind) {
      case "reports":
        return message.entries.forEach((entry) => {
          host.report(entry);
        });
      case "note":
        return host.note(message.key, message.value);
      case "checkpoint":
        return host.checkpoint(message.bytes);
      case "end":
        this.current = undefined;
        if (message.spent) {
          await this.terminate("an error in its thread was not caught");
        }
        return done(message.end);
      default:
        this.reply(await this.answer(host, message));
    }
  }

  /** Ends an attempt that did something nobody can take; what it does from now on counts for nothing. */
  private async give({ done }: NonNullable<TrialThread["current"]>, error: unknown): Promise<void> {
    this.current = undefined;
    await this.terminate("what its objective did could not be taken");
    done({ kind: "threw", message: reasonOf(error) });
  }

  private async answer(host: TrialHost, question: Question): Promise<Answer> {
    try {
      return { value: await host.answer(question) };
    } catch (error) {
      return {
        error: {
          name: error instanceof Error ? error.name : "Error",
          text: saidBy(error instanceof Error ? error : reasonOf(error)),
        },
      };
    }
  }

  private reply(answer: Answer): void {
    this.answers.postMessage(answer);
    Atomics.store(this.answered, 0, 1);
    Atomics.notify(this.answered, 0);
  }

  private bury(code: number): void {
    this.dead = true;
    // What the objective said before its end is dealt with first.
    for (let last = receiveMessageOnPort(this.talk); last !== undefined; last = receiveMessageOnPort(this.talk)) {
      this.hear(last.message);
    }
    this.talk.close();
    this.answers.close();
    const reason = this.reason || `its thread ended with exit ${code}`;
    this.reason = reason;
    this.loaded.reject(new DataError(endsItself(nameOf(this.objective), reason)));
    const { current } = this;
    this.chain = this.chain.then(() => {
      if (current !== undefined && this.current === current) {
        this.current = undefined;
        current.done({ kind: "died", reason });
      }
    });
  }
}

function endsItself(name: string, reason: string): Told {
  return {
    en: `${name}: must load without ending its thread, got: ${reason}. Run it alone to see where.`,
    ja: `${name}: 読み込みの途中でスレッドが終わりました(${reason})。単独で実行すると、どこで起きたか分かります。`,
  };
}
