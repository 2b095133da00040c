import { crc32 } from "../../../src/core/crc32.ts";
import { type Recorded, Recorder, type RunEvent } from "../../../src/core/record.ts";
import type { Dtype } from "../../../src/core/tensor.ts";
import { version } from "../../../src/core/version.ts";
import { experimentNamed } from "../../../src/experiments/registry.ts";
import type { Backend } from "../../../src/kernels/kernels.ts";
import type { Settings } from "../../../src/runs/experiment.ts";
import type { RunInfo } from "../../../src/store/runs/run-store.ts";
import { browserTrouble, capabilities } from "../../../src/web/capabilities.ts";
import { loadMnist, type PieceProgress } from "../../../src/web/data/mnist-pieces.ts";
import { type DataSource, openDataSource } from "../../../src/web/data/source.ts";
import { openWebRunner, type WebRunner } from "../../../src/web/runs/worker-runner.ts";
import { openBrowserShelf } from "../../../src/web/shelf/page-shelf.ts";
import { trainUntil } from "../../support/endless-training.ts";

/** What tests ask the page to do: `page.evaluate(() => tanren.…)`. */
const baseUrl = new URL("data/mnist/", document.baseURI).href;
const pauses = [20, 40];
const progress: PieceProgress[] = [];
let source: DataSource | null = null;

interface Wanted {
  readonly experiment: string;
  readonly settings?: Settings;
  readonly backend?: Backend;
  readonly dtype?: Dtype;
  readonly workers?: number;
}

function data(): DataSource {
  source ??= openDataSource({ baseUrl, pauses, onProgress: (one) => progress.push(one) });
  return source;
}

function open({
  backend = "wasm-simd",
  dtype = "float32",
  workers = 2,
}: Omit<Wanted, "experiment" | "settings">): WebRunner {
  return openWebRunner({ backend, dtype, workers, data: data() });
}

/** A run that goes on; tests look at it and hold it. */
class Going {
  readonly events: RunEvent[] = [];
  readonly runner: WebRunner;
  readonly done: Promise<void>;
  ended = false;
  private readonly controller = new AbortController();
  private readonly recorder = new Recorder();

  constructor(wanted: Wanted) {
    const experiment = experimentNamed(wanted.experiment);
    this.runner = open(wanted);
    this.done = this.go(experiment.plan(wanted.settings ?? {}, 0), experiment.id);
  }

  private async go(tasks: ReturnType<ReturnType<typeof experimentNamed>["plan"]>, id: string): Promise<void> {
    for await (const event of this.runner.run(id, tasks, this.controller.signal)) {
      this.events.push(event);
      this.recorder.add(event);
    }
    this.ended = true;
    await this.runner.close();
  }

  stop(): void {
    this.controller.abort();
  }

  recorded(): Recorded {
    return this.recorder.recorded();
  }

  /** Iterations that each task has told of. */
  iterations(): number[] {
    const done: number[] = [];
    for (const { task, event } of this.events) {
      if (event.kind === "progress") {
        done[task] = event.done;
      }
    }
    return done;
  }
}

export const tanren = {
  baseUrl,
  progress,
  data,
  loadMnist,
  crc32,
  capabilities,
  browserTrouble,
  openBrowserShelf,
  begin: (wanted: Wanted) => new Going(wanted),
  async run(wanted: Wanted): Promise<Recorded & { kernels: string }> {
    const going = new Going(wanted);
    await going.done;
    return { ...going.recorded(), kernels: going.runner.kernels };
  },
  info(experiment: string, startedAt: string): RunInfo {
    const engine = { kernels: "wasm-simd", dtype: "float32", workers: 1 } as const;
    return { tanren: version, experiment, preset: "book", seed: 0, settings: {}, engine, startedAt };
  },
  /** Training by the library alone in a Web Worker, told to stop by a message: the steps it had made. */
  stopInWorker(): Promise<number> {
    const worker = new Worker(new URL("stop-worker.ts", import.meta.url), { type: "module" });
    return new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }) => {
        if (data === "begun") {
          setTimeout(() => worker.postMessage("stop"), 100);
        } else {
          worker.terminate();
          resolve(data);
        }
      };
    });
  },
  /** Training in the page's own thread: the steps until a timer stopped it, and the frames drawn meanwhile. */
  async stopInPage(): Promise<{ steps: number; frames: number }> {
    const controller = new AbortController();
    let frames = 0;
    const draw = () => {
      frames++;
      requestAnimationFrame(draw);
    };
    requestAnimationFrame(draw);
    setTimeout(() => controller.abort(), 500);
    return { steps: await trainUntil(controller.signal), frames };
  },
  points(y: number[], from = 0): RunEvent[] {
    const x = y.map((_, i) => from + i);
    return [{ task: 0, event: { kind: "points", run: "SGD", tags: {}, metric: "loss", x, y } }];
  },
  /** Between two calls of a test. */
  kept: {} as Record<string, unknown>,
};

export type Tanren = typeof tanren;
Object.assign(globalThis, { tanren });
