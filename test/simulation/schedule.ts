import { TanrenError } from "../../src/core/errors.ts";
import { rest } from "../../src/core/timers.ts";
import { studiesIn } from "../../src/node/store/sqlite-studies.ts";
import type { StudyHost } from "../../src/node/study/host.ts";
import { runStudyPool } from "../../src/node/study/pool.ts";
import { runWorker } from "../../src/node/study/worker.ts";
import { openPruner, openSampler } from "../../src/search/open.ts";
import { redraw } from "../../src/search/redraw.ts";
import type { StudySpec } from "../../src/store/studies/study-store.ts";
import type { Fault, Moment, Plan, PlannedProcess } from "./plan.ts";
import { type Disk, FileHandle, type SharedFile } from "./shared-file.ts";
import { SimThread, space } from "./sim-thread.ts";
import { StudyModel } from "./study-model.ts";
import { WatchedStore } from "./watched-store.ts";
import { SimProcess, World } from "./world.ts";

export interface Played {
  /** What must never be; null when all held. */
  readonly violation: string | null;
  readonly turns: number;
  /** The same for the same schedule. */
  readonly print: number;
}

export interface PlayOptions {
  /** Turns at most; all of them unless told. */
  readonly steps?: number;
  readonly trace?: (line: string) => void;
}

const name = "s";
/** Milliseconds that a store which is locked or full is waited for. */
const patienceMs = 3000;
/** Milliseconds from the last fault within which a study must be finished. */
const patienceOfModel = 60_000;

/** A process of the plan and what it has. */
interface Body {
  readonly process: SimProcess;
  readonly handle: FileHandle;
  readonly threads: Set<SimThread>;
  readonly stop: AbortController;
  over: boolean;
}

/** Plays one schedule on an empty file. */
export async function playStudy(file: SharedFile, plan: Plan, options: PlayOptions = {}): Promise<Played> {
  file.empty();
  const schedule = new Schedule(file, plan, options);
  await schedule.play(options.steps ?? Number.POSITIVE_INFINITY);
  const { violation, turns, print } = schedule.world;
  return { violation: violation?.message ?? null, turns, print };
}

class Schedule {
  readonly world: World;
  private readonly file: SharedFile;
  private readonly plan: Plan;
  private readonly models: Map<Disk, StudyModel>;
  private readonly bodies: (Body | undefined)[] = [];
  private readonly all: Body[] = [];
  private started = 0;
  /** Whether the store was locked, full or gone for long. */
  private storeAway = false;

  constructor(file: SharedFile, plan: Plan, { trace }: PlayOptions) {
    const { seed, leaseMs, maxAttempts, objective } = plan;
    this.file = file;
    this.plan = plan;
    this.world = new World({ seed, trace });
    this.models = new Map(
      file.disks.map((disk) => [
        disk,
        new StudyModel({
          world: this.world,
          rows: (read) => disk.statement(read).all(),
          leaseMs,
          maxAttempts,
          steps: objective.steps,
          unhindered: (process) => !process.hindered && !this.storeAway,
        }),
      ]),
    );
    file.onCommit = (written, by) => {
      if (written !== file.disk) {
        this.world.violate("something was written into a store that had been deleted");
      } else {
        this.model.check(by);
      }
    };
  }

  async play(steps: number): Promise<void> {
    const { world, plan } = this;
    for (const [who, planned] of plan.processes.entries()) {
      world.at(planned.at, null, "start", () => this.start(who, planned));
    }
    const waiting = new Set(plan.faults.filter(({ on }) => on !== undefined));
    const counts = new Map<Moment, number>();
    world.onMoment = (what, by) => {
      const nth = (counts.get(what) ?? 0) + 1;
      counts.set(what, nth);
      for (const fault of waiting) {
        if (fault.on!.what === what && fault.on!.nth === nth) {
          waiting.delete(fault);
          const who = this.bodies.findIndex((body) => body?.process === by);
          if (fault.kind === "replace") {
            // A file that goes between a transaction's last look and its commit is nobody's fault.
            world.at(world.now, null, fault.kind, () => this.strike(fault, who));
          } else {
            this.strike(fault, who);
          }
        }
      }
    };
    for (const fault of plan.faults) {
      world.at(fault.at, null, fault.kind, () => {
        if (fault.on === undefined || waiting.delete(fault)) {
          this.strike(fault);
        }
      });
    }
    const quiet =
      Math.max(0, ...plan.faults.map(endOf), ...plan.processes.map(({ at }) => at)) + 1 + (plan.calmMs ?? 0);
    while (world.turns < steps && world.violation === undefined && (await world.turn(quiet))) {
      // The next one.
    }
    if (world.turns >= steps || world.violation !== undefined) {
      return this.leave();
    }
    world.now = Math.max(world.now, quiet);
    world.onMoment = () => {};
    const old = this.all.filter(({ handle }) => handle.disk !== this.file.disk);
    await this.untilOver(old, steps, "a process goes on though its store is gone");
    world.trace(() => "no more faults; one search goes on with the study");
    const who = plan.processes.length;
    world.at(world.now, null, "start", () => this.start(who, { kind: "search", threads: 2, at: 0 }));
    await world.turn();
    await this.untilOver([this.bodies[who]!], steps, "the study is stuck");
    if (world.violation === undefined && world.turns < steps) {
      this.atEnd();
    }
    this.leave();
  }

