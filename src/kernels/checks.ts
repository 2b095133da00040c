import { ShapeError } from "../core/errors.ts";
import type { ByteRows } from "../core/rows.ts";
import { type IntTensor, shapeOf, type Tensor } from "../core/tensor.ts";
import type { Told } from "../core/text.ts";
import { takes } from "./operations.generated.ts";
import type { WindowOver } from "./window-places.ts";

/**
 * What the checks of every operation are made of (`checked-kernels.generated.ts`). They run on every call, so a check that
 * passes only compares integers and buffers; words are put together when one fails.
 *
 * Fast kernels write to bare addresses: what is refused here would overwrite other tensors there.
 */

type Where = keyof typeof takes;
type AnyTensor = Tensor | IntTensor;

function refuse(where: Where, { en, ja }: Told): never {
  const shapes = takes[where];
  throw new ShapeError({ en: `${where}: ${en}. It takes ${shapes}.`, ja: `${where}: ${ja}。引数: ${shapes}` });
}

function refuseTensor(where: Where, name: string, t: AnyTensor, rows: number, cols: number): never {
  if (t.rows !== rows || t.cols !== cols) {
    refuse(where, {
      en: `${name} must be [${rows}, ${cols}], got ${shapeOf(t)}`,
      ja: `${name} は [${rows}, ${cols}] でなければなりません(${shapeOf(t)} でした)`,
    });
  }
  throw new ShapeError({
    en: `${where}: ${name} must lie in the kernels' own arena, got a tensor from elsewhere. Make it with kernels.arena.`,
    ja: `${where}: ${name} はカーネルと同じアリーナになければなりません。kernels.arena で作ってください。`,
  });
}

export function need(
  where: Where,
  memory: ArrayBufferLike,
  name: string,
  t: AnyTensor,
  rows: number,
  cols: number,
): void {
  if (t.rows !== rows || t.cols !== cols || t.buffer !== memory) {
    refuseTensor(where, name, t, rows, cols);
  }
}

export function refuseSame(where: Where, name: string, input: string): never {
  refuse(where, {
    en: `${name} must not be ${input}, got the same tensor twice`,
    ja: `${name} に ${input} と同じテンソルは使えません`,
  });
}

export function needIndices(where: Where, name: string, indices: IntTensor, limit: number): void {
  const { data } = indices;
  for (let i = 0; i < data.length; i++) {
    // As unsigned, a negative index is a huge one: one comparison sees both ends.
    if (data[i] >>> 0 >= limit) {
      refuse(where, {
        en: `${name} must be in [0, ${limit}), got ${data[i]} at position ${i}`,
        ja: `${name} は [0, ${limit}) の整数でなければなりません(${i} 番目が ${data[i]} でした)`,
      });
    }
  }
}

export function needWindow(where: Where, over: WindowOver): void {
  const { height, width, channels, size, stride, padding } = over;
  needPixels(where, "height", height, 1);
  needPixels(where, "width", width, 1);
  needPixels(where, "channels", channels, 1);
  needPixels(where, "size", size, 1);
  needPixels(where, "stride", stride, 1);
  needPixels(where, "padding", padding, 0);
  if (size > height + 2 * padding || size > width + 2 * padding) {
    refuse(where, {
      en: `a window of ${size} must fit into the padded image, got ${height + 2 * padding} × ${width + 2 * padding}`,
      ja: `大きさ ${size} の窓が余白込みの画像 ${height + 2 * padding} × ${width + 2 * padding} に収まりません`,
    });
  }
}

function needPixels(where: Where, name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least || value > 65_535) {
    refuse(where, {
      en: `${name} must be a whole number in [${least}, 65535], got ${value}`,
      ja: `${name} は [${least}, 65535] の整数でなければなりません(${value} でした)`,
    });
  }
}

/** `source` must hold what it says. */
export function needBytes(where: Where, name: string, source: ByteRows): void {
  if (source.data.length !== source.count * source.width) {
    refuse(where, {
      en: `${name} must hold ${source.count} × ${source.width} bytes, got ${source.data.length}`,
      ja: `${name} には ${source.count} × ${source.width} バイト必要です(${source.data.length} バイトでした)`,
    });
  }
}

/** At least one row, or of each row at least one column. */
export function needSome(where: Where, name: string, x: Tensor, side: "rows" | "cols"): void {
  if (x[side] === 0 && (side === "rows" || x.rows > 0)) {
    refuse(where, {
      en: `${name} must have at least 1 ${side === "rows" ? "row" : "column"}, got ${shapeOf(x)}`,
      ja: `${name} には1${side === "rows" ? "行" : "列"}以上必要です(${shapeOf(x)} でした)`,
    });
  }
}

export function needChoice(where: Where, name: string, word: string, known: Readonly<Record<string, number>>): void {
  if (!Object.hasOwn(known, word)) {
    refuse(where, {
      en: `${name} must be one of ${Object.keys(known).join(", ")}, got "${word}"`,
      ja: `${name} は ${Object.keys(known).join("、")} のいずれかでなければなりません("${word}" でした)`,
    });
  }
}
