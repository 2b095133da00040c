import { Arena, align } from "../core/arena.ts";
import { oneOf } from "../core/checks.ts";
import type { Dtype } from "../core/tensor.ts";
import { FastKernels } from "./checked-kernels.generated.ts";
import type { KernelName, KernelSet } from "./kernels.ts";
import { functionNames, type KernelCalls } from "./operations.generated.ts";
import { decodeBytes, patchBytes } from "./wasm-bytes.ts";
import { commonBytes, relaxedPatches, reservedBytes, simdModules } from "./wasm-modules.generated.ts";

export type WasmVariant = "wasm-relaxed" | "wasm-simd";

const variants: readonly WasmVariant[] = ["wasm-relaxed", "wasm-simd"];

/** Bytes of a data set copied into the arena at a time. */
const STAGING = 1 << 17;

const compiled = new Map<string, WebAssembly.Module>();

function moduleOf(variant: WasmVariant, dtype: Dtype): WebAssembly.Module {
  const key = `${variant}-${dtype}`;
  let module = compiled.get(key);
  if (module === undefined) {
    const plain = decodeBytes(simdModules.map((part) => part[dtype === "float32" ? 0 : 1]).join(""), commonBytes);
    const bytes = variant === "wasm-simd" ? plain : patchBytes(plain, relaxedPatches[dtype], commonBytes);
    module = new WebAssembly.Module(bytes);
    compiled.set(key, module);
  }
  return module;
}

/**
 * The kernels as WebAssembly, one instance an arena. `wasm-simd` gives the same bits on every engine; `wasm-relaxed` is
 * faster and may differ from engine to engine in the last bit.
 * @throws HyperError on an unknown name
 */
export function wasmKernels(variant: WasmVariant, dtype: Dtype): KernelSet {
  oneOf("kernels", "variant", variant, variants);
  return {
    name: variant,
    dtype,
    open(bytes) {
      const module = moduleOf(variant, dtype);
      const staging = align(reservedBytes);
      const arena = new Arena(dtype, bytes, staging + STAGING + scratchBytes(module));
      const calls = wasmCalls(module, arena, staging);
      return new FastKernels(variant satisfies KernelName, arena, calls, staging + STAGING);
    },
  };
}

const scratchSizes = new WeakMap<WebAssembly.Module, number>();

function scratchBytes(module: WebAssembly.Module): number {
  let bytes = scratchSizes.get(module);
  if (bytes === undefined) {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(reservedBytes / 65536) });
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    bytes = (exports.scratch_bytes as () => number)();
    scratchSizes.set(module, bytes);
  }
  return bytes;
}

type Exported = Record<string, (...values: number[]) => number>;

function wasmCalls(module: WebAssembly.Module, arena: Arena, staging: number): KernelCalls {
  const exported = new WebAssembly.Instance(module, { env: { memory: arena.memory } }).exports as Exported;
  const staged = new Uint8Array(arena.memory.buffer, staging, STAGING);
  const stagedWords = new Int32Array(arena.memory.buffer, staging, STAGING / 4);
  const size = arena.dtype === "float32" ? 4 : 8;
  const direct = Object.fromEntries(functionNames.map(([operation, name]) => [operation, exported[name]]));
  const gather = exported.gather_rows;
  return {
    ...(direct as unknown as KernelCalls),
    gatherRows(out, source, indices) {
      const { data, width } = source;
      // WASM sees only the arena: rows are copied into it some at a time, word by word where they lie on words.
      const words = width % 4 === 0 && data.byteOffset % 4 === 0 ? wordsOf(data) : null;
      const atOnce = Math.max(1, Math.floor(STAGING / Math.max(1, width)));
      for (let from = 0; from < indices.cols; from += atOnce) {
        const rows = Math.min(atOnce, indices.cols - from);
        for (let i = 0; i < rows; i++) {
          const row = indices.data[from + i];
          if (words !== null) {
            const length = width / 4;
            for (let j = 0; j < length; j++) {
              stagedWords[i * length + j] = words[row * length + j];
            }
          } else {
            for (let j = 0; j < width; j++) {
              staged[i * width + j] = data[row * width + j];
            }
          }
        }
        gather(out.offset + from * width * size, staging, 0, rows, source.count, width);
      }
    },
  };
}

const wordViews = new WeakMap<Uint8Array, Int32Array>();

/** The same memory as 32-bit words, made once a data set. */
function wordsOf(data: Uint8Array): Int32Array {
  let words = wordViews.get(data);
  if (words === undefined) {
    words = new Int32Array(data.buffer, data.byteOffset, Math.floor(data.length / 4));
    wordViews.set(data, words);
  }
  return words;
}