  private async untilOver(bodies: readonly Body[], steps: number, otherwise: string): Promise<void> {
    const { world } = this;
    const until = world.now + patienceOfModel;
    while (
      bodies.some(({ over, process }) => !over && process.alive) &&
      world.turns < steps &&
      world.violation === undefined
    ) {
      if (!(await world.turn(until))) {
        const states = [...this.model.tables.trials.values()].map(({ number, state }) => `${number} ${state}`);
        world.violate(`${otherwise}: ${states.join(", ")}`);
      }
    }
  }

  /** Nothing of this schedule runs on into the next. */
  private leave(): void {
    this.file.onCommit = () => {};
    for (const { process } of this.all) {
      process.kill();
    }
  }

  private start(who: number, planned: PlannedProcess): Body {
    const { world, file } = this;
    const process = new SimProcess(world, `${planned.kind} ${++this.started}`);
    const body: Body = {
      process,
      handle: new FileHandle(file, process),
      threads: new Set(),
      stop: new AbortController(),
      over: false,
    };
    this.bodies[who] = body;
    this.all.push(body);
    world.trace(() => `${process.name} starts with ${planned.threads} threads`);
    void this.program(body, planned).then(
      () => this.ended(body, undefined),
      (error: unknown) => this.ended(body, error),
    );
    return body;
  }

  private ended(body: Body, error: unknown): void {
    const { process } = body;
    body.over = true;
    if (!process.alive) {
      return;
    }
    const said = error as Error | undefined;
    this.world.trace(() => `${process.name} ends${said === undefined ? "" : `: ${said.message}`}`);
    if (error !== undefined && !(error instanceof TanrenError)) {
      this.world.violate(`${process.name} ended without a sentence: ${said?.stack}`);
    } else if (said !== undefined && !this.storeAway) {
      this.world.violate(`${process.name} gave up, and what was in its way had passed: ${said.message}`);
    }
    process.alive = false;
  }

  private async program(body: Body, { kind, threads }: PlannedProcess): Promise<void> {
    const { plan } = this;
    const { process } = body;
    const { trials, leaseMs, maxAttempts } = plan;
    const host: StudyHost = {
      timers: process.timers,
      workerName: () => process.name,
      openThread: () => {
        const thread = new SimThread(process, plan.objective);
        body.threads.add(thread);
        return thread;
      },
    };
    const store = this.open(body);
    const model = this.models.get(body.handle.disk)!;
    const common = { threads, leaseMs, maxAttempts, signal: body.stop.signal, folder: "/", host };
    const told: number[] = [];
    if (kind === "search") {
      const study = await store.createStudy(specOf(plan), { existing: "open" });
      for await (const event of runStudyPool({ store, study, trials, ...common })) {
        if (event.kind === "finished" && process.alive) {
          told.push(event.trial.number);
          const first = model.finishOrder.indexOf(told[0]);
          if (event.trial.number !== model.finishOrder[first + told.length - 1]) {
            this.world.violate(`${process.name} told of [${told}], finished were [${model.finishOrder}]`);
          }
        }
      }
    } else {
      for await (const _event of runWorker({ store, study: name, untilDone: true, ...common })) {
        // The model looks at the store.
      }
    }
    await store.close();
  }

  /** Of the file that is at its place. */
  private get model(): StudyModel {
    return this.models.get(this.file.disk)!;
  }

