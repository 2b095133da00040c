import { DataError, HyperError, saidBy, suggestName } from "../../core/errors.ts";
import { resolve } from "../../core/hyper.ts";
import type { RunNote } from "../../core/note.ts";
import type { RunEvent } from "../../core/record.ts";
import type { Told } from "../../core/text.ts";
import type { Timers } from "../../core/timers.ts";
import { version } from "../../core/version.ts";
import type { Dataset } from "../../data/dataset.ts";
import { checkRun } from "../../experiments/check-run.ts";
import { experimentNamed } from "../../experiments/registry.ts";
import type { Backend } from "../../kernels/kernels.ts";
import { RunControl } from "../../node/runs/control.ts";
import { openPooledRunner, type ThreadPool } from "../../node/runs/thread-pool.ts";
import { dataRead, type Experiment } from "../../runs/experiment.ts";
import { OtherDataError, recordRun, runInfo, shapeOf } from "../../runs/session.ts";
import type { RunnerOptions, TaskRunner } from "../../runs/task-runner.ts";
import {
  infoOf,
  type RunInfo,
  type RunStore,
  type RunWriter,
  type StoredRunSummary,
} from "../../store/runs/run-store.ts";
import type { LiveState, startRequest } from "../api.ts";
import { ApiError } from "../api-error.ts";
import { LeftRuns } from "./left-runs.ts";
import { StorePatience } from "./store-patience.ts";

export interface RunHubOptions {
  readonly store: RunStore;
  readonly pool: ThreadPool;
  /** In shared memory. @throws DataError */
  readonly loadDataset: (name: string) => Promise<Dataset>;
  readonly now: () => number;
  /** The process's own unless told. */
  readonly timers?: Pick<Timers, "after">;
  /** Told whenever a run's state or record changed. */
  readonly changed: () => void;
  /** One line for the person who started the server. */
  readonly log: (line: string) => void;
  /** How often in a row a run may end its process without recording anything new; 3 when absent. */
  readonly attempts?: number;
}

/** A run under way, from when it is asked for until its end is recorded. */
interface Active {
  readonly control: RunControl;
  readonly abort: AbortController;
  /** The last that each task said of its progress, and when, counted. */
  readonly progress: Map<number, { readonly event: RunEvent; readonly version: number }>;
  /** The last looks inside its networks, oldest first. */
  readonly snapshots: { readonly event: RunEvent; readonly version: number }[];
  version: number;
  tasks: number;
  /** Tasks that had ended before this process took the run over. */
  endedBefore: number;
  heard: boolean;
  whenOver: Promise<void>;
}

/** What is needed to execute a run, begun by this process or by one that died. */
interface Work {
  readonly experiment: Experiment;
  readonly info: RunInfo;
  readonly writer: RunWriter;
  readonly runner: RunnerOptions;
  readonly before?: { readonly events: readonly RunEvent[]; readonly seconds: StoredRunSummary["seconds"] };
}

/** At most so many runs wait or go at a time. */
const most = 100;
/** Snapshots of a run that are kept for those who watch: at most 150 kB each. */
const snapshotsKept = 16;
/** Milliseconds between two writes of a run: what is watched live should come often. */
const writeEvery = 150;

/** The runs that this server executes: they share the threads of one pool, and go on whether or not anybody watches. */
export class RunHub {
  private readonly options: RunHubOptions;
  private readonly active = new Map<string, Active>();
  private readonly datasets = new Map<string, Promise<Dataset>>();
  private readonly left: LeftRuns;
  /** Ends when the last run is over that may have ended its process: such runs go one at a time. */
  private suspects: Promise<void> = Promise.resolve();
  private readonly closing = new AbortController();
  private readonly patience: StorePatience;

  constructor(options: RunHubOptions) {
    this.options = options;
    this.patience = new StorePatience(this.closing.signal, options.timers);
    const { store, changed, log, attempts } = options;
    const goOn = (run: StoredRunSummary, writer: RunWriter) => this.resume(run, writer);
    this.left = new LeftRuns({ store, patience: this.patience, goOn, changed, log, attempts });
  }

