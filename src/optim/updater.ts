import { noSuchSetting, wholeNumber } from "../core/checks.ts";
import { HyperError, ShapeError } from "../core/errors.ts";
import { type HyperSet, resolve } from "../core/hyper.ts";
import type { FloatArray, Tensor } from "../core/tensor.ts";
import { given } from "../formula/check.ts";
import { compile } from "../formula/compile.ts";
import { type ScalarFunction, scalarFunction } from "../formula/evaluate-scalar.ts";
import { interpreter } from "../formula/interpret.ts";
import type { LoopStage, MatrixStage, ReductionStage, Stage, StageRunner } from "../formula/program.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { Optimizer } from "./optimizer.ts";
import { orthogonalize, orthogonalRoom } from "./orthogonalize.ts";
import {
  type AppliedGroup,
  type DecayOf,
  groupParameters,
  type ParameterGroup,
  type Range,
  type Segment,
} from "./parameter-groups.ts";

export interface UpdaterOptions {
  readonly optimizer: Optimizer;
  readonly kernels: Kernels;
  /** [1, n], all parameters */
  readonly params: Tensor;
  /** [1, n], their gradients */
  readonly grads: Tensor;
  /** Over the optimizer's defaults. */
  readonly hyper?: Readonly<Record<string, number>>;
  /** The parameter tensors, for rules that see them one by one and for groups; all of `params` as one when absent. */
  readonly segments?: readonly Segment[];
  /** Parameters with hyper-parameters of their own. */
  readonly groups?: readonly ParameterGroup[];
  /** What the rule's own `weightDecay` reaches; `weights` when absent. */
  readonly decayOf?: DecayOf;
}

/** One number a range: `muProduct: [0.97]`. Plain, to be kept beside the slots. */
export type ScalarState = Readonly<Record<string, readonly number[]>>;

type Prepared =
  | { readonly kind: "scalar"; readonly index: number; readonly value: ScalarFunction }
  | { readonly kind: "loop"; readonly stage: LoopStage }
  | { readonly kind: "reduction"; readonly stage: ReductionStage; readonly index: number }
  | { readonly kind: "orthogonal"; readonly stage: MatrixStage };

/**
 * Applies an update rule to the flat parameters of one network, in place. On native kernels the rules that come with the
 * engine run as native code; others, and all on WASM kernels, are compiled to WASM SIMD; on the reference kernels they are
 * interpreted. The numbers are the same.
 */
export class Updater {
  readonly optimizer: Optimizer;
  /** The vectors kept between steps, by name; each [1, n]. */
  readonly slots: ReadonlyMap<string, Tensor>;
  /** Which parameters are updated with which hyper-parameters; each parameter is in one group. */
  readonly groups: readonly AppliedGroup[];
  /** Whether the rule runs as compiled code. */
  readonly compiled: boolean;
  private readonly kernels: Kernels;
  private readonly vectors: ReadonlyMap<string, Tensor>;
  private readonly ranges: readonly Range[];
  /** What the rule reads and writes; the ranges' own scalars take turns here. */
  private readonly scalars: Float64Array;
  /** Each range's scalars; with a single range the array above itself. */
  private readonly own: readonly Float64Array[];
  private readonly prepared: readonly Prepared[];
  private readonly runner: StageRunner;
  private readonly stepIndex: number;
  private readonly room: readonly Tensor[];
  private steps = 0;