  private open({ process, handle }: Body): WatchedStore {
    const { plan } = this;
    const model = this.models.get(handle.disk)!;
    const random = () => process.chance.next();
    const database = studiesIn(handle, {
      path: "simulated",
      now: () => process.clock(),
      random,
      patienceMs,
      place: handle,
      log: { request() {}, async close() {} },
      pause: (milliseconds) => rest(process.timers, milliseconds),
    });
    return new WatchedStore(
      database,
      {
        instance: process.name,
        monotonic: process.timers.monotonic,
        alive: (worker) =>
          plan.sees ? this.all.some((body) => body.process.name === worker && body.process.alive) : "elsewhere",
      },
      { model, process },
    );
  }

  private strike(fault: Fault, by?: number): void {
    const { world, file } = this;
    const who = by ?? ("who" in fault ? fault.who : -1);
    const body = "who" in fault ? this.bodies[who] : undefined;
    if ("who" in fault && body?.process.alive !== true) {
      return;
    }
    world.trace(
      () => `** ${JSON.stringify({ ...fault, at: undefined })}${body === undefined ? "" : ` ${body.process.name}`}`,
    );
    switch (fault.kind) {
      case "kill":
        body!.process.kill();
        if (fault.backMs !== null) {
          const planned = this.plan.processes[who];
          world.at(world.now + fault.backMs, null, "back", () => this.start(who, planned));
        }
        return;
      case "freeze":
        body!.process.freeze(fault.ms);
        return;
      case "stop":
        body!.stop.abort();
        return;
      case "thread":
        body!.process.threadDied = true;
        [...body!.threads].find(({ alive }) => alive)?.die();
        return;
      case "trouble":
        body!.handle.trouble = fault.trouble;
        body!.process.hindered ||= fault.trouble.kind === "fails";
        return;
      case "clock":
        world.clockOffset += fault.by;
        return;
      case "skew":
        body!.process.skew += fault.by;
        return;
      case "lock":
        file.lockedUntil = world.now + fault.ms;
        this.storeAway ||= fault.ms >= this.plan.leaseMs / 2;
        return;
      case "full":
        file.fullUntil = world.now + fault.ms;
        this.storeAway ||= fault.ms >= this.plan.leaseMs / 2;
        return;
      case "replace":
        this.storeAway = true;
        file.replace();
    }
  }

  /** What must hold once a study is over. */
  private atEnd(): void {
    const { world, plan, model } = this;
    const { trials, study } = model.tables;
    const rows = [...trials.values()];
    if (rows.length !== plan.trials || rows.some(({ finish_order }) => finish_order === null)) {
      world.violate(`the study ended with ${rows.map(({ number, state }) => `${number} ${state}`).join(", ")}`);
      return;
    }
    const spec = specOf(plan);
    const setting = { seed: spec.seed, space: spec.space ?? undefined };
    const records = model.records();
    const finished = model.finishOrder.map((number) => records[number]);
    const { opened: sampler } = openSampler(samplerOf(plan), setting);
    const { opened: pruner } = openPruner(prunerOf(plan));
    for (const trial of records) {
      const again = redraw({ study: { ...spec, seed: study!.seed }, sampler, pruner, finished, trial });
      if (JSON.stringify(again) !== JSON.stringify(trial.params)) {
        world.violate(
          `trial ${trial.number} was drawn as ${JSON.stringify(trial.params)}, again ${JSON.stringify(again)}`,
        );
      }
    }
  }
}

interface Named {
  readonly name: string;
  readonly settings: Readonly<Record<string, number>>;
}

function samplerOf({ sampler }: Plan): Named {
  return { name: sampler, settings: sampler === "tpe" ? { startupTrials: 1, candidates: 2 } : {} };
}

function prunerOf({ objective: { prunes } }: Plan): Named {
  return prunes ? { name: "median", settings: { startupTrials: 1, minTrials: 1 } } : { name: "none", settings: {} };
}

function specOf(plan: Plan): StudySpec {
  return {
    name,
    direction: "minimize",
    seed: plan.seed % 2 ** 32,
    sampler: { ...samplerOf(plan) },
    pruner: { ...prunerOf(plan) },
    space: plan.declared ? space : null,
    objective: { kind: "builtin", name: "simulated", settings: {} },
    constraints: 0,
  };
}

/** When the last of what a fault does is over. */
function endOf(fault: Fault): number {
  return fault.at + ("ms" in fault ? fault.ms : "backMs" in fault ? (fault.backMs ?? 0) : 0);
}
