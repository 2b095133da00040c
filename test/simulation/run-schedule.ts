import { DataError } from "../../src/core/errors.ts";
import type { RunEvent } from "../../src/core/record.ts";
import { runsIn } from "../../src/node/store/sqlite-runs.ts";
import { decodeChunk } from "../../src/store/runs/chunk.ts";
import { HeldWriter, type Written } from "../../src/store/runs/held-writer.ts";
import type { RunStore } from "../../src/store/runs/run-store.ts";
import { Chance } from "./chance.ts";
import type { Played, PlayOptions } from "./schedule.ts";
import { FileHandle, type SharedFile } from "./shared-file.ts";
import { shorter } from "./shrink.ts";
import { type StoreFault, storeFaultOf, strikeStore } from "./store-faults.ts";
import { SimProcess, World } from "./world.ts";

type Fault = { readonly at: number } & (
  | { readonly kind: "kill" }
  | { readonly kind: "freeze"; readonly ms: number }
  | StoreFault
  /** Another process looks for runs that nobody records any more, and goes on with them. */
  | { readonly kind: "resume" }
);

/** A run that is recorded, dies and is gone on with. Plain JSON. */
export interface RunPlan {
  readonly seed: number;
  /** Events of the whole run. */
  readonly events: number;
  /** Milliseconds between two events, at most. */
  readonly pace: number;
  readonly faults: readonly Fault[];
}

export function runPlanOf(seed: number): RunPlan {
  const chance = new Chance(seed, "run plan");
  const events = chance.pick([3, 6, 12]);
  const pace = chance.pick([20, 80, 300]);
  const horizon = events * pace;
  const faults = Array.from({ length: chance.int(1, 6) }, (): Fault => {
    const at = chance.int(0, horizon);
    switch (chance.int(0, 9)) {
      case 0:
      case 1:
        return { at, kind: "kill" };
      case 2:
        return { at, kind: "freeze", ms: chance.int(50, 2000) };
      case 3:
      case 4:
        return { at, kind: "resume" };
      default:
        return { at, ...storeFaultOf(chance) };
    }
  });
  return { seed, events, pace, faults: faults.sort((a, b) => a.at - b.at) };
}

export function* smallerRunPlans(plan: RunPlan): Generator<RunPlan> {
  for (const faults of shorter(plan.faults)) {
    yield { ...plan, faults };
  }
  if (plan.events > 1) {
    yield { ...plan, events: plan.events - 1 };
  }
}

const info = {
  tanren: "0.0.0",
  experiment: "simulated",
  preset: "default",
  seed: 1,
  settings: {},
  engine: { kernels: "reference", dtype: "float64", workers: 1 },
  startedAt: "2026-01-01T00:00:00.000Z",
} as unknown as Parameters<RunStore["begin"]>[0];

const eventOf = (n: number): RunEvent =>
  ({
    task: 0,
    event: { kind: "note", note: { kind: "n", run: "simulated", tags: { n }, message: "" } },
  }) as unknown as RunEvent;
const numberOf = (event: RunEvent): number =>
  (event as unknown as { event: { note: { tags: { n: number } } } }).event.note.tags.n;

/** Plays one schedule of a run on an empty file. */
export async function playRun(
  file: SharedFile,
  plan: RunPlan,
  { trace, steps = Number.POSITIVE_INFINITY }: PlayOptions = {},
): Promise<Played> {
  file.empty();
  const world = new World({ seed: plan.seed, trace });
  const play = new RunPlay(file, plan, world);
  await play.play(steps);
  return { violation: world.violation?.message ?? null, turns: world.turns, print: world.print };
}

class RunPlay {
  private readonly file: SharedFile;
  private readonly plan: RunPlan;
  private readonly world: World;
  private readonly processes = new Map<number, { readonly process: SimProcess; readonly handle: FileHandle }>();
  private id: string | undefined;
  /** Events that the store said are kept. */
  private kept = 0;
  private acknowledgedEnd = false;
  private owner = 0;
  private over = false;

  constructor(file: SharedFile, plan: RunPlan, world: World) {
    this.file = file;
    this.plan = plan;
    this.world = world;
    file.onCommit = () => this.check();
  }

  async play(steps: number): Promise<void> {
    const { world, plan } = this;
    world.at(0, null, "start", () => this.start());
    for (const fault of plan.faults) {
      world.at(fault.at, null, fault.kind, () => this.strike(fault));
    }
    // In the end somebody goes on with what is left, again and again.
    const calm = Math.max(0, ...plan.faults.map((fault) => fault.at + ("ms" in fault ? fault.ms : 0))) + 1;
    for (let i = 1; i <= 40; i++) {
      world.at(calm + i * 2000, null, "look", () => this.start());
    }
    while (world.turns < steps && world.violation === undefined && (await world.turn())) {
      // The next one.
    }
    if (world.turns < steps && world.violation === undefined) {
      const row = this.row();
      if (row !== undefined && row.status !== "done") {
        world.violate(`the run is stuck: ${row.status} with ${this.kept} of ${plan.events} events`);
      }
    }
    for (const { process } of this.processes.values()) {
      process.kill();
    }
    this.file.onCommit = () => {};
  }

