import { align } from "../core/arena.ts";
import { wholeNumber } from "../core/checks.ts";
import { HyperError, ShapeError, suggest, suggestName } from "../core/errors.ts";
import type { HyperSet } from "../core/hyper.ts";
import { resolve } from "../core/hyper.ts";
import { bytesPerElement, type Dtype, type FloatArray, type Tensor } from "../core/tensor.ts";
import { given } from "../formula/check.ts";
import { compile } from "../formula/compile.ts";
import { type ScalarFunction, scalarFunction } from "../formula/evaluate-scalar.ts";
import { interpreter } from "../formula/interpret.ts";
import type { LoopStage, NormStage, Stage } from "../formula/program.ts";
import type { StageRunner } from "../formula/stage-runner.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { Optimizer } from "./optimizer.ts";

/** A part of the flat parameters: one tensor's elements. */
export interface Segment {
  readonly begin: number;
  readonly count: number;
}

export interface UpdaterOptions {
  readonly optimizer: Optimizer;
  readonly kernels: Kernels;
  /** [1, n], all parameters */
  readonly params: Tensor;
  /** [1, n], their gradients */
  readonly grads: Tensor;
  /** Over the optimizer's defaults. */
  readonly hyper?: Readonly<Record<string, number>>;
  /** The parameter tensors, for rules that use norm(); all of `params` as one when absent. */
  readonly segments?: readonly Segment[];
}

/** Bytes an updater of `count` parameters takes in the arena. */
export function updaterBytes({ program, slots }: Optimizer, count: number, dtype: Dtype): number {
  const vectors = slots.length + program.scratch.length;
  return vectors * align(count * bytesPerElement(dtype)) + align(program.scalars.length * 8);
}

type Prepared =
  | { readonly kind: "scalar"; readonly index: number; readonly value: ScalarFunction }
  | { readonly kind: "loop"; readonly stage: LoopStage }
  | { readonly kind: "norm"; readonly stage: NormStage; readonly index: number };

/**
 * Applies an update rule to the flat parameters of one network, in place. On fast kernels the rule runs compiled to WASM
 * SIMD, on the reference kernels it is interpreted; the numbers are the same.
 */
export class Updater {
  readonly optimizer: Optimizer;
  /** The state kept between steps, by name; each [1, n]. */
  readonly slots: ReadonlyMap<string, Tensor>;
  /** Whether the rule runs as compiled code. */
  readonly compiled: boolean;
  private readonly scalars: Float64Array;
  private readonly prepared: readonly Prepared[];
  private readonly runner: StageRunner;
  private readonly segments: readonly Segment[];
  private readonly stepIndex: number;
  private steps = 0;

  /** @throws ShapeError, HyperError */
  constructor({ optimizer, kernels, params, grads, hyper = {}, segments }: UpdaterOptions) {
    if (params.cols !== grads.cols || params.rows !== 1 || grads.rows !== 1) {
      throw new ShapeError({
        en: `optimizer ${optimizer.name}: params and grads must be [1, n] alike, got [${params.shape}] and [${grads.shape}].`,
        ja: `optimizer ${optimizer.name}: params と grads はどちらも同じ [1, n] でなければなりません([${params.shape}] と [${grads.shape}] でした)。`,
      });
    }
    const { arena, dtype } = kernels;
    const { program } = optimizer;
    const allocate = (names: readonly string[]) =>
      new Map(names.map((name) => [name, arena.floats(1, params.cols)] as const));
    this.optimizer = optimizer;
    this.slots = allocate(optimizer.slots);
    const tensors = new Map<string, Tensor>([
      [given.parameters, params],
      [given.gradients, grads],
      ...this.slots,
      ...allocate(program.scratch),
    ]);
    const scalars = arena.bytes(program.scalars.length * 8);
    this.scalars = new Float64Array(scalars.buffer, scalars.offset, program.scalars.length);
    this.stepIndex = program.scalars.indexOf(given.step);
    this.setHyper(resolve(optimizer.hyper as HyperSet, hyper) as Record<string, number>);
    this.prepared = program.stages.flatMap((stage) => prepareStage(stage, program.scalars));
    this.runner =
      kernels.name === "reference"
        ? interpreter(program, dtype, new Map<string, FloatArray>([...tensors].map(([name, t]) => [name, t.data])))
        : compile(program, dtype, {
            memory: arena.memory,
            vectors: new Map([...tensors].map(([name, t]) => [name, t.offset])),
            scalars: scalars.offset,
          });
    this.compiled = this.runner.compiled;
    const whole = [{ begin: 0, count: params.cols }];
    this.segments = program.perTensor ? (segments ?? whole) : whole;
  }

  /** Steps taken. */
  get t(): number {
    return this.steps;
  }

  /** Changes hyper-parameters between steps; none when one is refused. @throws HyperError on an unknown name or a bad value */
  setHyper(values: Readonly<Record<string, number>>): void {
    const { name: optimizer, hyper, program } = this.optimizer;
    for (const [name, value] of Object.entries(values)) {
      if (!Object.hasOwn(hyper, name)) {
        throw new HyperError({
          en: `optimizer ${optimizer}: no hyper-parameter is called ${name}. ${suggest(name, Object.keys(hyper))}`,
          ja: `optimizer ${optimizer}: ${name} というハイパーパラメータはありません。${suggestName(name, Object.keys(hyper)).ja}`,
        });
      }
      hyper[name].check(value, `optimizer ${optimizer}: ${name}`);
    }
    for (const [name, value] of Object.entries(values)) {
      this.scalars[program.scalars.indexOf(name)] = value;
    }
  }

  /** Goes on from a checkpoint: the steps taken until then (the slots are written by the caller). */
  restore(steps: number): void {
    wholeNumber(`optimizer ${this.optimizer.name}`, "steps", steps, { min: 0 });
    this.steps = steps;
  }

  /** One update of all parameters from the gradients. Allocates nothing. */
  step(): void {
    const { scalars } = this;
    this.steps++;
    scalars[this.stepIndex] = this.steps;
    for (const { begin, count } of this.segments) {
      for (const part of this.prepared) {
        if (part.kind === "scalar") {
          scalars[part.index] = part.value(scalars);
        } else if (part.kind === "norm") {
          scalars[part.index] = this.runner.run(part.stage, begin, count, scalars);
        } else {
          this.runner.run(part.stage, begin, count, scalars);
        }
      }
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
      return [{ kind: "norm", stage, index: indexOf(stage.target) }];
    case "loop":
      return [{ kind: "loop", stage }];
  }
}
