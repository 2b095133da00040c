import type { LoopFinder } from "../core/loop-finder.ts";
import { bytesPerElement, type Dtype } from "../core/tensor.ts";
import { tiny, tinyBase } from "../core/tiny.ts";
import { given } from "./check.ts";
import { type Lanes, lanes } from "./lanes.ts";
import { loopNames } from "./loop-names.ts";
import {
  type ElementStage,
  type LoopStage,
  type Program,
  type ReductionStage,
  type StageRunner,
  type VectorExpression,
  visitNames,
} from "./program.ts";
import { type Code, encodeModule, FunctionBuilder, get, i32, memoryArgument, set, simd, tee } from "./wasm-encoder.ts";

/** Where a program's data lies in the memory; bytes from its start. */
export interface Layout {
  readonly memory: WebAssembly.Memory;
  readonly vectors: ReadonlyMap<string, number>;
  /** Loops that are there already. */
  readonly loopOf?: LoopFinder;
}

type Loop = NonNullable<ReturnType<LoopFinder>>;

/**
 * Compiles a rule's loops to WASM SIMD over one memory, those that the layout does not bring. The vectors' addresses are
 * constants of the code, so that a step passes three numbers and allocates nothing.
 */
export function compile(program: Program, dtype: Dtype, layout: Layout): StageRunner {
  const stages = program.stages.filter((stage) => stage.kind !== "scalars" && stage.kind !== "orthogonal");
  const loops = new Map<ElementStage, Loop | undefined>(
    stages.map((stage) => [stage, loopThere(program, layout, stage)]),
  );
  const missing = stages.filter((stage) => loops.get(stage) === undefined);
  if (missing.length > 0) {
    const functions = missing.map((stage) => new LoopEmitter(program, dtype, layout, stage).emit());
    const module = new WebAssembly.Module(encodeModule(functions));
    const { exports } = new WebAssembly.Instance(module, { env: { memory: layout.memory } });
    for (const [i, stage] of missing.entries()) {
      loops.set(stage, exports[`f${i}`] as Loop);
    }
  }
  return {
    compiled: true,
    run: (stage, begin, count, scalars) => loops.get(stage)!(begin, count, scalars.byteOffset),
  };
}

function loopThere({ scalars }: Program, { loopOf, vectors }: Layout, stage: ElementStage): Loop | undefined {
  if (stage.kind !== "loop" || loopOf === undefined) {
    return undefined;
  }
  const names = loopNames(stage, (name) => vectors.has(name));
  return loopOf(
    names.key,
    names.vectors.map((name) => vectors.get(name)!),
    names.scalars.map((name) => 8 * scalars.indexOf(name)),
  );
}

const BEGIN = 0;
const COUNT = 1;
/** Where the scalars lie, float64 each, in the order of `program.scalars`. */
const SCALARS = 2;

/** Emits `(begin, count, scalars) → f64` for one stage: a loop over registers, then one over the elements left. */
class LoopEmitter {
  private readonly program: Program;
  private readonly layout: Layout;
  private readonly stage: ElementStage;
  private readonly dtype: Dtype;
  private readonly size: number;
  private readonly width: { readonly vector: Lanes; readonly scalar: Lanes };
  private readonly f = new FunctionBuilder(["i32", "i32", "i32"], "f64");
  /** byte offset of the current element */
  private readonly at = this.f.local("i32");
  private readonly end = this.f.local("i32");
  private readonly sum = this.f.local("f64");

  constructor(program: Program, dtype: Dtype, layout: Layout, stage: ElementStage) {
    this.program = program;
    this.layout = layout;
    this.stage = stage;
    this.dtype = dtype;
    this.size = bytesPerElement(dtype);
    this.width = lanes[dtype];
  }

  emit(): FunctionBuilder {
    const { f, at, end, size } = this;
    const { vector, scalar } = this.width;
    f.emit(get(BEGIN), i32(size), [0x6c], set(at));
    // end = at + (count − count mod lanes) · size
    f.emit(get(at), get(COUNT), i32(-vector.count), [0x71], i32(size), [0x6c, 0x6a], set(end));
    this.loop(vector);
    f.emit(get(BEGIN), get(COUNT), [0x6a], i32(size), [0x6c], set(end));
    this.loop(scalar);
    f.emit(get(this.sum), this.stage.kind === "norm" ? [0x9f] : []);
    return f;
  }

  private loop(width: Lanes): void {
    const { f, at, end } = this;
    const body = new BodyEmitter({ f, at, width, dtype: this.dtype, program: this.program, layout: this.layout });
    const partial = this.stage.kind === "loop" ? undefined : this.partialSums(width, this.stage.kind);
    body.loadScalars(this.stage);
    f.emit([0x02, 0x40, ...get(at), ...get(end), 0x4f, 0x0d, 0x00]); // block: leave it when at ≥ end
    f.emit([0x03, 0x40]);
    if (this.stage.kind === "loop") {
      body.assignments(this.stage);
    } else {
      body.value(this.stage.of);
      partial!.add();
    }
    f.emit(get(at), i32(width.bytes), [0x6a], tee(at), get(end), [0x49, 0x0d, 0x00]);
    f.emit([0x0b, 0x0b]);
    partial?.finish();
  }

