import type { Dtype } from "../core/tensor.ts";
import type { BinaryOperator, UnaryOperator } from "./program.ts";
import {
  type Code,
  type FunctionBuilder,
  get,
  memoryArgument,
  set,
  simd,
  tee,
  type ValueType,
} from "./wasm-encoder.ts";

/** An operation on what is on the stack; f gives it locals and constants. */
type Emit = (f: FunctionBuilder) => Code;

/**
 * How one element, or one register of them, is computed in WASM. The loop emitter is written once over this, for the
 * vector body and for the elements left at the end.
 */
export interface Lanes {
  readonly type: ValueType;
  /** elements at a time */
  readonly count: number;
  /** bytes at a time */
  readonly bytes: number;
  readonly unary: Readonly<Record<UnaryOperator, Emit>>;
  readonly binary: Readonly<Record<BinaryOperator, Emit>>;
  load(offset: number): Code;
  store(offset: number): Code;
  /** A float64 on the stack becomes this type, rounded. */
  readonly fromScalar: Code;
  /** On the stack: yes, no and a condition, in that order; what is left is `yes` where condition > 0, else `no`. */
  readonly where: Code;
  /** what is on the stack, or 0 where it is smaller than a positive bound; NaN stays */
  flush(f: FunctionBuilder, bound: number): Code;
}

/** What one instruction does in every type; the standard numbers it on from `abs`, and from `sqrt`. */
function instructions(make: (opcode: number) => Code, abs: number, sqrt: number) {
  const at = (opcode: number) => () => make(opcode);
  return {
    unary: { abs: at(abs), neg: at(abs + 1), sqrt: at(sqrt) },
    binary: { add: at(sqrt + 1), sub: at(sqrt + 2), mul: at(sqrt + 3), div: at(sqrt + 4) },
  };
}

/** One element at a time, of a type whose instructions begin at `abs`. */
function scalar(of: {
  readonly type: "f32" | "f64";
  readonly bytes: number;
  readonly constant: (value: number) => Code;
  readonly load: (offset: number) => Code;
  readonly store: (offset: number) => Code;
  readonly fromScalar: Code;
  readonly abs: number;
  readonly less: number;
  readonly greater: number;
}): Lanes {
  const { type, bytes, constant, load, store, fromScalar, abs, less, greater } = of;
  const { unary, binary } = instructions((opcode) => [opcode], abs, abs + 6);
  const [min, max, copysign] = [abs + 11, abs + 12, abs + 13];
  const select = 0x1b;
  return {
    ...{ type, count: 1, bytes, load, store, fromScalar },
    unary: {
      ...unary,
      // select(copysign(1, x), x, |x| > 0)
      sign: (f) => {
        const x = f.local(type);
        const one = [...constant(1), ...get(x), copysign];
        return [...set(x), ...one, ...get(x), ...get(x), abs, ...constant(0), greater, select];
      },
    },
    binary: { ...binary, min: () => [min], max: () => [max] },
    where: [...constant(0), greater, select],
    // select(0, x, |x| < bound)
    flush: (f, bound) => {
      const x = f.local(type);
      return [...set(x), ...constant(0), ...get(x), ...get(x), abs, ...constant(bound), less, select];
    },
  };
}

function constant128(array: Float32Array | Float64Array | Uint32Array | BigUint64Array): Code {
  return simd(0x0c, ...new Uint8Array(array.buffer));
}

const zero = constant128(new Uint32Array(4));
const [andnot, or, xor, bitselect] = [0x4f, 0x50, 0x51, 0x52].map((opcode) => simd(opcode)) as [Code, Code, Code, Code];

