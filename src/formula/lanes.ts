import type { Dtype } from "../core/tensor.ts";
import type { BinaryOperator, UnaryOperator } from "./program.ts";
import { type Code, get, memoryArgument, set, simd, tee, type ValueType } from "./wasm-encoder.ts";

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
  readonly unary: Readonly<Record<Exclude<UnaryOperator, "sign">, Code>>;
  readonly binary: Readonly<Record<BinaryOperator, Code>>;
  load(offset: number): Code;
  store(offset: number): Code;
  /** A float64 on the stack becomes this type, rounded. */
  readonly fromScalar: Code;
  /** sign of what is on the stack, by way of a local of this type */
  sign(local: number): Code;
  /** On the stack: yes, no and a condition, in that order; what is left is `yes` where condition > 0, else `no`. */
  readonly where: Code;
  /** what is on the stack, or 0 where it is smaller than a positive bound; NaN stays */
  flush(local: number, bound: number): Code;
}

function float32Constant(value: number): Code {
  return [0x43, ...new Uint8Array(new Float32Array([value]).buffer)];
}

function float64Constant(value: number): Code {
  return [0x44, ...new Uint8Array(new Float64Array([value]).buffer)];
}

/** Opcodes of a type's operations, in the order abs, neg, sqrt, add, sub, mul, div, min, max. */
function operations(make: (opcode: number) => Code, opcodes: readonly number[]): Pick<Lanes, "unary" | "binary"> {
  const [abs, neg, sqrt, add, sub, mul, div, min, max] = opcodes.map((opcode) => make(opcode));
  return { unary: { abs, neg, sqrt }, binary: { add, sub, mul, div, min, max } };
}

const scalar32: Lanes = {
  type: "f32",
  count: 1,
  bytes: 4,
  ...operations((opcode) => [opcode], [0x8b, 0x8c, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97]),
  load: (offset) => [0x2a, ...memoryArgument(2, offset)],
  store: (offset) => [0x38, ...memoryArgument(2, offset)],
  fromScalar: [0xb6],
  // select(copysign(1, x), x, |x| > 0)
  sign: (x) => [
    ...tee(x),
    ...[0x1a, ...float32Constant(1), ...get(x), 0x98],
    ...[...get(x), ...get(x), 0x8b, ...float32Constant(0), 0x5e, 0x1b],
  ],
  where: [...float32Constant(0), 0x5e, 0x1b],
  // select(0, x, |x| < bound)
  flush: (x, bound) => [
    ...[...set(x), ...float32Constant(0), ...get(x)],
    ...[...get(x), 0x8b, ...float32Constant(bound), 0x5d, 0x1b],
  ],
};

const scalar64: Lanes = {
  type: "f64",
  count: 1,
  bytes: 8,
  ...operations((opcode) => [opcode], [0x99, 0x9a, 0x9f, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5]),
  load: (offset) => [0x2b, ...memoryArgument(3, offset)],
  store: (offset) => [0x39, ...memoryArgument(3, offset)],
  fromScalar: [],
  sign: (x) => [
    ...tee(x),
    ...[0x1a, ...float64Constant(1), ...get(x), 0xa6],
    ...[...get(x), ...get(x), 0x99, ...float64Constant(0), 0x64, 0x1b],
  ],
  where: [...float64Constant(0), 0x64, 0x1b],
  flush: (x, bound) => [
    ...[...set(x), ...float64Constant(0), ...get(x)],
    ...[...get(x), 0x99, ...float64Constant(bound), 0x63, 0x1b],
  ],
};

const load128 = (offset: number) => simd(0x00, ...memoryArgument(4, offset));
const store128 = (offset: number) => simd(0x0b, ...memoryArgument(4, offset));
const bitselect = simd(0x52);

function constant128(array: Float32Array | Float64Array | Uint32Array | BigUint64Array): Code {
  return simd(0x0c, ...new Uint8Array(array.buffer));
}

/** Bits of `one` but the sign of x, where |x| > 0; else x itself. */
function sign128(x: number, one: Code, magnitude: Code, abs: number, greater: number): Code {
  const zero = constant128(new Uint32Array(4));
  return [
    ...tee(x),
    ...[0x1a, ...one, ...get(x), ...magnitude, ...bitselect],
    ...[...get(x), ...get(x), ...simd(abs), ...zero, ...simd(greater), ...bitselect],
  ];
}

/**
 * x with the lanes cleared whose magnitude is below the bound. Compared as whole numbers, which order positive floats as
 * they are: NaN is above every bound, and the comparison itself never meets a subnormal number.
 */
function flush128(x: number, abs: number, bound: Code, less: number): Code {
  return [...tee(x), ...get(x), ...simd(abs), ...bound, ...simd(less), ...simd(0x4f)];
}

const zero128 = constant128(new Uint32Array(4));
const magnitude32 = constant128(new Uint32Array(4).fill(0x7fffffff));
const magnitude64 = constant128(new BigUint64Array(2).fill(0x7fffffffffffffffn));

const vector32: Lanes = {
  type: "v128",
  count: 4,
  bytes: 16,
  ...operations(simd, [0xe0, 0xe1, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9]),
  load: load128,
  store: store128,
  fromScalar: [0xb6, ...simd(0x13)],
  sign: (x) => sign128(x, constant128(new Float32Array(4).fill(1)), magnitude32, 0xe0, 0x44),
  where: [...zero128, ...simd(0x44), ...bitselect],
  flush: (x, bound) => flush128(x, 0xe0, [...float32Constant(bound), ...simd(0x13)], 0x39),
};

const vector64: Lanes = {
  type: "v128",
  count: 2,
  bytes: 16,
  ...operations(simd, [0xec, 0xed, 0xef, 0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5]),
  load: load128,
  store: store128,
  fromScalar: simd(0x14),
  sign: (x) => sign128(x, constant128(new Float64Array(2).fill(1)), magnitude64, 0xec, 0x4a),
  where: [...zero128, ...simd(0x4a), ...bitselect],
  flush: (x, bound) => flush128(x, 0xec, [...float64Constant(bound), ...simd(0x14)], 0xd8),
};

export const lanes: Readonly<Record<Dtype, { readonly vector: Lanes; readonly scalar: Lanes }>> = {
  float32: { vector: vector32, scalar: scalar32 },
  float64: { vector: vector64, scalar: scalar64 },
};