  /** The value on the stack (for a norm its square), summed in float64 lane by lane; `finish` adds the lanes to `sum`. */
  private partialSums(width: Lanes, kind: ReductionStage["kind"]): { add(): void; finish(): void } {
    const { f, sum } = this;
    const x = f.local(width.type);
    const squared = kind === "norm";
    if (width.count === 1) {
      const promote: Code = width.type === "f32" ? [0xbb] : [];
      const term = [...get(x), ...promote, ...(squared ? [...get(x), ...promote, 0xa2] : [])];
      return {
        add: () => f.emit(set(x), get(sum), term, [0xa0], set(sum)),
        finish: () => {},
      };
    }
    const low = f.local("v128");
    const add = simd(0xf0);
    const term = (register: number) => (squared ? [...get(register), ...get(register), ...simd(0xf2)] : get(register));
    const total = (register: Code) => f.emit(register, simd(0x21, 0), register, simd(0x21, 1), [0xa0], set(sum));
    if (width.count === 2) {
      return {
        add: () => f.emit(set(x), get(low), term(x), add, set(low)),
        finish: () => total(get(low)),
      };
    }
    const high = f.local("v128");
    const half = f.local("v128");
    const promote = simd(0x5f);
    // Lanes 2 and 3 moved to 0 and 1.
    const upper = simd(0x0d, ...[8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]);
    return {
      add: () => {
        f.emit(tee(x), promote, set(half), get(low), term(half), add, set(low));
        f.emit(get(x), get(x), upper, promote, set(half), get(high), term(half), add, set(high));
      },
      finish: () => {
        f.emit(get(low), get(high), add, set(low));
        total(get(low));
      },
    };
  }
}

/** Emits a stage's arithmetic for one width. */
class BodyEmitter {
  private readonly f: FunctionBuilder;
  private readonly at: number;
  private readonly width: Lanes;
  private readonly dtype: Dtype;
  private readonly program: Program;
  private readonly layout: Layout;
  private readonly scalars = new Map<string, number>();
  private readonly vectors = new Map<string, number>();

  constructor(of: {
    readonly f: FunctionBuilder;
    readonly at: number;
    readonly width: Lanes;
    readonly dtype: Dtype;
    readonly program: Program;
    readonly layout: Layout;
  }) {
    this.f = of.f;
    this.at = of.at;
    this.width = of.width;
    this.dtype = of.dtype;
    this.program = of.program;
    this.layout = of.layout;
  }

  /** Every scalar the stage names, into a local: outside the loop. */
  loadScalars(stage: ElementStage): void {
    for (const expression of stage.kind === "loop" ? stage.body.map(({ value }) => value) : [stage.of]) {
      visitNames(expression, (kind, name) => {
        if (kind === "scalar" && !this.scalars.has(name)) {
          const local = this.f.local(this.width.type);
          const offset = 8 * this.program.scalars.indexOf(name);
          this.f.emit(get(SCALARS), [0x2b, ...memoryArgument(3, offset)], this.width.fromScalar, set(local));
          this.scalars.set(name, local);
        }
      });
    }
  }

  /** The stage's lines in order; what they assign is kept in locals and stored once, at the end. */
  assignments({ body }: LoopStage): void {
    this.vectors.clear();
    for (const { target, value } of body) {
      this.value(value);
      let local = this.vectors.get(target);
      if (local === undefined) {
        local = this.f.local(this.width.type);
        this.vectors.set(target, local);
      }
      this.f.emit(this.width.flush(this.f, tiny[this.dtype]), set(local));
    }
    for (const target of new Set(body.map((line) => line.target))) {
      const address = this.layout.vectors.get(target);
      if (address !== undefined) {
        this.f.emit(get(this.at), get(this.vectors.get(target)!), this.width.store(address));
      }
    }
  }

  /** Leaves the expression's value on the stack. */
  value(expression: VectorExpression): void {
    const { f, width } = this;
    switch (expression.kind) {
      case "scalar":
        f.emit(get(this.scalars.get(expression.name)!));
        break;
      case "vector":
        this.vector(expression.name);
        break;
      case "unary":
        this.value(expression.of);
        f.emit(width.unary[expression.operator](f));
        break;
      case "binary":
        this.value(expression.left);
        this.value(expression.right);
        f.emit(width.binary[expression.operator](f));
        break;
      case "where":
        this.value(expression.yes);
        this.value(expression.no);
        this.value(expression.condition);
        f.emit(width.where);
        break;
      case "power": {
        const x = f.local(width.type);
        this.value(expression.of);
        if (expression.exponent > 1) {
          f.emit(width.flush(f, tinyBase(this.dtype, expression.exponent)));
        }
        f.emit(tee(x));
        for (let k = 1; k < expression.exponent; k++) {
          f.emit(get(x), width.binary.mul(f));
        }
        break;
      }
    }
  }

  private vector(name: string): void {
    const known = this.vectors.get(name);
    if (known !== undefined) {
      this.f.emit(get(known));
      return;
    }
    const local = this.f.local(this.width.type);
    this.f.emit(get(this.at), this.width.load(this.layout.vectors.get(name)!));
    if (name === given.gradients) {
      this.f.emit(this.width.flush(this.f, tiny[this.dtype]));
    }
    this.f.emit(tee(local));
    this.vectors.set(name, local);
  }
}
