import { tmpdir } from "node:os";
import { DataError } from "../../src/core/errors.ts";
import type { RunEvent } from "../../src/core/record.ts";
import { rest } from "../../src/core/timers.ts";
import type { ThreadPool } from "../../src/node/runs/thread-pool.ts";
import { runsIn } from "../../src/node/store/sqlite-runs.ts";
import type { RunSummary } from "../../src/server/api.ts";
import { studioApp } from "../../src/server/app.ts";
import { RunHub } from "../../src/server/runs/hub.ts";
import { StoreWatch } from "../../src/server/streams/store-watch.ts";
import { decodeChunk } from "../../src/store/runs/chunk.ts";
import { openServerClient, RefusedError, type ServerClient } from "../../src/web/served/client.ts";
import { openServerRunner, type ServerRun } from "../../src/web/served/runner.ts";
import { serverStream } from "../../src/web/served/stream.ts";
import type { HubFault, HubPlan } from "./hub-plan.ts";
import { Network } from "./network.ts";
import type { Played, PlayOptions } from "./schedule.ts";
import { FileHandle, type SharedFile } from "./shared-file.ts";
import { simPool, taskEvents } from "./sim-pool.ts";
import { strikeStore } from "./store-faults.ts";
import { SimProcess, World } from "./world.ts";

const host = "simulated:1";
/** Milliseconds after the last fault within which every run must be over and every page must know it. */
const patience = 120_000;

interface Server {
  readonly process: SimProcess;
  readonly handle: FileHandle;
  readonly closing: AbortController;
  readonly hub: RunHub;
  readonly watch: StoreWatch;
}

/** A page: it begins a run or follows one, and watches what the store holds. */
interface Page {
  readonly process: SimProcess;
  readonly client: ServerClient;
  run: ServerRun | null;
  /** What it heard of the run that is recorded, in its order. */
  readonly heard: RunEvent[];
  over: boolean;
  /** What it believes of every run. */
  readonly shelf: Map<string, string>;
}

/** Plays one schedule of a server, its runs and its pages on an empty file. */
export async function playHub(
  file: SharedFile,
  plan: HubPlan,
  { trace, steps = Number.POSITIVE_INFINITY }: PlayOptions = {},
): Promise<Played> {
  file.empty();
  const world = new World({ seed: plan.seed, trace });
  await new HubPlay(file, plan, world).play(steps);
  return { violation: world.violation?.message ?? null, turns: world.turns, print: world.print };
}

class HubPlay {
  private readonly file: SharedFile;
  private readonly plan: HubPlan;
  private readonly world: World;
  private readonly network: Network;
  private readonly pages: Page[] = [];
  private readonly servers: Server[] = [];
  /** The run that pages follow which begin none. */
  private first: RunSummary | undefined;
  private stopped = false;

  constructor(file: SharedFile, plan: HubPlan, world: World) {
    this.file = file;
    this.plan = plan;
    this.world = world;
    this.network = new Network(world);
    file.onCommit = () => this.check();
  }

  async play(steps: number): Promise<void> {
    const { world, plan } = this;
    world.at(0, null, "start", () => this.serve());
    for (const [who, { at, begins }] of plan.pages.entries()) {
      world.at(at, null, "open", () => this.load(who, begins));
    }
    for (const fault of plan.faults) {
      world.at(fault.at, null, fault.kind, () => this.strike(fault));
    }
    const quiet = Math.max(0, ...plan.pages.map(({ at }) => at), ...plan.faults.map(endOf)) + 1;
    const end = quiet + patience;
    for (let at = quiet; at < end; at += 5000) {
      // A command may have been lost; whoever sees that a run is held presses again.
      world.at(at, null, "look", () => this.resume());
    }
    while (
      world.turns < steps &&
      world.violation === undefined &&
      !(world.now > quiet && this.amiss === null) &&
      (await world.turn(end))
    ) {
      // The next one.
    }
    if (world.turns < steps && world.violation === undefined && this.amiss !== null) {
      world.violate(this.amiss);
    }
    for (const { process } of [...this.servers, ...this.pages]) {
      process.kill();
    }
    for (const { closing } of this.servers) {
      // What listens for it is kept in memory until it comes.
      closing.abort();
    }
    this.file.onCommit = () => {};
  }