  /**
   * Begins a run. Gives it as it is in the store; it trains when a thread is free.
   * @throws HyperError on a name or value that is not allowed @throws ApiError when too many go already
   */
  start(request: ReturnType<typeof startRequest>): StoredRunSummary {
    const { seed, preset, backend, dtype = backend === "reference" ? "float64" : "float32" } = request;
    const experiment = experimentNamed(request.experiment);
    if (!Object.hasOwn(experiment.presets, preset)) {
      const known = suggestName(preset, Object.keys(experiment.presets));
      throw new HyperError({
        en: `preset: ${experiment.id} must have a preset of that name, got "${preset}". ${known.en}`,
        ja: `preset: ${experiment.id} に "${preset}" というプリセットはありません。${known.ja}`,
      });
    }
    const settings = resolve(experiment.settings, { ...experiment.presets[preset], ...request.settings });
    checkRun(experiment, settings, dtype, process.availableMemory());
    if (this.active.size >= most) {
      throw new ApiError("busy", {
        en: `runs: at most ${most} may wait at a time, got one more. Stop some, or wait.`,
        ja: `一度に待たせられる実行は${most}個までです。いくつか停止するか、終わるのを待ってください。`,
      });
    }
    const runner = { backend, dtype, workers: request.workers ?? this.options.pool.threads };
    const engine = this.runnerOf(runner, new RunControl(), []);
    if (engine === null) {
      throw new HyperError({
        en: `backend: must be one that this machine has, got "${backend}". Use "auto".`,
        ja: `backend: "${backend}" はこの計算機では使えません。"auto" を指定してください。`,
      });
    }
    const { store, now } = this.options;
    const info: RunInfo = {
      ...runInfo({ experiment, preset, settings, seed }, engine, now()),
      origin: "server",
    };
    const writer = store.begin(info);
    this.begin(writer.id, { experiment, info, writer, runner });
    return store.summary(writer.id);
  }

  /** Takes over the runs of a server that died, and goes on with them. Gives their ids. */
  resumeAll(): Promise<string[]> {
    return this.left.takeOver();
  }

  /** What this server knows of a run it executes or is about to go on with; null when it does neither. */
  live(id: string): LiveState | null {
    const run = this.active.get(id);
    if (run === undefined) {
      return this.left.has(id) ? { state: "queued", tasks: 0, share: 0 } : null;
    }
    const { control, heard, tasks, endedBefore, progress } = run;
    const shares = [...progress.values()].map(({ event: { event } }) =>
      event.kind === "progress" ? event.done / Math.max(1, event.total) : 0,
    );
    const share = (endedBefore + shares.reduce((sum, one) => sum + one, 0)) / Math.max(1, tasks);
    const going = heard ? "running" : "queued";
    return {
      state: control.stopped ? "stopping" : control.held ? "paused" : going,
      tasks,
      share: Math.min(1, share),
    };
  }

  /** What tasks said of their progress after `version`, of each the last. None when this server does not execute the run. */
  progress(id: string, after: number): { readonly version: number; readonly events: readonly RunEvent[] } {
    const run = this.active.get(id);
    const news = [...(run?.progress.values() ?? [])].filter(({ version: at }) => at > after);
    return { version: run?.version ?? after, events: news.map(({ event }) => event) };
  }

  /** As {@link progress}: the last looks inside the run's networks. */
  snapshots(id: string, after: number): readonly RunEvent[] {
    const run = this.active.get(id);
    return (run?.snapshots ?? []).filter(({ version: at }) => at > after).map(({ event }) => event);
  }

  /** The controls of a run that goes on here. @throws ApiError when it does not */
  control(id: string): RunControl {
    const run = this.active.get(id);
    if (run === undefined || run.control.stopped) {
      const { status, origin } = this.options.store.summary(id);
      const state =
        status !== "running"
          ? { en: `one that is ${status}`, ja: `この実行の状態: ${status}` }
          : origin === "cli"
            ? { en: "a run of the command line", ja: "コマンドラインの実行です" }
            : { en: "another's", ja: "ほかの場所の実行です" };
      throw new ApiError("conflict", {
        en: `run: must be going on in this server to be steered, got ${state.en}.`,
        ja: `操作できるのは、このサーバーで進行中の実行だけです(${state.ja})。`,
      });
    }
    return run.control;
  }

