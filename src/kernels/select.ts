import { oneOf } from "../core/checks.ts";
import { DataError } from "../core/errors.ts";
import type { Dtype } from "../core/tensor.ts";
import { inLanguage, type Text } from "../core/text.ts";
import { type Backend, backends, type KernelName, type KernelSet } from "./kernels.ts";
import { referenceKernels } from "./reference.ts";
import { wasmKernels } from "./wasm.ts";
import { hasRelaxedSimd } from "./wasm-features.ts";

/** Native kernels, which only some platforms have: given in from there. */
export interface NativeProvider {
  /** Variants this processor runs, widest first. */
  kernels(dtype: Dtype): readonly KernelSet[];
  /** Why there are none, or null. */
  why(): Text | null;
}

export const noNative: NativeProvider = {
  kernels: () => [],
  why: () => ({ en: "this platform has none", ja: "この環境向けのものはありません" }),
};

/**
 * The kernels of a backend. `auto` takes native, else WASM; `wasm` takes relaxed SIMD where the engine has it.
 * @throws DataError when the backend asked for is not available, with the reason; HyperError on an unknown name
 */
export function selectKernels(options: { backend: Backend; dtype: Dtype; native: NativeProvider }): KernelSet {
  const { backend, dtype, native } = options;
  oneOf("kernels", "backend", backend, backends);
  switch (backend) {
    case "reference":
      return referenceKernels(dtype);
    case "wasm-simd":
      return wasmKernels("wasm-simd", dtype);
    case "wasm-relaxed":
      if (!hasRelaxedSimd()) {
        throw new DataError({
          en: "--backend: wasm-relaxed needs an engine with relaxed SIMD, got one without. Use wasm.",
          ja: "--backend: wasm-relaxed には relaxed SIMD に対応したエンジンが必要ですが、この環境は対応していません。wasm を使ってください。",
        });
      }
      return wasmKernels("wasm-relaxed", dtype);
    case "wasm":
      return wasmKernels(hasRelaxedSimd() ? "wasm-relaxed" : "wasm-simd", dtype);
    case "native": {
      const [widest] = native.kernels(dtype);
      if (widest === undefined) {
        const why = native.why() ?? "";
        throw new DataError({
          en: `--backend: native kernels must have been built, got none (${inLanguage(why, "en")}). Use --backend wasm, or see tanren doctor.`,
          ja: `--backend: native カーネルがありません(${inLanguage(why, "ja")})。--backend wasm を使うか、tanren doctor で確かめてください。`,
        });
      }
      return widest;
    }
    case "auto":
      return native.kernels(dtype)[0] ?? selectKernels({ backend: "wasm", dtype, native });
  }
}

/** What `doctor` says of a set of kernels. */
export interface KernelStatus {
  readonly name: KernelName | "native";
  readonly available: boolean;
  /** Why not, when it is not. */
  readonly reason?: Text;
}

/** Every set of kernels that is there, or why it is not; the one `auto` takes comes first. */
export function describeKernels(native: NativeProvider): KernelStatus[] {
  const reason = native.why();
  const nativeSets: KernelStatus[] =
    reason === null
      ? native.kernels("float32").map(({ name }) => ({ name, available: true }))
      : [{ name: "native", available: false, reason }];
  return [
    ...nativeSets,
    hasRelaxedSimd()
      ? { name: "wasm-relaxed", available: true }
      : {
          name: "wasm-relaxed",
          available: false,
          reason: {
            en: "this JavaScript engine has no relaxed SIMD",
            ja: "この JavaScript エンジンは relaxed SIMD に対応していません",
          },
        },
    { name: "wasm-simd", available: true },
    { name: "reference", available: true },
  ];
}
