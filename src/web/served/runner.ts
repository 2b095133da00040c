import { saidBy } from "../../core/errors.ts";
import type { RunEvent } from "../../core/record.ts";
import type { Dtype } from "../../core/tensor.ts";
import type { Text } from "../../core/text.ts";
import type { Backend } from "../../kernels/kernels.ts";
import type { Settings } from "../../runs/experiment.ts";
import type { RunStreamEvent, RunSummary, StartRequest, WatchRequest } from "../../server/api.ts";
import { infoOf, type RunInfo } from "../../store/runs/run-store.ts";
import type { PaceControl } from "../runs/worker-runner.ts";
import { type ServerClient, unreachable } from "./client.ts";
import { serverStream } from "./stream.ts";

/** What is to be run on the server. */
export interface ServerRunRequest {
  readonly experiment: { readonly id: string };
  readonly preset: string;
  readonly settings: Settings;
  readonly seed: number;
  readonly dtype: Dtype;
  readonly backend: Backend;
}

/** A run of the server, followed from here. It goes on there when nobody follows it. */
export interface ServerRun {
  readonly id: string;
  readonly info: RunInfo;
  /** The run as it was last heard of. */
  readonly summary: RunSummary;
  /** How many tasks it has; 0 until the server has planned them. */
  readonly tasks: number;
  /** Whether the server is heard at the moment. */
  readonly connected: boolean;
  /**
   * What it recorded and records, and its progress, until it ends; through lost connections, each event once. To be pulled
   * once; breaking off leaves the run going. @throws DataError when the run is deleted meanwhile
   */
  readonly events: AsyncGenerator<RunEvent, void, void>;
  readonly pace: PaceControl;
  /** Looks inside its networks from now on, or no longer. */
  watch(on: boolean): void;
  /** Ends it; what it recorded is kept. @throws DataError when the server does not execute it */
  stop(): Promise<void>;
  /** Why less may be seen than there is: the connection is lost, or the last command was refused. */
  readonly trouble: Text | null;
}

export interface ServerRunner {
  readonly kind: "server";
  /**
   * Starts a run. When `signal` aborts, the run is stopped and its events end with what it still said.
   * @throws DataError when the server refuses it or does not answer
   */
  start(
    request: ServerRunRequest,
    options: { readonly signal: AbortSignal; readonly watch?: boolean },
  ): Promise<ServerRun>;
  /**
   * Follows a run of the store, the command line's too, after the chunk `from` (`upTo` of a record that is here already).
   * When `signal` aborts, the events end; the run goes on.
   */
  follow(run: RunSummary, from: number, signal: AbortSignal): ServerRun;
}

/** Snapshots of a run: enough to scrub through. */
const snapshotsWanted = 50;
/** Milliseconds a stopped run has to say its last. */
const patience = 10_000;

/** Runs experiments on the kernels of the machine that serves the page. */
export function openServerRunner(client: ServerClient): ServerRunner {
  return {
    kind: "server",
    async start({ experiment, preset, settings, seed, dtype, backend }, { signal, watch = false }) {
      const request: StartRequest = {
        experiment: experiment.id,
        preset,
        settings: settings as StartRequest["settings"],
        seed,
        dtype,
        backend,
      };
      const summary = await client.ask<RunSummary>("POST", "runs", request);
      const run = new FollowedRun(client, summary, 0, signal, true);
      if (watch) {
        run.watch(true);
      }
      return run;
    },
    follow: (run, from, signal) => new FollowedRun(client, run, from, signal, false),
  };
}

class FollowedRun implements ServerRun {
  readonly id: string;
  readonly info: RunInfo;
  readonly events: AsyncGenerator<RunEvent, void, void>;
  readonly pace: PaceControl;
  summary: RunSummary;
  connected = true;
  private known = 0;
  private refused: Text | null = null;
  private readonly client: ServerClient;
  /** Commands reach the server in the order in which they are given. */
  private commands: Promise<unknown> = Promise.resolve();

  constructor(client: ServerClient, summary: RunSummary, from: number, signal: AbortSignal, owned: boolean) {
    this.client = client;
    this.id = summary.id;
    this.summary = summary;
    this.info = infoOf(summary);
    this.known = summary.live?.tasks ?? 0;
    this.events = this.follow(from, signal, owned);
    this.pace = {
      pause: () => this.command("pause"),
      resume: () => this.command("resume"),
      step: (iterations) => this.command("step", { iterations }),
      speed: (perSecond) => this.command("speed", { perSecond }),
    };
  }

  get tasks(): number {
    return this.known;
  }

  get trouble(): Text | null {
    return this.connected ? this.refused : unreachable().text;
  }

  watch(on: boolean): void {
    const iterations = Number(this.info.settings.iterations ?? snapshotsWanted);
    const every = Math.max(1, Math.ceil((Number.isFinite(iterations) ? iterations : 1) / snapshotsWanted));
    const wanted: WatchRequest = on ? { every, histograms: true, weights: true, mistakes: true } : null;
    this.command("watch", wanted);
  }

  async stop(): Promise<void> {
    await this.client.ask("POST", `runs/${this.id}/stop`);
  }

  private command(name: string, body?: unknown): void {
    this.commands = this.commands
      .then(() => this.client.ask("POST", `runs/${this.id}/${name}`, body))
      .then(
        () => {
          this.refused = null;
        },
        (error) => {
          // One that came after the run's end has nothing to say any more.
          this.refused = this.summary.status === "running" ? saidBy(error) : null;
        },
      );
  }

  private async *follow(from: number, signal: AbortSignal, owned: boolean): AsyncGenerator<RunEvent, void, void> {
    const over = new AbortController();
    let callOff = () => {};
    const onAbort = () => {
      if (!owned) {
        over.abort();
        return;
      }
      callOff = this.client.timers.after(patience, () => over.abort());
      this.stop().catch(() => {});
    };
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) {
      onAbort();
    }
    const stream = serverStream(this.client, `runs/${this.id}/events`, {
      signal: over.signal,
      lastId: String(from),
      onConnection: (connected) => {
        this.connected = connected;
      },
    });
    try {
      for await (const message of stream) {
        const { event, data } = message as unknown as RunStreamEvent;
        switch (event) {
          case "chunk":
          case "progress":
            yield* data;
            break;
          case "snapshots":
            yield* data.map(withTypedArrays) as RunEvent[];
            break;
          case "state":
          case "end":
            this.summary = data;
            this.known = Math.max(this.known, data.live?.tasks ?? 0);
            if (event === "end") {
              return;
            }
        }
      }
    } finally {
      callOff();
      signal.removeEventListener("abort", onAbort);
      over.abort();
    }
  }
}

const arrays = { Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array, Float64Array };

/** A value as the server had it: what it sent as `{ typed, base64 }` becomes a typed array again. */
export function withTypedArrays(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withTypedArrays);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const { typed, base64 } = value as { typed?: unknown; base64?: unknown };
  if (typeof typed === "string" && typeof base64 === "string" && Object.hasOwn(arrays, typed)) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) {
      bytes[i] = text.charCodeAt(i);
    }
    return new arrays[typed as keyof typeof arrays](bytes.buffer);
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withTypedArrays(part)]));
}
