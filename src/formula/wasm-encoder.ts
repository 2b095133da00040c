/**
 * The few parts of the WebAssembly binary format that a compiled rule needs. Code is a list of bytes; a function declares
 * its locals as it meets them.
 */

const valueType = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof valueType;
export type Code = number[];

/** Unsigned LEB128. */
function unsigned(value: number): Code {
  const out: Code = [];
  let rest = value >>> 0;
  do {
    const more = rest > 0x7f ? 0x80 : 0;
    out.push((rest & 0x7f) | more);
    rest >>>= 7;
  } while (rest > 0);
  return out;
}

/** An instruction of the 128-bit SIMD set. */
export function simd(opcode: number, ...rest: Code): Code {
  return [0xfd, ...unsigned(opcode), ...rest];
}

/** A constant of −64 to 63, which is one byte of signed LEB128: rules need widths and sizes in bytes. */
export function i32(value: number): Code {
  return [0x41, value & 0x7f];
}

/** Alignment as a power of two, and a constant added to the address on the stack. */
export function memoryArgument(alignment: number, offset: number): Code {
  return [...unsigned(alignment), ...unsigned(offset)];
}

/** A function under construction. */
export class FunctionBuilder {
  readonly parameters: readonly ValueType[];
  readonly result: ValueType;
  private readonly locals: ValueType[] = [];
  private readonly entry: number[] = [];
  private readonly constants = new Map<string, number>();
  private readonly code: Code = [];

  constructor(parameters: readonly ValueType[], result: ValueType) {
    this.parameters = parameters;
    this.result = result;
  }

  /** A new local's index. */
  local(type: ValueType): number {
    this.locals.push(type);
    return this.parameters.length + this.locals.length - 1;
  }

  /** A local that holds what `code` makes. It is set once, at entry: V8 makes a 128-bit constant anew wherever it stands. */
  constant(type: ValueType, code: Code): number {
    const key = code.join();
    let local = this.constants.get(key);
    if (local === undefined) {
      local = this.local(type);
      this.constants.set(key, local);
      this.entry.push(...code, ...set(local));
    }
    return local;
  }

  emit(...parts: readonly Code[]): void {
    for (const part of parts) {
      for (const byte of part) {
        this.code.push(byte);
      }
    }
  }

  body(): Code {
    const declared = [...unsigned(this.locals.length), ...this.locals.flatMap((type) => [1, valueType[type]])];
    const bytes = [...declared, ...this.entry, ...this.code, 0x0b];
    return [...unsigned(bytes.length), ...bytes];
  }
}

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number): Code => [0x21, ...unsigned(local)];
export const tee = (local: number): Code => [0x22, ...unsigned(local)];

/** A module that imports `env.memory` and exports each function as `f0`, `f1`, … */
export function encodeModule(functions: readonly FunctionBuilder[]): Uint8Array<ArrayBuffer> {
  const types = functions.map((f) => [
    0x60,
    ...vector(f.parameters.map((type) => [valueType[type]])),
    ...vector([[valueType[f.result]]]),
  ]);
  const memory = [...text("env"), ...text("memory"), 0x02, 0x00, 0x00];
  const exported = functions.map((_, i) => [...text(`f${i}`), 0x00, ...unsigned(i)]);
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(types)),
    ...section(2, vector([memory])),
    ...section(3, vector(functions.map((_, i) => unsigned(i)))),
    ...section(7, vector(exported)),
    ...section(10, vector(functions.map((f) => f.body()))),
  ]);
}

function vector(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content];
}

function text(value: string): Code {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
}
