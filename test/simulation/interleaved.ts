import { TanrenError } from "../../src/core/errors.ts";
import { studiesOn } from "../../src/node/store/postgres.ts";
import { encodeCheckpoint } from "../../src/search/checkpoint.ts";
import { type Lease, StaleAttemptError, type StudySpec } from "../../src/store/studies/study-store.ts";
import { Chance } from "./chance.ts";
import type { Played, PlayOptions } from "./schedule.ts";
import type { CommitTrouble, Gate, Sessions } from "./sessions.ts";
import { shorter } from "./shrink.ts";
import { leftBy, reported } from "./sim-thread.ts";
import { keyOf, StudyModel } from "./study-model.ts";
import { WatchedStore } from "./watched-store.ts";
import { SimProcess, World } from "./world.ts";

/** What happens to a process once so many statements have been let go. */
type Fault = { readonly after: number; readonly who: number } & (
  | { readonly kind: "kill"; readonly back: boolean }
  /** It does nothing while so many statements of others are let go, and its leases run on. */
  | { readonly kind: "sleep"; readonly statements: number; readonly ms: number }
  | { readonly kind: "trouble"; readonly trouble: CommitTrouble }
);

/** Workers of one study on PostgreSQL, whose statements are interleaved by the seed. Plain JSON. */
export interface InterleavedPlan {
  readonly seed: number;
  readonly trials: number;
  readonly steps: number;
  readonly checkpointEvery: number;
  readonly maxAttempts: number;
  readonly workers: number;
  readonly faults: readonly Fault[];
}

/** The line from which on a schedule played again may be another. */
export const serversChoice = "** several wait: from here on the server has a choice of its own";

const leaseMs = 600;
/** Statements within which a study without faults is finished. */
const patience = 4000;

export function interleavedPlanOf(seed: number): InterleavedPlan {
  const chance = new Chance(seed, "interleaved plan");
  const workers = chance.int(2, 4);
  const trials = chance.int(1, 4);
  const steps = chance.int(1, 2);
  // About as many statements as such a study takes.
  const horizon = 40 * trials * (steps + 1);
  const faults = Array.from({ length: chance.pick([0, 1, 2, 3, 5]) }, (): Fault => {
    const at = { after: chance.int(0, horizon), who: chance.int(0, workers - 1) };
    switch (chance.int(0, 3)) {
      case 0:
        return { ...at, kind: "kill", back: chance.one(2) };
      case 1:
        return { ...at, kind: "trouble", trouble: chance.pick(["unknown", "unknown", "broken", "conflict"] as const) };
      default:
        return { ...at, kind: "sleep", statements: chance.int(20, 120), ms: chance.int(1, 3) * leaseMs };
    }
  });
  return {
    seed,
    trials,
    steps,
    checkpointEvery: chance.int(0, 1),
    maxAttempts: chance.pick([1, 2, 5]),
    workers,
    faults: faults.sort((a, b) => a.after - b.after),
  };
}

export function* smallerInterleavedPlans(plan: InterleavedPlan): Generator<InterleavedPlan> {
  for (const faults of shorter(plan.faults)) {
    yield { ...plan, faults };
  }
  if (plan.workers > 2) {
    const workers = plan.workers - 1;
    yield { ...plan, workers, faults: plan.faults.filter(({ who }) => who < workers) };
  }
  if (plan.trials > 1) {
    yield { ...plan, trials: plan.trials - 1 };
  }
  if (plan.steps > 1) {
    yield { ...plan, steps: plan.steps - 1 };
  }
}

/** Plays one schedule on an empty database. */
export async function playInterleaved(
  sessions: Sessions,
  plan: InterleavedPlan,
  options: PlayOptions = {},
): Promise<Played> {
  await sessions.empty();
  const schedule = new Interleaved(sessions, plan, options);
  await schedule.play();
  const { violation, turns, print } = schedule.world;
  return { violation: violation?.message ?? null, turns, print };
}

interface Worker {
  readonly process: SimProcess;
  readonly store: WatchedStore;
  readonly leases: Map<string, Lease>;
  over: boolean;
}

class Interleaved {
  readonly world: World;
  private readonly sessions: Sessions;
  private readonly plan: InterleavedPlan;
  private readonly steps: number;
  private readonly chance: Chance;
  private readonly model: StudyModel;
  private readonly workers: Worker[] = [];
  private readonly all: Worker[] = [];
  private readonly asleep = new Map<SimProcess, number>();
  private rows: (read: string) => unknown[] = () => [];
  private started = 0;

