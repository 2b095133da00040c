import { RandomStream } from "../../../core/random.ts";
import type { FloatArray } from "../../../core/tensor.ts";
import type { Point, Surface } from "../../../experiments/surfaces/surface.ts";
import { planned } from "../../../kernels/planned.ts";
import { referenceKernels } from "../../../kernels/reference.ts";
import type { Optimizer } from "../../../optim/optimizer.ts";
import { Updater } from "../../../optim/updater.ts";

/** Where a path begins and what it walks on. */
export interface Walk {
  readonly surface: Pick<Surface, "gradient" | "noise">;
  readonly start: Point;
  readonly iterations: number;
  readonly hyper: Readonly<Record<string, number>>;
  /** Standard normals, two an update; read only where the surface has noise. */
  readonly normals: Float64Array;
}

/** Steps between two looks at the clock. */
const clockEvery = 64;

/**
 * One rule walking down a surface, in float64 by the interpreter: the numbers of `tanren run --backend reference`. Its
 * memory is kept from walk to walk, so that a path can be walked again at every movement of a hand.
 */
export class Walker {
  readonly optimizer: Optimizer;
  /** Updates done; the walk ends early where a number is no longer finite. */
  steps = 0;
  /** The update that gave a number that is not finite, from 1; null while there is none. */
  divergedAt: number | null = null;
  private readonly updater: Updater;
  private readonly params: FloatArray;
  private readonly grads: FloatArray;
  /** [2k], [2k + 1]: x and y after k updates; by name: `w`, `g` and the slots. */
  private readonly history = new Map<string, Float64Array>();
  /** [k]: each number that the rule keeps, after k updates. */
  private readonly numbers = new Map<string, Float64Array>();
  private walk: Walk | null = null;

  constructor(optimizer: Optimizer) {
    const { params, grads, updater } = planned(referenceKernels("float64"), (kernels) => {
      const [params, grads] = [kernels.arena.floats(1, 2), kernels.arena.floats(1, 2)];
      return { params, grads, updater: new Updater({ optimizer, kernels, params, grads }) };
    });
    this.optimizer = optimizer;
    this.params = params.data;
    this.grads = grads.data;
    this.updater = updater;
  }

  /** Puts the point at the start, with nothing remembered. */
  begin(walk: Walk): void {
    this.walk = walk;
    this.steps = 0;
    this.divergedAt = null;
    const length = 2 * (walk.iterations + 1);
    for (const name of this.names) {
      if ((this.history.get(name)?.length ?? 0) < length) {
        this.history.set(name, new Float64Array(length));
      }
    }
    for (const name of Object.keys(this.updater.state)) {
      if ((this.numbers.get(name)?.length ?? 0) <= walk.iterations) {
        this.numbers.set(name, new Float64Array(walk.iterations + 1));
      }
    }
    for (const slot of this.updater.slots.values()) {
      slot.data.fill(0);
    }
    this.updater.restore(0);
    this.updater.setHyper(walk.hyper);
    this.params.set(walk.start);
    this.look();
  }

  /**
   * Goes on until the walk ends or the time is over.
   * @param mayGoOn asked now and then
   * @returns whether the walk has ended
   */
  advance(mayGoOn: () => boolean): boolean {
    const { iterations } = this.walk!;
    while (this.steps < iterations && this.divergedAt === null) {
      this.updater.step();
      this.steps++;
      if (!Number.isFinite(this.params[0]) || !Number.isFinite(this.params[1])) {
        this.divergedAt = this.steps;
        this.steps--;
        break;
      }
      this.look();
      if (this.steps % clockEvery === 0 && !mayGoOn()) {
        return false;
      }
    }
    return true;
  }

  get names(): readonly string[] {
    return ["w", "g", ...this.optimizer.slots];
  }

  /** A vector's two numbers after so many updates; `g` is the gradient there, which the next update will use. */
  at(name: string, step: number): Point {
    const values = this.history.get(name)!;
    return [values[2 * step], values[2 * step + 1]];
  }

  /** The numbers that the rule keeps beside its vectors, after so many updates. */
  stateAt(step: number): Record<string, number> {
    return Object.fromEntries([...this.numbers].map(([name, values]) => [name, values[step]]));
  }

  /** x and y after 0 … `steps` updates, one after the other. */
  get path(): Float64Array {
    return this.history.get("w")!.subarray(0, 2 * (this.steps + 1));
  }

  /** The largest length a vector has on the way. */
  longest(name: string): number {
    const values = this.history.get(name)!;
    let longest = 0;
    for (let i = 0; i <= this.steps; i++) {
      longest = Math.max(longest, Math.hypot(values[2 * i], values[2 * i + 1]));
    }
    return longest;
  }

  /** Computes the gradient where the point is, and remembers everything. */
  private look(): void {
    const { surface, normals } = this.walk!;
    const { params, grads, steps } = this;
    surface.gradient(params[0], params[1], grads);
    if (surface.noise > 0) {
      grads[0] += surface.noise * normals[2 * steps];
      grads[1] += surface.noise * normals[2 * steps + 1];
    }
    this.keep("w", params);
    this.keep("g", grads);
    for (const [name, { data }] of this.updater.slots) {
      this.keep(name, data);
    }
    for (const [name, values] of this.numbers) {
      [values[steps]] = this.updater.state[name];
    }
  }

  private keep(name: string, values: FloatArray): void {
    const kept = this.history.get(name)!;
    kept[2 * this.steps] = values[0];
    kept[2 * this.steps + 1] = values[1];
  }
}

let drawn: { readonly seed: number; readonly normals: Float64Array } | null = null;

/** The stream of a seed as normals, two for each update and two more; kept while the seed stays. */
export function normalsOf(seed: number, iterations: number): Float64Array {
  const count = 2 * (iterations + 1);
  if (drawn === null || drawn.seed !== seed || drawn.normals.length < count) {
    const normals = new Float64Array(count);
    RandomStream.seeded(seed).fillNormal(normals, 1);
    drawn = { seed, normals };
  }
  return drawn.normals;
}