  /** A server in the place of the one that is gone: it goes on with its runs. */
  private serve(): void {
    const { world, file, network, plan } = this;
    if (network.server?.process.alive) {
      return;
    }
    const pid = this.servers.length + 1;
    const process = new SimProcess(world, `server ${pid}`);
    const handle = new FileHandle(file, process);
    const closing = new AbortController();
    const { timers } = process;
    const store = runsIn(handle as never, {
      path: "simulated",
      now: () => process.clock(),
      random: () => process.chance.next(),
      file: handle,
      owner: { pid, host: "simulated", birth: "" },
      alive: (owner) => this.servers[owner.pid - 1]?.process.alive ?? false,
    });
    const log = (line: string) => world.trace(() => `${process.name}: ${line}`);
    const watch = new StoreWatch(store, timers);
    const hub = new RunHub({
      ...{ store, timers, log },
      pool: simPool(process, plan) as unknown as ThreadPool,
      loadDataset: () => Promise.reject(new Error("simulated: no data")),
      now: () => process.clock(),
      changed: () => watch.poke(),
      attempts: 1000,
    });
    const app = studioApp({
      ...{ store, hub, watch, timers, log },
      recordings: {} as never,
      ...{ studies: null, studyHub: null, pages: tmpdir() },
      info: {} as never,
      hosts: () => new Set([host]),
      ...{ behind: [], token: null, port: () => 1 },
      closing: closing.signal,
    });
    // However it ends, somebody starts another.
    process.onDeath.push(() => world.at(world.now + 2000, null, "start", () => this.serve()));
    this.servers.push({ process, handle, closing, hub, watch });
    network.server = { process, answer: (request) => app.fetch(request) };
    hub.resumeAll().then(
      (ids) => world.trace(() => `${process.name} goes on with [${ids}]`),
      (error: Error) => {
        if (process.alive) {
          // As the command does: it ends, and is started again.
          world.trace(() => `${process.name} ends: ${error.message}`);
          process.kill();
        }
      },
    );
  }

  /** @param had the run that the page showed before it was closed */
  private load(who: number, begins: boolean, had?: RunSummary): void {
    const { world, network } = this;
    const process = new SimProcess(world, `page ${who}.${this.pages.length}`);
    const client = openServerClient(`http://${host}/api/`, network.fetchOf(process), process.timers);
    const page: Page = { process, client, run: null, heard: [], over: false, shelf: new Map() };
    this.pages[who] = page;
    void this.watch(page);
    this.follow(page, begins, had ?? this.first).catch((error: Error) => {
      if (process.alive) {
        world.violate(`${process.name} was told: ${error instanceof DataError ? error.message : error.stack}`);
      }
    });
  }

  /** Begins a run, or follows one that there is, and hears it to its end. */
  private async follow(page: Page, begins: boolean, shown: RunSummary | undefined): Promise<void> {
    const { process, client } = page;
    const runner = openServerRunner(client);
    const { signal } = new AbortController();
    const request = { experiment: { id: "optimizer-paths" }, preset: "book", settings: {}, seed: 0 } as const;
    while (page.run === null) {
      try {
        if (shown === undefined || begins) {
          page.run = await runner.start({ ...request, dtype: "float64", backend: "reference" }, { signal });
        } else {
          page.run = runner.follow(shown, 0, signal);
        }
      } catch (error) {
        if (error instanceof RefusedError && !this.troubled) {
          throw error;
        }
        await rest(process.timers, 500);
      }
    }
    this.first ??= page.run.summary;
    this.world.trace(() => `${process.name} hears run ${page.run?.id}`);
    for await (const event of page.run.events) {
      if (event.event.kind !== "progress" && event.event.kind !== "snapshot") {
        page.heard.push(event);
      }
    }
    page.over = true;
    this.world.trace(() => `${process.name} has heard run ${page.run?.id} to its end: ${page.heard.length} events`);
  }

  /** Keeps its list of runs as the store's stream tells. */
  private async watch({ client, shelf, process }: Page): Promise<void> {
    for (;;) {
      try {
        for await (const { event, data } of serverStream(client, "events", { signal: new AbortController().signal })) {
          if (event === "run") {
            const { id, status } = data as RunSummary;
            shelf.set(id, status);
          }
        }
      } catch {
        await rest(process.timers, 500);
      }
    }
  }

  private resume(): void {
    for (const { run, over } of this.pages) {
      if (!over && run?.summary.live?.state === "paused") {
        run.pace.resume();
      }
    }
  }

