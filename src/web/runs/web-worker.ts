import { DataError, saidBy } from "../../core/errors.ts";
import type { Watch } from "../../core/snapshot.ts";
import type { Dtype } from "../../core/tensor.ts";
import type { Told } from "../../core/text.ts";
import type { KernelName } from "../../kernels/kernels.ts";
import type { Task } from "../../runs/experiment.ts";
import type { PaceState } from "../../runs/pace.ts";
import type { PlanAsked } from "../../runs/protocol.ts";
import type { TaskEnd, TaskWorker, Work } from "../../runs/task-pool.ts";
import type { DataSource } from "../data/source.ts";
import type { FromWorker, ToWorker } from "./worker-protocol.ts";

export interface WebWorkerOptions {
  readonly kernels: KernelName;
  readonly dtype: Dtype;
  readonly data: DataSource;
  readonly pace: PaceState;
  readonly watch: Watch | null;
  readonly onGone: () => void;
}

/** Milliseconds that a task may take to notice that it is cancelled, before its worker is ended. */
const patience = 400;

/** Work under way: its tasks that have not ended, and what ends the rest of them. */
interface Current {
  readonly work: Work;
  readonly going: Set<number>;
  readonly end: (how: (task: Task) => TaskEnd) => void;
}

/** One Web Worker, from the page's side. */
export class WebWorker implements TaskWorker {
  private readonly worker: Worker;
  private readonly data: DataSource;
  private readonly onGone: () => void;
  private readonly waiting = new AbortController();
  private current: Current | null = null;
  private planning: PromiseWithResolvers<Task[]> | null = null;
  private portLost = false;
  gone = false;

  constructor({ kernels, dtype, data, pace, watch, onGone }: WebWorkerOptions) {
    const lock = `tanren-worker-${crypto.getRandomValues(new Uint32Array(4)).join("-")}`;
    this.onGone = onGone;
    this.worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "tanren" });
    this.worker.onmessage = ({ data: message }: MessageEvent<FromWorker>) => this.take(message, lock);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.die(event.message);
    };
    this.data = data;
    const port = this.port();
    this.say({ kind: "setup", kernels, dtype, pace, watch, lock, data: port }, [port]);
  }

  say(message: ToWorker, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }

  /**
   * The tasks of a run, as `Experiment.plan` gives them, away from the page: moving through the random stream of a hundred
   * trials takes most of a second.
   * @throws DataError
   */
  plan(asked: PlanAsked): Promise<Task[]> {
    if (this.gone) {
      return Promise.reject(noPlan(""));
    }
    this.planning = Promise.withResolvers();
    this.say({ kind: "plan", ...asked });
    return this.planning.promise;
  }

  perform(work: Work, signal: AbortSignal): Promise<void> {
    const { experiment, tasks, limit } = work;
    return new Promise((resolve) => {
      const onAbort = () => this.stop();
      const silence = limit.listen((now) => this.say({ kind: "limit", limit: now }));
      const going = new Set(tasks.keys());
      const end: Current["end"] = (how) => {
        this.current = null;
        signal.removeEventListener("abort", onAbort);
        silence();
        for (const task of going) {
          work.ended(task, how(tasks[task]));
        }
        resolve();
      };
      this.current = { work, going, end };
      signal.addEventListener("abort", onAbort);
      if (this.gone) {
        end((task) => lost(task, ""));
        return;
      }
      try {
        if (this.portLost) {
          const port = this.port();
          this.say({ kind: "data", port }, [port]);
        }
        this.say({ kind: "start", experiment, tasks, limit: limit.now });
      } catch (error) {
        // A task that holds what cannot be sent.
        end(() => ({ kind: "failed", text: saidBy(error) }));
      }
    });
  }

  /** Cancels the running tasks; the worker is ended when it does not notice. */
  private stop(): void {
    const { current } = this;
    this.say({ kind: "stop" });
    setTimeout(() => {
      if (current !== null && this.current === current) {
        this.terminate();
      }
    }, patience);
  }

  /** Ends the worker at once; its tasks count as cancelled. */
  terminate(): void {
    const { current } = this;
    this.bury();
    current?.end(() => ({ kind: "cancelled" }));
  }

  private take(message: FromWorker, lock: string): void {
    switch (message.kind) {
      case "locked":
        // Granted as soon as the worker is gone, however that came about.
        navigator.locks.request(lock, { signal: this.waiting.signal }, () => this.die("")).catch(() => {});
        break;
      case "planned":
        this.planning?.resolve(message.tasks);
        break;
      case "unplanned":
        this.planning?.reject(new DataError(message.text));
        break;
      case "events":
        for (const { task, event } of message.events) {
          this.current?.work.tell(task, event);
        }
        break;
      case "ended":
        this.ended(message.task, { kind: "done" });
        break;
      case "failed":
        this.ended(message.task, { kind: "failed", text: message.text, stack: message.stack });
        break;
      case "done":
        this.current?.end(() => ({ kind: "done" }));
    }
  }

  private ended(task: number, how: TaskEnd): void {
    const { current } = this;
    if (current?.going.delete(task)) {
      current.work.ended(task, how);
    }
  }

  private die(reason: string): void {
    const { current } = this;
    if (!this.gone) {
      this.bury(reason);
      current?.end((task) => lost(task, reason));
    }
  }

  private bury(reason = ""): void {
    this.gone = true;
    this.planning?.reject(noPlan(reason));
    this.waiting.abort();
    this.worker.terminate();
    this.onGone();
  }

  /** To the data worker; when that is lost, another is asked for with the next task. */
  private port(): MessagePort {
    this.portLost = false;
    return this.data.port(() => {
      if (!this.gone) {
        this.portLost = true;
        this.say({ kind: "data", port: null });
      }
    });
  }
}

/** @param what the worker was needed for */
function died(what: Told, reason: string): Told {
  const because = reason === "" ? "" : ` (${reason})`;
  return {
    en: `worker: the Web Worker ${what.en}, but it could not start or died${because}. Check the network and run it again.`,
    ja: `${what.ja} Web Worker を起動できなかったか、途中で異常終了しました${because}。ネットワークを確認して、もう一度実行してください。`,
  };
}

const noPlan = (reason: string): DataError =>
  new DataError(died({ en: "that plans the run must live", ja: "実行を計画する" }, reason));

const lost = ({ run }: Task, reason: string): TaskEnd => ({
  kind: "failed",
  text: died({ en: `of ${run} must live until its task ends`, ja: `${run} の` }, reason),
});
