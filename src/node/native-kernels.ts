import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Arena } from "../core/arena.ts";
import { checkOptions } from "../core/checks.ts";
import { DataError } from "../core/errors.ts";
import type { LoopFinder } from "../core/loop-finder.ts";
import type { ByteRows } from "../core/rows.ts";
import type { Dtype } from "../core/tensor.ts";
import type { Text } from "../core/text.ts";
import { version } from "../core/version.ts";
import { FastKernels } from "../kernels/checked-kernels.generated.ts";
import type { Backend, KernelName, KernelSet } from "../kernels/kernels.ts";
import { functionNames, type KernelCalls, tableDigest } from "../kernels/operations.generated.ts";
import { type NativeProvider, selectKernels as select } from "../kernels/select.ts";
import { packageRoot } from "./paths.ts";
import { loopDigests, loopsDigest } from "./rules.generated.ts";

/** What src/kernels/c/addon.c exports. */
interface Addon {
  /** Binds a variant to an arena: `call(operation)` takes its arguments from `values`. */
  bind(variant: number, dtype: number, arena: ArrayBuffer, values: Float64Array): (operation: number) => number;
  /** The same of a rule's loop: see src/kernels/c/rules.c. */
  bind(variant: number, dtype: number, arena: ArrayBuffer, values: Float64Array, loop: number): () => void;
  addressOf(bytes: Uint8Array): number;
  /** Of the operations it was built with. */
  readonly table: string;
  /** Of the rules' loops it was built with. */
  readonly loops: string;
  /** Those this processor runs, widest first; scratch in bytes for float32 and float64. */
  readonly variants: readonly { index: number; name: string; scratch: readonly [number, number] }[];
}

const dtypeIndex: Readonly<Record<Dtype, 0 | 1>> = { float32: 0, float64: 1 };

type Loaded = { readonly addon: Addon } | { readonly reason: Text };

let loaded: Loaded | undefined;

/**
 * The addon, or why there is none; looked for once. `TANREN_NATIVE=0` leaves it out; `TANREN_NATIVE=avx2` leaves out what is
 * wider, for the numbers of a processor that has no more, bit for bit.
 */
function addonOrReason(): Loaded {
  loaded ??= load();
  return loaded;
}

function load(): Loaded {
  if (process.env.TANREN_NATIVE === "0") {
    return { reason: { en: "TANREN_NATIVE=0 leaves them out", ja: "TANREN_NATIVE=0 が指定されています" } };
  }
  const folder = join(packageRoot(import.meta.url), "build", "native");
  const built = join(folder, "tanren.node");
  const file = existsSync(built) ? built : prebuilt();
  if (file === undefined) {
    const told = join(folder, "reason.txt");
    return {
      // As the compiler said it.
      reason: existsSync(told)
        ? readFileSync(told, "utf8").trim()
        : {
            en: `the npm package ${nativePackage} ${version} is not installed and they have not been built; see the README of @tanren/core`,
            ja: `npm パッケージ ${nativePackage} ${version} がインストールされておらず、ビルドもされていません。@tanren/core の README を見てください`,
          },
    };
  }
  try {
    const addon = createRequire(import.meta.url)(file) as Addon;
    // Operations go by number: an addon of another table would do another one.
    return addon.table === tableDigest
      ? { addon }
      : {
          reason: {
            en: `${file} was built with other operations; npm run build:native builds it anew`,
            ja: `${file} は別の版の演算でビルドされています。npm run build:native でビルドし直せます`,
          },
        };
  } catch (error) {
    const [said] = (error as Error).message.split("\n");
    return { reason: { en: `${file} cannot be loaded: ${said}`, ja: `${file} を読み込めません: ${said}` } };
  }
}

/** Each platform's addon is a package of its own, which npm installs where it fits. */
const nativePackage = `@tanren/native-${process.platform}-${process.arch}`;

