import { DataError } from "../../core/errors.ts";
import { largestOf } from "../../core/long-lists.ts";
import type { RunEvent } from "../../core/record.ts";
import type { Text } from "../../core/text.ts";
import { version } from "../../core/version.ts";
import type { RowsNeeded } from "../../data/dataset.ts";
import { dataRead } from "../../runs/experiment.ts";
import { browserTrouble, capabilities } from "../../web/capabilities.ts";
import { type DataSource, openDataSource } from "../../web/data/source.ts";
import { openWebRunner, type WebRunner } from "../../web/runs/worker-runner.ts";
import type { RunShelf, ShelfWriter } from "../../web/shelf/shelf.ts";
import type { Engine, RunHandle, RunRequest, StartOptions } from "./engine.ts";
import { keep, kept } from "./keep.ts";

/** Snapshots of a run: enough to scrub through, few enough not to slow training much. */
const snapshotsWanted = 50;

/** The rows that a run begins with; null where it reads no data set. */
function rowsRead({ experiment, settings }: Pick<RunRequest, "experiment" | "settings">): RowsNeeded | null {
  const train = Number(settings.trainRows ?? 1);
  return train > 0 && dataRead(experiment, settings).length > 0 ? { train, test: 1000 } : null;
}

const loadedName = "tanren.loaded";

/** How many training rows this browser has once loaded, and so has in its cache, if it did not forget them. */
const rowsLoaded = () => Number(kept(loadedName) ?? 0) || 0;

function markLoaded(rows: number): void {
  keep(loadedName, String(Math.max(rows, rowsLoaded())));
}

/** Workers started before a run's tasks are known: most have several networks. Further ones start with them. */
const usual = 2;

/** Loaded apart from the page: it plans a whole network. Null where it cannot be had: the worker refuses the same. */
const loadCheck = () => import("../../experiments/check-run.ts").catch(() => null);

const unkept: ShelfWriter = { id: "live", append() {}, finish: () => Promise.resolve() };

/** Runs experiments in Web Workers of this page and keeps them on the shelf of the browser. */
export function pageEngine(shelf: RunShelf): Engine {
  let loading: StartOptions["onLoading"] = () => {};
  let data: DataSource | null = null;
  const runners = new Map<string, WebRunner>();
  const busy = new Set<WebRunner>();

  const dataSource = () => {
    data ??= openDataSource({
      baseUrl: new URL("data/mnist/", document.baseURI).href,
      onProgress: ({ bytes, total }) => loading({ bytes, total }),
    });
    return data;
  };

  /** A runner whose workers stay for the next run; a run beside another gets one of its own. */
  const runnerFor = ({ backend, dtype }: Pick<RunRequest, "backend" | "dtype">): WebRunner => {
    const key = `${backend} ${dtype}`;
    const known = runners.get(key);
    if (known !== undefined && !busy.has(known)) {
      return known;
    }
    const runner = openWebRunner({ backend, dtype, workers: capabilities().cores, data: dataSource() });
    if (known === undefined) {
      runners.set(key, runner);
    }
    return runner;
  };

  return {
    kind: "page",
    ready(request) {
      if (busy.size > 0 || browserTrouble(capabilities())?.trains === false) {
        return;
      }
      void loadCheck();
      loading = () => {};
      const rows = rowsRead(request);
      // What the browser has in its cache: nothing large is fetched for who only reads.
      const cached = rows !== null && rows.train <= rowsLoaded();
      try {
        runnerFor(request).warm(usual, cached ? rows : undefined);
      } catch {
        // A backend that this browser lacks: told to the run that asks for it.
      }
    },
    async start(request, { signal, onLoading, watch, kept: toKeep = true }): Promise<RunHandle> {
      const { experiment, preset, settings, seed, attach } = request;
      const trouble = browserTrouble(capabilities());
      if (trouble !== null && !trouble.trains) {
        throw new DataError(trouble.text);
      }
      const runner = runnerFor(request);
      busy.add(runner);
      runner.warm(usual);
      const release = () => {
        busy.delete(runner);
        if (![...runners.values()].includes(runner)) {
          void runner.close();
        }
      };
      try {
        const check = await loadCheck();
        check?.checkRun(experiment, settings, request.dtype, Number.POSITIVE_INFINITY);
        loading = onLoading;
        const rows = rowsRead(request);
        if (rows !== null) {
          // While the run is planned. What fails is told to the task that asks for it.
          dataSource()
            .preload(rows)
            .then(
              () => markLoaded(rows.train),
              () => {},
            );
        }
        const planned = await runner.plan({ experiment: experiment.id, settings, seed });
        const tasks = attach === undefined ? planned : planned.map((task) => ({ ...task, ...attach }));
        signal.throwIfAborted();
        const { kernels, dtype, workers } = runner;
        const startedAt = new Date().toISOString();
        const engine = { kernels, dtype, workers: Math.min(workers, tasks.length) };
        const info = { tanren: version, experiment: experiment.id, preset, seed, settings, engine, startedAt };
        const writer = toKeep ? await shelf.begin(info) : unkept;
        // The run before it may have been held or slowed.
        runner.pace.resume();
        runner.pace.speed(null);
        const look = (on: boolean) => runner.setWatch(on ? { ...watched, every: everyOf(tasks) } : null);
        look(watch);
        return {
          id: writer.id,
          info,
          tasks: tasks.length,
          pace: runner.pace,
          watch: look,
          get trouble(): Text | null {
            return shelf.warning;
          },
          events: recorded(runner.run(experiment.id, tasks, signal), writer, signal, release),
        };
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}

const watched = { histograms: true, weights: true, mistakes: true } as const;

function everyOf(tasks: readonly { readonly [input: string]: unknown }[]): number {
  const iterations = largestOf(
    tasks.map((task) => Number(task.iterations ?? 1)),
    1,
  );
  return Math.max(1, Math.ceil(iterations / snapshotsWanted));
}

/** Passes events on and records them; whoever stops pulling, the record's end is written. */
async function* recorded(
  events: AsyncIterable<RunEvent>,
  writer: Awaited<ReturnType<RunShelf["begin"]>>,
  signal: AbortSignal,
  release: () => void,
): AsyncGenerator<RunEvent, void, void> {
  const began = performance.now();
  let failed = false;
  let ended = false;
  try {
    for await (const event of events) {
      writer.append([event]);
      failed ||= event.event.kind === "note" && event.event.note.kind === "failed";
      yield event;
    }
    ended = true;
  } finally {
    release();
    const seconds = (performance.now() - began) / 1000;
    const status = signal.aborted || !ended ? "interrupted" : failed ? "failed" : "done";
    await writer.finish(status, { total: seconds, train: seconds });
  }
}