  /** @throws ShapeError, HyperError */
  constructor(options: UpdaterOptions) {
    const { optimizer, kernels, params, grads, hyper = {}, segments } = options;
    if (params.cols !== grads.cols || params.rows !== 1 || grads.rows !== 1) {
      throw new ShapeError({
        en: `optimizer ${optimizer.name}: params and grads must be [1, n] alike, got [${params.shape}] and [${grads.shape}].`,
        ja: `optimizer ${optimizer.name}: params と grads は同じ [1, n] でなければなりません([${params.shape}] と [${grads.shape}] でした)。`,
      });
    }
    const { arena, dtype } = kernels;
    const { program } = optimizer;
    const allocate = (names: readonly string[]) =>
      new Map(names.map((name) => [name, arena.floats(1, params.cols)] as const));
    this.optimizer = optimizer;
    this.kernels = kernels;
    this.slots = allocate(optimizer.slots);
    this.vectors = new Map<string, Tensor>([
      [given.parameters, params],
      [given.gradients, grads],
      ...this.slots,
      ...allocate(program.scratch),
    ]);
    this.room = Array.from({ length: program.matrices ? orthogonalRoom : 0 }, () => arena.floats(1, params.cols));
    this.scalars = arena.numbers(program.scalars.length);
    this.stepIndex = program.scalars.indexOf(given.step);
    const whole = { begin: 0, count: params.cols };
    const { groups, ranges } = groupParameters(optimizer, segments ?? [whole], {
      groups: options.groups,
      decayOf: options.decayOf,
      apart: program.perTensor,
    });
    this.groups = groups;
    this.ranges = ranges.length === 1 && !program.perTensor ? [{ ...whole, group: 0 }] : ranges;
    this.own = this.ranges.map(() => (this.ranges.length === 1 ? this.scalars : new Float64Array(this.scalars.length)));
    for (const [i, { count, shape = { rows: 1, cols: count } }] of this.ranges.entries()) {
      this.own[i][program.scalars.indexOf(given.rows)] = shape.rows;
      this.own[i][program.scalars.indexOf(given.cols)] = shape.cols;
    }
    this.restore(0);
    this.setHyper(resolve(optimizer.hyper as HyperSet, hyper) as Record<string, number>);
    this.prepared = program.stages.flatMap((stage) => prepareStage(stage, program.scalars));
    this.runner =
      kernels.name === "reference"
        ? interpreter(program, dtype, new Map<string, FloatArray>([...this.vectors].map(([name, t]) => [name, t.data])))
        : compile(program, dtype, {
            memory: arena.memory,
            vectors: new Map([...this.vectors].map(([name, t]) => [name, t.offset])),
            loopOf: kernels.loopOf,
          });
    this.compiled = this.runner.compiled;
  }

  /** Steps taken. */
  get t(): number {
    return this.steps;
  }

  /** The scalars kept between steps: one number for each range of parameters that is updated by itself. */
  get state(): ScalarState {
    const { program } = this.optimizer;
    return Object.fromEntries(
      program.state.map((name) => [name, this.own.map((scalars) => scalars[program.scalars.indexOf(name)])]),
    );
  }

  /** The weights to evaluate with, [1, n], where the rule keeps them apart from those it trains; null before the first step. */
  get averaged(): Tensor | null {
    const { averaged } = this.optimizer;
    return averaged === undefined || this.steps === 0 ? null : this.slots.get(averaged)!;
  }

  /** Changes hyper-parameters between steps; none when one is refused. @throws HyperError on an unknown name or a bad value */
  setHyper(values: Readonly<Record<string, number>>): void {
    const { name: optimizer, hyper, program } = this.optimizer;
    for (const [name, value] of Object.entries(values)) {
      if (!Object.hasOwn(hyper, name)) {
        throw noSuchSetting(`optimizer ${optimizer}.`, name, Object.keys(hyper));
      }
      hyper[name].check(value, `optimizer ${optimizer}: ${name}`);
    }
    for (const [i, { group }] of this.ranges.entries()) {
      const { hyper: fixed, lrFactor } = this.groups[group];
      for (const [name, value] of Object.entries(values)) {
        const shared = name === "lr" ? value * lrFactor : value;
        this.own[i][program.scalars.indexOf(name)] = Object.hasOwn(fixed, name) ? fixed[name] : shared;
      }
    }
  }