  /** Ends a run; what it recorded is kept. @throws ApiError when it does not go on here */
  stop(id: string): void {
    this.control(id);
    this.active.get(id)?.abort.abort();
  }

  /** Leaves all runs as they are, to be gone on with by the next server. Resolves when all they said is recorded. */
  async close(): Promise<void> {
    this.closing.abort();
    const all = [...this.active.values()];
    for (const { abort } of all) {
      abort.abort();
    }
    await Promise.all(all.map(({ whenOver }) => whenOver));
  }

  /** Gives the reason when it cannot be gone on with. */
  private resume(run: StoredRunSummary, writer: RunWriter): Told | null {
    const { store } = this.options;
    if (run.tanren !== version) {
      return {
        en: `It was begun by Tanren ${run.tanren}, this is ${version}.`,
        ja: `実行を始めた Tanren は ${run.tanren}、現在は ${version} です。`,
      };
    }
    const { kernels, dtype, workers } = run.engine;
    const backend = (kernels.startsWith("native-") ? "native" : kernels) as Backend;
    const runner = { backend, dtype, workers };
    try {
      const experiment = experimentNamed(run.experiment);
      checkRun(experiment, run.settings, dtype, process.availableMemory());
      if (this.runnerOf(runner, new RunControl(), [])?.kernels !== kernels) {
        return {
          en: `It was begun on ${kernels}, which this machine does not have.`,
          ja: `実行を始めたカーネル ${kernels} は、このマシンにはありません。`,
        };
      }
      const events = store.chunks(run.id, 0, Number.MAX_SAFE_INTEGER).flatMap((chunk) => chunk.events);
      if (events.some(({ event }) => event.kind === "note" && event.note.kind === "damaged")) {
        return {
          en: "A part of what it recorded is damaged in the store, and going on would leave a gap.",
          ja: "ストアの記録の一部が壊れているため、再開すると途中が欠けてしまいます。",
        };
      }
      const info = { ...infoOf(run), experiment: experiment.id };
      this.begin(run.id, { experiment, info, writer, runner, before: { events, seconds: run.seconds } });
      return null;
    } catch (error) {
      return saidBy(error);
    }
  }

  private get leaving(): boolean {
    return this.closing.signal.aborted;
  }

  private runnerOf(options: RunnerOptions, control: RunControl, datasets: readonly Dataset[]): TaskRunner | null {
    try {
      return openPooledRunner(this.options.pool, options, datasets, control);
    } catch (error) {
      if (error instanceof DataError) {
        return null;
      }
      throw error;
    }
  }

  private begin(id: string, work: Work): void {
    const run: Active = {
      control: new RunControl(),
      abort: new AbortController(),
      progress: new Map(),
      snapshots: [],
      version: 0,
      tasks: 0,
      endedBefore: 0,
      heard: false,
      whenOver: Promise.resolve(),
    };
    run.abort.signal.addEventListener("abort", () => run.control.stop(), { once: true });
    this.active.set(id, run);
    const suspect = work.writer.attempts > 1;
    run.whenOver = (suspect ? this.suspects : Promise.resolve())
      .then(() => (this.leaving ? undefined : this.execute(run, work)))
      .finally(() => {
        this.active.delete(id);
        this.options.changed();
      });
    if (suspect) {
      this.suspects = run.whenOver;
    }
    this.options.changed();
  }