  constructor(sessions: Sessions, plan: InterleavedPlan, { trace, steps }: PlayOptions) {
    this.sessions = sessions;
    this.plan = plan;
    this.steps = steps ?? Number.POSITIVE_INFINITY;
    this.chance = new Chance(plan.seed, "interleaving");
    this.world = new World({ seed: plan.seed, trace });
    this.model = new StudyModel({
      world: this.world,
      rows: (read) => this.rows(read),
      leaseMs,
      maxAttempts: plan.maxAttempts,
      steps: plan.steps,
      // Any of them may be passed over for as long as it likes.
      unhindered: () => false,
    });
    sessions.onCommit = (by, rows) => {
      this.rows = rows;
      this.model.check(by);
    };
  }

  async play(): Promise<void> {
    const { plan } = this;
    const first = this.open();
    await this.over(this.prepare(first));
    for (let who = 0; who < plan.workers; who++) {
      this.workers[who] = this.open();
      this.start(this.workers[who]);
    }
    const faults = [...plan.faults];
    const anyWorks = () => this.workers.some(({ over, process }) => !over && process.alive);
    while (this.goesOn() && anyWorks()) {
      await this.sessions.settled();
      while (faults.length > 0 && faults[0].after <= this.world.turns) {
        this.strike(faults.shift()!);
      }
      // The fault may have killed the only one that was left.
      if (anyWorks()) {
        await this.turn();
      }
    }
    // Whatever has happened: one more finishes it.
    const last = this.open();
    this.start(last);
    const until = this.world.turns + patience;
    while (this.goesOn() && !last.over) {
      if (this.world.turns > until) {
        const states = [...this.model.tables.trials.values()].map(({ number, state }) => `${number} ${state}`);
        this.world.violate(`the study is stuck: ${states.join(", ")}`);
      }
      await this.turn();
    }
    if (this.goesOn()) {
      this.atEnd();
    }
    for (const { process } of this.all) {
      process.kill();
    }
    this.sessions.gates.length = 0;
    while (await this.sessions.settled()) {
      // Those that wait for one that has just been rolled back.
    }
  }

  private goesOn(): boolean {
    return this.world.violation === undefined && this.world.turns < this.steps;
  }

  private open(): Worker {
    const { world, sessions } = this;
    const process = new SimProcess(world, `worker ${++this.started}`);
    const random = () => process.chance.next();
    const database = studiesOn(sessions.databaseOf(process), {
      where: "simulated",
      random,
      patienceMs: 3000,
      now: () => process.clock(),
      pause: (milliseconds) => sessions.gate(process, "pause", world.now + milliseconds),
    });
    const store = new WatchedStore(
      database,
      { instance: process.name, monotonic: process.timers.monotonic, alive: () => "elsewhere" },
      { model: this.model, process },
    );
    const worker: Worker = { process, store, leases: new Map(), over: false };
    this.all.push(worker);
    return worker;
  }

  private async prepare({ store }: Worker): Promise<void> {
    const study = await store.createStudy(specOf(this.plan));
    await store.request(study.id, this.plan.trials);
  }

  /** Plays on until this is done. */
  private async over(work: Promise<void>): Promise<void> {
    let done = false;
    const ended = work.then(
      () => {
        done = true;
      },
      (error: Error) => {
        done = true;
        this.world.violate(`the study could not be made: ${error.stack}`);
      },
    );
    while (!done && this.goesOn()) {
      await this.turn();
    }
    if (done) {
      await ended;
    }
  }

  private start(worker: Worker): void {
    const { process } = worker;
    this.world.trace(() => `${process.name} starts`);
    const ended = (error?: Error) => {
      worker.over = true;
      if (process.alive && error !== undefined) {
        this.world.violate(
          error instanceof TanrenError
            ? `${process.name} gave up: ${error.message}`
            : `${process.name} ended without a sentence: ${error.stack}`,
        );
      }
    };
    void this.work(worker).then(() => ended(), ended);
    void this.beat(worker).catch(ended);
  }

