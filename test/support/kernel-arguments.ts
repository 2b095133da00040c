import { RandomStream } from "../../src/core/random.ts";
import type { ByteRows } from "../../src/core/rows.ts";
import type { IntTensor, Tensor } from "../../src/core/tensor.ts";
import type { Kernels, WindowOver } from "../../src/kernels/kernels.ts";
import type { Operations } from "../../src/kernels/operations.generated.ts";
import { type Dim, type Operand, type Signature, signatureOf } from "../../src/kernels/signature.ts";
import { table } from "../../src/kernels/table.ts";
import { placesOf } from "../../src/kernels/window-places.ts";

export type OperationName = keyof Operations;
export const signatures = Object.entries(table).map(
  ([name, { takes }]) => [name as OperationName, signatureOf(name, takes)] as const,
);

export type Argument = Tensor | IntTensor | ByteRows | WindowOver | number | string | null;
/** By the names that operations give their sizes. */
export type Sizes = Readonly<Record<string, number>>;

/** What an operation is called with, in the order of its parameters; behind each tensor lies memory that must stay 3. */
export interface Arguments {
  readonly values: Argument[];
  readonly guards: readonly Tensor[];
}

export function sizeOf(dim: Dim, sizes: Sizes, over: WindowOver): number {
  const window: Sizes = { ...over, places: placesOf(over) };
  const ofWindow = dim.length > 1;
  return dim.reduce((product, name) => product * (ofWindow ? (window[name] ?? sizes[name]) : sizes[name]), 1);
}

/** Random arguments of these sizes. @param number makes each number of a tensor */
export function argumentsOf(
  { operands }: Signature,
  kernels: Kernels,
  { sizes, over, seed }: { readonly sizes: Sizes; readonly over: WindowOver; readonly seed: number },
  number: (stream: RandomStream) => number = (stream) => stream.normal(),
): Arguments {
  const stream = RandomStream.seeded(seed);
  const { arena } = kernels;
  const guards: Tensor[] = [];
  const below = (count: number) => Math.floor(stream.double() * count);
  const values = operands.map((operand): Argument => {
    const [all, cols] = (operand.shape ?? [[], []]).map((dim) => sizeOf(dim, sizes, over));
    const rows = operand.some === "rows" ? Math.max(all, 1) : all;
    switch (operand.kind) {
      case "floats": {
        const tensor = arena.floats(rows, cols);
        guards.push(arena.floats(1, 16));
        tensor.data.forEach((_x, i) => {
          tensor.data[i] = number(stream);
        });
        return operand.orNull && stream.double() < 0.3 ? null : tensor;
      }
      case "ints": {
        const tensor = arena.ints(cols);
        const limit = operand.below === undefined ? 1 : sizeOf(operand.below, sizes, over);
        tensor.data.forEach((_x, i) => {
          tensor.data[i] = below(limit);
        });
        return tensor;
      }
      case "bytes":
        return { data: Uint8Array.from({ length: rows * cols }, () => below(256)), count: rows, width: cols };
      case "choice":
        return operand.choices![below(operand.choices!.length)];
      case "window":
        return over;
      case "whole":
        return below(9);
      case "number":
        break;
    }
    return 0.25 + stream.double();
  });
  for (const { data } of guards) {
    data.fill(3);
  }
  return { values, guards };
}

/** Calls an operation by its name. */
export function call(kernels: Kernels, name: OperationName, values: readonly Argument[]): number | boolean | undefined {
  return (kernels[name] as (...values: readonly Argument[]) => number | boolean | undefined).call(kernels, ...values);
}

/** The numbers of an operation's tensors, of those that are written or of those that are only read. */
export function numbersOf({ operands }: Signature, values: readonly Argument[], written: boolean): number[][] {
  return operands.flatMap((operand, i) => {
    const tensor = values[i] as Tensor | null;
    return isTensor(operand) && operand.written === written && !operand.spare && tensor !== null
      ? [[...tensor.data]]
      : [];
  });
}

export function isTensor({ kind }: Operand): boolean {
  return kind === "floats" || kind === "ints";
}