function prebuilt(): string | undefined {
  try {
    const require = createRequire(import.meta.url);
    // Operations go by number: an addon of another version would do another one.
    return require(`${nativePackage}/package.json`).version === version
      ? require.resolve(`${nativePackage}/tanren.node`)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Why there are no native kernels here, or null when there are. */
export function whyNoNative(): Text | null {
  const result = addonOrReason();
  return "reason" in result ? result.reason : null;
}

/** From the variant that `TANREN_NATIVE` names on; all where it names none. @throws DataError when it is none of this processor's */
function allowed({ variants }: Addon): Addon["variants"] {
  const { TANREN_NATIVE: widest = "" } = process.env;
  if (widest === "" || widest === "1") {
    return variants;
  }
  const from = variants.findIndex(({ name }) => name === widest);
  if (from < 0) {
    const names = ["0", "1", ...variants.map(({ name }) => name)].join(", ");
    throw new DataError({
      en: `TANREN_NATIVE: must be one of ${names} on this processor, got ${JSON.stringify(widest)}. Unset it, or name one of them.`,
      ja: `TANREN_NATIVE: このプロセッサーでは ${names} のいずれかを指定してください(${JSON.stringify(widest)} が指定されました)。既定でよければ設定を外してください。`,
    });
  }
  return variants.slice(from);
}

/** The native variants of this processor, widest first. @throws DataError as {@link allowed} */
export function nativeKernels(dtype: Dtype): KernelSet[] {
  const result = addonOrReason();
  if ("reason" in result) {
    return [];
  }
  const { addon } = result;
  return allowed(addon).map(({ index, name, scratch }) => {
    const kernelName = `native-${name}` as KernelName;
    return {
      name: kernelName,
      dtype,
      open(bytes) {
        const arena = new Arena(dtype, bytes, scratch[dtypeIndex[dtype]]);
        // The scratch memory is what the arena keeps free at its start.
        return new NativeKernels(kernelName, arena, nativeCalls(addon, index, arena), loopsOf(addon, index, arena));
      },
    };
  });
}

class NativeKernels extends FastKernels {
  readonly loopOf: LoopFinder;

  constructor(name: KernelName, arena: Arena, calls: KernelCalls, loopOf: LoopFinder) {
    super(name, arena, calls, 0);
    this.loopOf = loopOf;
  }
}

/** The loops of update rules that the addon was built with; none where those were of other rules. */
function loopsOf({ loops, bind }: Addon, variant: number, { dtype, memory }: Arena): LoopFinder {
  return (key, vectors, scalars) => {
    const loop = loopDigests.indexOf(createHash("sha256").update(key).digest("hex").slice(0, 16));
    if (loop < 0 || loops !== loopsDigest) {
      return undefined;
    }
    const values = Float64Array.of(0, 0, 0, ...vectors, ...scalars);
    const update = bind(variant, dtypeIndex[dtype], memory.buffer as ArrayBuffer, values, loop);
    return (begin, count, at) => {
      values[0] = begin;
      values[1] = count;
      values[2] = at;
      update();
      return 0;
    };
  };
}

function nativeCalls(addon: Addon, variant: number, arena: Arena): KernelCalls {
  const values = new Float64Array(16);
  const call = addon.bind(variant, dtypeIndex[arena.dtype], arena.memory.buffer as ArrayBuffer, values);
  /** Arguments go through memory: one number crosses into C, whatever the kernel takes. */
  const through =
    (operation: number) =>
    (
      a: number,
      b: number,
      c?: number,
      d?: number,
      e?: number,
      f?: number,
      g?: number,
      h?: number,
      i?: number,
      j?: number,
      k?: number,
      l?: number,
      m?: number,
      n?: number,
      o?: number,
      p?: number,
    ): number => {
      values[0] = a;
      values[1] = b;
      values[2] = c as number;
      values[3] = d as number;
      values[4] = e as number;
      values[5] = f as number;
      values[6] = g as number;
      values[7] = h as number;
      values[8] = i as number;
      values[9] = j as number;
      values[10] = k as number;
      values[11] = l as number;
      values[12] = m as number;
      values[13] = n as number;
      values[14] = o as number;
      values[15] = p as number;
      return call(operation);
    };
  const direct = Object.fromEntries(functionNames.map(([name], operation) => [name, through(operation)]));
  const gather = direct.gatherRows;
  let source: ByteRows | null = null;
  let address = 0;
  return {
    ...(direct as unknown as KernelCalls),
    gatherRows(out, rows, indices) {
      if (source?.data !== rows.data) {
        source = rows;
        address = addon.addressOf(rows.data);
      }
      gather(out.offset, address, indices.offset, indices.cols, rows.count, rows.width);
    },
  };
}

/** The native kernels of Node. */
export const nodeNative: NativeProvider = { kernels: nativeKernels, why: whyNoNative };

/** As `kernels/select.ts`, with Node's native kernels. @throws DataError */
export function selectKernels(options: { backend: Backend; dtype: Dtype }): KernelSet {
  checkOptions("selectKernels", options, { backend: true, dtype: true });
  return select({ ...options, native: nodeNative });
}