  /** A process that records the run from its beginning, or goes on with one that nobody records. */
  private start(): void {
    if (this.over) {
      return;
    }
    const { world, file } = this;
    const pid = this.processes.size + 1;
    const process = new SimProcess(world, `process ${pid}`);
    const handle = new FileHandle(file, process);
    this.processes.set(pid, { process, handle });
    const store = runsIn(handle as never, {
      path: "simulated",
      now: () => process.clock(),
      random: () => process.chance.next(),
      file: handle,
      owner: { pid, host: "simulated", birth: "" },
      alive: (owner) => this.processes.get(owner.pid)?.process.alive ?? false,
    });
    let begun = 0;
    try {
      const open = (): Written => {
        const left = this.id === undefined ? undefined : store.abandoned("server").find(({ id }) => id === this.id);
        if (this.id !== undefined && left === undefined) {
          throw new DataError({ en: "nothing to go on with", ja: "続けるものがありません" });
        }
        const writer = left === undefined ? store.begin({ ...info, origin: "server" }) : store.resume(left.id);
        this.id = writer.id;
        this.owner = pid;
        begun = store.chunks(writer.id, 0, 1e9).reduce((sum, { events }) => sum + events.length, 0);
        world.trace(() => `${process.name} records run ${writer.id} from event ${begun}`);
        return {
          ...writer,
          append: (events) => {
            writer.append(events);
            if (process.alive) {
              this.kept = Math.max(this.kept, ...events.map((event) => numberOf(event) + 1));
              world.trace(() => `${process.name} keeps ${events.map(numberOf)}`);
              this.check();
            }
          },
          finish: (status, seconds) => {
            writer.finish(status, seconds);
            if (process.alive) {
              this.acknowledgedEnd = true;
              world.trace(() => `${process.name} ends the run`);
              this.check();
            }
          },
        };
      };
      const held = new HeldWriter({
        open,
        every: 60,
        now: () => world.now,
        timers: process.timers,
        onFailure: (error) => this.refused(process, error),
        onWaiting: () => {},
      });
      let next = -1;
      const tick = () => {
        if (held.id === null) {
          process.timers.after(100, tick);
          return;
        }
        next = next < 0 ? begun : next;
        if (next < this.plan.events) {
          held.add(eventOf(next++));
          process.timers.after(process.chance.next() * this.plan.pace, tick);
          return;
        }
        void held
          .finish({ status: "done", seconds: { total: 1, train: 1 } }, new AbortController().signal)
          .then((error) => {
            if (process.alive && error === null) {
              this.over = true;
            }
            process.kill();
          });
      };
      tick();
    } catch (error) {
      world.trace(() => `${process.name} ends: ${(error as Error).message}`);
      if (!(error instanceof DataError) && process.alive) {
        world.violate(`${process.name} ended without a sentence: ${(error as Error).stack}`);
      }
      process.kill();
    }
  }

  private refused(process: SimProcess, error: Error): void {
    this.world.trace(() => `${process.name} records no more: ${error.message}`);
    const row = this.row();
    const mine = this.processes.get(row?.pid ?? 0)?.process === process;
    if (process.alive && mine && row?.status === "done" && this.file.fullUntil < this.world.now) {
      this.world.violate(`${process.name} was told that its run is not kept, and it is: ${error.message}`);
    }
    process.kill();
  }

  private strike(fault: Fault): void {
    const { world, file } = this;
    const { process, handle } = this.processes.get(this.owner) ?? {};
    world.trace(() => `** ${JSON.stringify({ ...fault, at: undefined })}`);
    switch (fault.kind) {
      case "kill":
        process?.kill();
        return;
      case "freeze":
        process?.freeze(fault.ms);
        return;
      case "resume":
        this.start();
        return;
      default:
        strikeStore(fault, world, file, handle);
    }
  }

  private row(): { readonly sequence: number; readonly status: string; readonly pid: number } | undefined {
    const text = "SELECT sequence, status, pid FROM runs WHERE id = ?";
    return this.id === undefined ? undefined : (this.file.disk.statement(text).get(this.id) as never);
  }

  /** What is recorded is a beginning of the run, each event once, and holds all that was acknowledged. */
  private check(): void {
    const { world, file } = this;
    const row = this.row();
    if (row === undefined) {
      return;
    }
    const chunks = file.disk
      .statement("SELECT number, events FROM chunks WHERE run = ? ORDER BY number")
      .all(row.sequence) as unknown as { number: number; events: string }[];
    const numbers = chunks.flatMap(({ events }) => decodeChunk(events).map(numberOf));
    if (numbers.some((n, i) => n !== i)) {
      world.violate(`events are kept as [${numbers}]`);
    }
    if (chunks.some(({ number }, i) => number !== i + 1)) {
      world.violate(`chunks are numbered [${chunks.map(({ number }) => number)}]`);
    }
    if (numbers.length < this.kept) {
      world.violate(`${this.kept} events were acknowledged, ${numbers.length} are kept`);
    }
    if (row.status === "done" && numbers.length !== this.plan.events) {
      world.violate(`the run is done with ${numbers.length} of ${this.plan.events} events`);
    }
    if (this.acknowledgedEnd && row.status !== "done") {
      world.violate(`the run's end was acknowledged, and it is ${row.status}`);
    }
  }
}