  /** Claims and runs trials until none is left. */
  private async work({ process, store, leases }: Worker): Promise<void> {
    const { plan, world } = this;
    const study = (await store.study("s")).id;
    for (;;) {
      const claimed = await store.claim(study, {
        worker: process.name,
        leaseMs,
        maxAttempts: plan.maxAttempts,
        sample: ({ finished }) => ({ params: { x: finished.length }, distributions: {}, attributes: {} }),
      });
      if (claimed === null) {
        if ((await store.unfinished(study)) === 0) {
          return;
        }
        await this.sessions.gate(process, "nothing to claim", world.now + 50);
        continue;
      }
      const { number, attempt } = claimed;
      const lease: Lease = { study, number, attempt };
      leases.set(keyOf(lease), lease);
      try {
        let step = claimed.checkpoint === null ? 0 : leftBy(claimed.checkpoint.bytes).step;
        for (; step < plan.steps; step++) {
          await store.report(lease, [{ step, value: reported(number, attempt, step) }]);
          if (plan.checkpointEvery > 0) {
            await store.checkpoint(lease, encodeCheckpoint({ step: step + 1, by: attempt }));
          }
        }
        await store.finish(lease, { state: "complete", value: reported(number, attempt, plan.steps) });
      } catch (error) {
        if (!(error instanceof StaleAttemptError)) {
          throw error;
        }
      } finally {
        leases.delete(keyOf(lease));
      }
    }
  }

  /** What the main thread of a worker does meanwhile. */
  private async beat(worker: Worker): Promise<void> {
    const { process, store, leases } = worker;
    const study = (await store.study("s")).id;
    while (!worker.over) {
      await this.sessions.gate(process, "heartbeat", this.world.now + leaseMs / 3);
      await store.heartbeat([...leases.values()], leaseMs);
      await store.view(study);
      await store.reclaimExpired(study, { leaseMs, maxAttempts: this.plan.maxAttempts });
    }
  }

  /** Lets one statement or pause go, and waits until nothing moves any more. */
  private async turn(): Promise<void> {
    const { sessions, world } = this;
    const blocked = await sessions.settled();
    const { gates } = sessions;
    for (let i = gates.length - 1; i >= 0; i--) {
      if (!gates[i].process.alive) {
        gates.splice(i, 1);
      }
    }
    // Two that were answered in the same turn have come here in either order.
    gates.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
    const awake = gates.filter(({ process }) => (this.asleep.get(process) ?? 0) <= world.turns);
    const gate = this.next(awake.length > 0 ? awake : gates);
    if (gate === undefined) {
      if (!blocked) {
        world.violate("nothing moves any more");
      }
      return;
    }
    gates.splice(gates.indexOf(gate), 1);
    world.turns++;
    world.now = Math.max(world.now + 1, gate.due);
    world.trace(() => `${gate.process.name}: ${gate.label.replaceAll('"', "").slice(0, 100)}`);
    gate.go();
    const told = sessions.raced;
    await sessions.settled();
    if (sessions.raced && !told) {
      world.trace(() => serversChoice);
    }
    if (sessions.deadlocks > 0) {
      world.violate("two transactions waited for one another");
    }
  }

  /** Statements rather than pauses: the earliest pause when one is chosen. */
  private next(gates: readonly Gate[]): Gate | undefined {
    const statements = gates.filter(({ due }) => due <= this.world.now);
    if (statements.length > 0 && !this.chance.one(12)) {
      return this.chance.pick(statements);
    }
    return gates.toSorted((a, b) => a.due - b.due)[0];
  }

  private strike(fault: Fault): void {
    const worker = this.workers[fault.who];
    const { process } = worker;
    if (!process.alive || worker.over) {
      return;
    }
    this.world.trace(() => `** ${JSON.stringify({ ...fault, after: undefined })} ${process.name}`);
    process.hindered = true;
    switch (fault.kind) {
      case "kill":
        process.kill();
        if (fault.back) {
          this.workers[fault.who] = this.open();
          this.start(this.workers[fault.who]);
        }
        return;
      case "sleep":
        this.asleep.set(process, this.world.turns + fault.statements);
        this.world.now += fault.ms;
        return;
      case "trouble":
        this.sessions.trouble(process, fault.trouble);
    }
  }

  private atEnd(): void {
    const { trials } = this.model.tables;
    const rows = [...trials.values()];
    if (rows.length !== this.plan.trials || rows.some(({ finish_order }) => finish_order === null)) {
      this.world.violate(`the study ended with ${rows.map(({ number, state }) => `${number} ${state}`).join(", ")}`);
    }
  }
}

function placeOf({ process, label, due }: Gate): string {
  return `${process.name} ${label} ${due}`;
}

function specOf({ seed }: InterleavedPlan): StudySpec {
  return {
    name: "s",
    direction: "minimize",
    seed: seed % 2 ** 32,
    sampler: { name: "random", settings: {} },
    pruner: null,
    space: null,
    objective: { kind: "builtin", name: "simulated", settings: {} },
    constraints: 0,
  };
}
