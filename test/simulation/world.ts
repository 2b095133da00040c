import type { Timers } from "../../src/core/timers.ts";
import { Chance } from "./chance.ts";
import type { Moment } from "./plan.ts";

/** What a schedule found that must never be. */
export class Violation extends Error {
  override name = "Violation";
}

interface Due {
  readonly at: number;
  readonly order: number;
  readonly of: SimProcess | null;
  readonly label: string;
  readonly action: () => void;
  off: boolean;
}

export interface WorldOptions {
  readonly seed: number;
  /** Told what happens, in words. */
  readonly trace?: (line: string) => void;
}

/**
 * Time, and what is due in it. One event at a time: whatever it sets off runs until all of it waits for another event, so
 * that the same seed always gives the same order.
 */
export class World {
  /** True time in milliseconds, which no process can see. */
  now = 0;
  /** What was set forward or back on the clock that every process of this machine reads. */
  clockOffset = 0;
  turns = 0;
  /** A fingerprint of all that has happened. */
  print = 0;
  readonly processes: SimProcess[] = [];
  readonly seed: number;
  violation: Violation | undefined;
  /** Looked at after every turn. */
  afterTurn: () => void = () => {};
  /** Told what a process does at this moment. */
  onMoment: (what: Moment, by: SimProcess) => void = () => {};
  private readonly tracing: WorldOptions["trace"];
  private readonly heap: Due[] = [];
  private order = 0;

  constructor({ seed, trace }: WorldOptions) {
    this.seed = seed;
    this.tracing = trace;
  }

  trace(line: () => string): void {
    this.tracing?.(`${this.now.toFixed(0).padStart(7)} ms  ${line()}`);
  }

  /** Notes what must never be; the first counts. */
  violate(what: string): void {
    this.violation ??= new Violation(what);
  }

  /** @returns calls it off */
  at(at: number, of: SimProcess | null, label: string, action: () => void): () => void {
    const due: Due = { at, order: this.order++, of, label, action, off: false };
    push(this.heap, due);
    return () => {
      due.off = true;
    };
  }

  /** Plays the next event. @returns false when there is none, or none before `until` */
  async turn(until = Number.POSITIVE_INFINITY): Promise<boolean> {
    for (let due = pop(this.heap, until); due !== undefined; due = pop(this.heap, until)) {
      const { of } = due;
      if (due.off || of?.alive === false) {
        continue;
      }
      if (of !== null && of.frozenUntil > due.at) {
        // Woken, it finds everything that came meanwhile, in its order.
        push(this.heap, { ...due, at: of.frozenUntil });
        continue;
      }
      this.now = Math.max(this.now, due.at);
      this.turns++;
      this.mark(due.label);
      due.action();
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      this.afterTurn();
      return true;
    }
    return false;
  }

  private mark(label: string): void {
    let print = Math.imul(this.print ^ Math.floor(this.now * 16), 0x01000193);
    for (let i = 0; i < label.length; i++) {
      print = Math.imul(print ^ label.charCodeAt(i), 0x01000193);
    }
    this.print = print ^ (print >>> 13);
  }
}

/** A process that can be killed and frozen: none of its code runs but by an event of its world. */
export class SimProcess {
  readonly world: World;
  readonly name: string;
  readonly chance: Chance;
  readonly timers: Timers;
  alive = true;
  frozenUntil = 0;
  /** Whether something happened to it that it may lose an attempt by. */
  hindered = false;
  threadDied = false;
  /** How far its clock is from the machine's. */
  skew = 0;
  /** Told when it dies. */
  readonly onDeath: (() => void)[] = [];

  constructor(world: World, name: string) {
    this.world = world;
    this.name = name;
    this.chance = new Chance(world.seed, name);
    const origin = this.chance.int(0, 1e6);
    this.timers = {
      monotonic: () => origin + world.now,
      // No timer comes early; some come late.
      after: (milliseconds, action) => {
        const late = this.chance.one(20) ? this.chance.next() * 30 : this.chance.next();
        return world.at(world.now + milliseconds + late, this, name, action);
      },
    };
    world.processes.push(this);
  }

  /** Milliseconds since 1970, as this process reads its clock. */
  clock(): number {
    return Math.floor(1.7e12 + this.world.now + this.world.clockOffset + this.skew);
  }

  get frozen(): boolean {
    return this.frozenUntil > this.world.now;
  }

  kill(): void {
    this.hindered = true;
    if (this.alive) {
      this.alive = false;
      for (const told of this.onDeath) {
        told();
      }
    }
  }

  freeze(milliseconds: number): void {
    this.frozenUntil = Math.max(this.frozenUntil, this.world.now + milliseconds);
    this.hindered = true;
  }
}

function before(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Due[], due: Due): void {
  let i = heap.push(due) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!before(due, heap[parent])) {
      break;
    }
    heap[i] = heap[parent];
    i = parent;
  }
  heap[i] = due;
}

function pop(heap: Due[], until: number): Due | undefined {
  const first = heap[0];
  if (first === undefined || first.at > until) {
    return undefined;
  }
  const last = heap.pop()!;
  if (heap.length > 0) {
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) {
        break;
      }
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) {
        child++;
      }
      if (!before(heap[child], last)) {
        break;
      }
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = last;
  }
  return first;
}