  private strike(fault: HubFault): void {
    const { world, file, network } = this;
    const server = this.servers.at(-1);
    world.trace(() => `** ${JSON.stringify({ ...fault, at: undefined })}`);
    const again = (ms: number) => world.at(world.now + ms, null, "start", () => this.serve());
    switch (fault.kind) {
      case "kill":
        server?.process.kill();
        again(fault.ms);
        return;
      case "leave":
        if (server?.process.alive) {
          world.at(world.now, server.process, "leave", () => {
            server.closing.abort();
            server.watch.close();
            void server.hub.close().then(() => {
              server.process.kill();
              again(fault.ms);
            });
          });
        }
        return;
      case "freeze":
        server?.process.freeze(fault.ms);
        return;
      case "drop":
        network.drop();
        return;
      case "cut":
        network.cut();
        return;
      case "reload":
        if (this.pages[fault.who] !== undefined) {
          const { process, run } = this.pages[fault.who];
          process.kill();
          this.load(fault.who, run === null, run?.summary);
        }
        return;
      case "sleep":
        this.pages[fault.who]?.process.freeze(fault.ms);
        return;
      case "pause":
        this.pages[fault.who]?.run?.pace.pause();
        world.at(world.now + fault.ms, null, "resume", () => this.pages[fault.who]?.run?.pace.resume());
        return;
      case "stop":
        this.stopped = true;
        this.pages[fault.who]?.run?.stop().catch(() => {});
        return;
      default:
        strikeStore(fault, world, file, server?.handle);
    }
  }

  /** Whether a disk refused something: a run may be refused or end as failed then. */
  private get troubled(): boolean {
    return this.plan.faults.some(({ kind }) => kind === "full" || kind === "trouble" || kind === "lock");
  }

  private get rows(): { readonly id: string; readonly sequence: number; readonly status: string }[] {
    return this.file.disk.statement("SELECT id, sequence, status FROM runs ORDER BY sequence").all() as never;
  }

  private eventsOf(sequence: number): RunEvent[] {
    const chunks = this.file.disk
      .statement("SELECT number, events FROM chunks WHERE run = ? ORDER BY number")
      .all(sequence) as unknown as { number: number; events: string }[];
    if (chunks.some(({ number }, i) => number !== i + 1)) {
      this.world.violate(`chunks are numbered [${chunks.map(({ number }) => number)}]`);
    }
    return chunks.flatMap(({ events }) => decodeChunk(events));
  }

  /** What is recorded of each task is a beginning of it, each event once; of a run that is done, all of it. */
  private check(): void {
    const { world, plan } = this;
    for (const { id, sequence, status } of this.rows) {
      const events = this.eventsOf(sequence);
      for (let task = 0; task < plan.tasks; task++) {
        const own = events.filter((one) => one.task === task && one.event.kind !== "note");
        const kept = single(own).map(({ event }) => event);
        const whole = taskEvents(task, plan.events);
        if (JSON.stringify(kept) !== JSON.stringify(whole.slice(0, kept.length))) {
          world.violate(`run ${id} keeps of task ${task}: ${JSON.stringify(kept)}`);
        }
        if (status === "done" && kept.length < whole.length) {
          world.violate(`run ${id} is done with ${kept.length} of ${whole.length} events of task ${task}`);
        }
      }
    }
  }

  /** What is still not as it must be in the end: every run over, every page having heard all and knowing how each stands. */
  private get amiss(): string | null {
    const { rows } = this;
    const allowed = ["done", ...(this.stopped ? ["interrupted"] : []), ...(this.troubled ? ["failed"] : [])];
    const going = rows.find(({ status }) => !allowed.includes(status));
    if (going !== undefined) {
      return `run ${going.id} is ${going.status} in the end`;
    }
    for (const { process, run, heard, over, shelf } of this.pages) {
      const row = rows.find(({ id }) => id === run?.id);
      if (row === undefined || !over) {
        return `${process.name} still waits: ${run === null ? "it has no run" : `it heard ${heard.length} events`}`;
      }
      const [told, kept] = [heard, this.eventsOf(row.sequence)].map((events) =>
        single(events).map((event) => JSON.stringify(event)),
      );
      const part = Array.from({ length: Math.max(told.length, kept.length) }).findIndex((_, i) => told[i] !== kept[i]);
      if (part >= 0) {
        return `${process.name} heard ${told.length} events, ${kept.length} are kept; at ${part} it heard ${told[part]}, not ${kept[part]}`;
      }
      for (const [id, status] of shelf) {
        const is = rows.find((one) => one.id === id)?.status;
        if (is !== status) {
          return `${process.name} believes that run ${id} is ${status}, it is ${is}`;
        }
      }
    }
    return null;
  }
}

/** Events with one point each: recorded, those of a series come together. */
function single(events: readonly RunEvent[]): RunEvent[] {
  return events.flatMap((one): RunEvent[] => {
    const { task, event } = one;
    return event.kind === "points"
      ? event.x.map((x, i) => ({ task, event: { ...event, x: [x], y: [event.y[i]] } }))
      : [one];
  });
}

function endOf(fault: HubFault): number {
  return fault.at + ("ms" in fault ? fault.ms : 0);
}