  /**
   * Goes on from a checkpoint: the steps taken until then and the scalars kept (the slots are written by the caller).
   * @param state as `this.state` gave it; as at the start when absent
   * @throws HyperError when `state` is of another rule or other groups
   */
  restore(steps: number, state: ScalarState = {}): void {
    const { name: optimizer, program, state: starts = {} } = this.optimizer;
    wholeNumber(`optimizer ${optimizer}`, "steps", steps, { min: 0 });
    for (const [name, values] of Object.entries(state)) {
      if (!Object.hasOwn(starts, name) || values.length !== this.ranges.length) {
        throw new HyperError({
          en: `optimizer ${optimizer}: state must hold ${this.ranges.length} numbers for each of ${Object.keys(starts).join(", ") || "nothing"}, got ${values.length} for ${name}. Restore into the network and groups it was saved from.`,
          ja: `optimizer ${optimizer}: 状態には ${Object.keys(starts).join("、") || "何も"} についてそれぞれ ${this.ranges.length} 個の数が必要です(${name} が ${values.length} 個でした)。保存したときと同じネットワークとグループで復元してください。`,
        });
      }
    }
    this.steps = steps;
    for (const [name, start] of Object.entries(starts)) {
      const index = program.scalars.indexOf(name);
      for (const [i, scalars] of this.own.entries()) {
        scalars[index] = state[name]?.[i] ?? start;
      }
    }
  }

  /** One update of all parameters from the gradients. Allocates nothing. */
  step(): void {
    const { ranges, prepared } = this;
    this.steps++;
    for (const scalars of this.own) {
      scalars[this.stepIndex] = this.steps;
    }
    if (!this.optimizer.program.overall) {
      for (let i = 0; i < ranges.length; i++) {
        this.take(i);
        for (const part of prepared) {
          this.run(part, ranges[i]);
        }
        this.give(i);
      }
      return;
    }
    for (const part of prepared) {
      let total = 0;
      for (let i = 0; i < ranges.length; i++) {
        this.take(i);
        total += this.run(part, ranges[i]);
        this.give(i);
      }
      if (part.kind === "reduction" && part.stage.kind === "sum") {
        for (const scalars of this.own) {
          scalars[part.index] = total;
        }
      }
    }
  }

  /** @returns a reduction's value, 0 else */
  private run(part: Prepared, range: Range): number {
    const { scalars } = this;
    const { begin, count, shape } = range;
    switch (part.kind) {
      case "scalar":
        scalars[part.index] = part.value(scalars);
        return 0;
      case "reduction": {
        const value = this.runner.run(part.stage, begin, count, scalars);
        scalars[part.index] = value;
        return value;
      }
      case "loop":
        return this.runner.run(part.stage, begin, count, scalars);
      case "orthogonal": {
        const { target, of } = part.stage;
        const { rows, cols } = shape ?? { rows: 1, cols: count };
        orthogonalize(this.kernels, { begin, rows, cols }, this.vectors.get(target)!, this.vectors.get(of)!, this.room);
        return 0;
      }
    }
  }

  private take(range: number): void {
    if (this.own.length > 1) {
      this.scalars.set(this.own[range]);
    }
  }

  private give(range: number): void {
    if (this.own.length > 1) {
      this.own[range].set(this.scalars);
    }
  }
}

function prepareStage(stage: Stage, scalars: readonly string[]): Prepared[] {
  const indexOf = (name: string) => scalars.indexOf(name);
  switch (stage.kind) {
    case "scalars":
      return stage.body.map(({ target, value }) => ({
        kind: "scalar",
        index: indexOf(target),
        value: scalarFunction(value, indexOf),
      }));
    case "norm":
    case "sum":
      return [{ kind: "reduction", stage, index: indexOf(stage.target) }];
    case "orthogonal":
      return [{ kind: "orthogonal", stage }];
    case "loop":
      return [{ kind: "loop", stage }];
  }
}