/** A register at a time, of elements whose instructions begin at `abs`; `lower` compares whole numbers of their width. */
function register(of: {
  readonly count: number;
  readonly filled: (value: number) => Code;
  readonly magnitude: Code;
  readonly fromScalar: Code;
  readonly abs: number;
  readonly greater: number;
  readonly lower: number;
}): Lanes {
  const { count, filled, magnitude, fromScalar, abs, greater, lower } = of;
  const { unary, binary } = instructions(simd, abs, abs + 3);
  const [sub, pmin, pmax] = [abs + 5, abs + 10, abs + 11];
  return {
    ...{ type: "v128", count, bytes: 16, fromScalar },
    load: (offset) => simd(0x00, ...memoryArgument(4, offset)),
    store: (offset) => simd(0x0b, ...memoryArgument(4, offset)),
    unary: {
      ...unary,
      // 1 with the sign of x, where |x| > 0; else x itself
      sign: (f) => {
        const [x, one, mask] = [f.local("v128"), f.constant("v128", filled(1)), f.constant("v128", magnitude)];
        const signed = [...get(one), ...get(x), ...get(mask), ...bitselect];
        return [...set(x), ...signed, ...get(x), ...get(x), ...simd(abs), ...zero, ...simd(greater), ...bitselect];
      },
    },
    // min and max are one instruction of WASM but seven and eight of x64. `b < a ? b : a` is one of both; asked in both
    // orders it differs only where a and b are zeros of unlike sign, or one of them is NaN.
    binary: {
      ...binary,
      min: (f) => {
        const [a, b] = [f.local("v128"), f.local("v128")];
        return [...set(b), ...set(a), ...inBothOrders(a, b, simd(pmin)), ...or];
      },
      max: (f) => {
        const [a, b, one, other] = [f.local("v128"), f.local("v128"), f.local("v128"), f.local("v128")];
        const both = [...inBothOrders(a, b, simd(pmax)), ...set(other), ...set(one)];
        const [either, differing] = [or, xor].map((join) => [...get(one), ...get(other), ...join]) as [Code, Code];
        return [...set(b), ...set(a), ...both, ...either, ...differing, ...simd(sub)];
      },
    },
    where: [...zero, ...simd(greater), ...bitselect],
    // Compared as whole numbers, which order positive floats as they are: NaN is above every bound, and the comparison
    // itself never meets a subnormal number.
    flush: (f, bound) => {
      const x = f.local("v128");
      const small = [...get(x), ...simd(abs), ...get(f.constant("v128", filled(bound))), ...simd(lower)];
      return [...tee(x), ...small, ...andnot];
    },
  };
}

function inBothOrders(a: number, b: number, operation: Code): Code {
  return [...get(a), ...get(b), ...operation, ...get(b), ...get(a), ...operation];
}

const scalar32 = scalar({
  ...{ type: "f32", bytes: 4, fromScalar: [0xb6], abs: 0x8b, less: 0x5d, greater: 0x5e },
  constant: (value) => [0x43, ...new Uint8Array(new Float32Array([value]).buffer)],
  load: (offset) => [0x2a, ...memoryArgument(2, offset)],
  store: (offset) => [0x38, ...memoryArgument(2, offset)],
});

const scalar64 = scalar({
  ...{ type: "f64", bytes: 8, fromScalar: [], abs: 0x99, less: 0x63, greater: 0x64 },
  constant: (value) => [0x44, ...new Uint8Array(new Float64Array([value]).buffer)],
  load: (offset) => [0x2b, ...memoryArgument(3, offset)],
  store: (offset) => [0x39, ...memoryArgument(3, offset)],
});

const register32 = register({
  ...{ count: 4, fromScalar: [0xb6, ...simd(0x13)], abs: 0xe0, greater: 0x44, lower: 0x39 },
  filled: (value) => constant128(new Float32Array(4).fill(value)),
  magnitude: constant128(new Uint32Array(4).fill(0x7fffffff)),
});

const register64 = register({
  ...{ count: 2, fromScalar: simd(0x14), abs: 0xec, greater: 0x4a, lower: 0xd8 },
  filled: (value) => constant128(new Float64Array(2).fill(value)),
  magnitude: constant128(new BigUint64Array(2).fill(0x7fffffffffffffffn)),
});

export const lanes: Readonly<Record<Dtype, { readonly vector: Lanes; readonly scalar: Lanes }>> = {
  float32: { vector: register32, scalar: scalar32 },
  float64: { vector: register64, scalar: scalar64 },
};