  private async execute(run: Active, work: Work): Promise<void> {
    const { pool, now, changed, log } = this.options;
    const { experiment, info, writer, before } = work;
    const began = now();
    try {
      await this.patience.whenFree(() => writer.attempt());
      const datasets = await Promise.all(experiment.datasets.map((name) => this.dataset(name)));
      const runner = openPooledRunner(pool, work.runner, datasets, run.control);
      const data = await runner.origins(dataRead(experiment, info.settings));
      const { settings, seed } = info;
      const tasks = await pool.plan(experiment.id, { settings, seed, data: shapeOf(data) }, run.control);
      run.tasks = tasks.length;
      run.endedBefore = new Set(
        before?.events.filter(({ event }) => event.kind === "ended").map(({ task }) => task),
      ).size;
      const recording = {
        ...writer,
        append: (events: readonly RunEvent[]) => {
          writer.append(events);
          changed();
        },
      };
      const { storeFailure, record } = await recordRun({
        info,
        tasks,
        data,
        runner,
        writer: () => recording,
        observer: () => ({ update: (event) => this.hear(run, event), finish() {} }),
        signal: run.abort.signal,
        now,
        writeEvery,
        before,
        timers: this.options.timers,
        leave: () => this.leaving,
        onStoreFailure: (error) => {
          log(`run ${writer.id} is not recorded any more: ${error.message}`);
          run.abort.abort();
        },
      });
      if (storeFailure !== null && !this.leaving) {
        // What was refused may be taken by and by; else the next server finds the run abandoned and goes on.
        await this.patience.insist(() => writer.finish("failed", record.seconds));
      }
    } catch (error) {
      if (!this.leaving) {
        await this.giveUp(run, work, error as Error, (now() - began) / 1000);
      }
    } finally {
      if (this.leaving) {
        this.leave(writer);
      }
    }
  }

  /** What the next server goes on with has not ended this one. */
  private leave(writer: RunWriter): void {
    try {
      writer.leave();
    } catch {
      // Its end was recorded just before, or the store is gone: nothing to take back.
    }
  }

  private async giveUp(run: Active, { info, writer, before }: Work, error: Error, elapsed: number): Promise<void> {
    // A run that began on other data has not failed: its own data may be back one day.
    const stopped = run.abort.signal.aborted || error instanceof OtherDataError;
    const note: RunNote = stopped
      ? {
          kind: "interrupted",
          run: info.experiment,
          tags: {},
          ...(error instanceof OtherDataError ? { message: error.message, text: saidBy(error) } : {}),
        }
      : { kind: "failed", run: info.experiment, tags: {}, message: error.message, text: saidBy(error) };
    const { total = 0, train = 0 } = before?.seconds ?? {};
    try {
      await this.patience.insist(() => writer.append([{ task: 0, event: { kind: "note", note } }]));
      const seconds = { total: total + elapsed, train: train + elapsed };
      await this.patience.insist(() => writer.finish(stopped ? "interrupted" : "failed", seconds));
    } catch (cause) {
      this.options.log(`the end of run ${writer.id} is not recorded: ${(cause as Error).message}`);
    }
  }

  private hear(run: Active, event: RunEvent): void {
    // The data are told before a thread is asked for.
    run.heard ||= event.event.kind !== "data";
    if (event.event.kind === "progress") {
      run.progress.set(event.task, { event, version: ++run.version });
    } else if (event.event.kind === "snapshot") {
      run.snapshots.push({ event, version: ++run.version });
      if (run.snapshots.length > snapshotsKept) {
        run.snapshots.shift();
      }
      this.options.changed();
    }
  }

  private dataset(name: string): Promise<Dataset> {
    let found = this.datasets.get(name);
    if (found === undefined) {
      found = this.options.loadDataset(name).catch((error: Error) => {
        // The sentence names folders of this machine, which are nobody's business on the page.
        this.options.log(error.message);
        throw new DataError({
          en: `data: ${name} must be there, got an error that the server's terminal shows. Run: tanren data verify ${name}`,
          ja: `データ ${name} を読めません。理由はサーバーの端末に出ています。tanren data verify ${name} で確かめてください。`,
        });
      });
      this.datasets.set(name, found);
      // Files may be there next time.
      found.catch(() => this.datasets.delete(name));
    }
    return found;
  }
}
