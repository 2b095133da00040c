import { DataError } from "../core/errors.ts";
import type { Dtype } from "../core/tensor.ts";
import type { KernelSet } from "../kernels/kernels.ts";
import { wasmKernels } from "../kernels/wasm.ts";
import { hasRelaxedSimd } from "../kernels/wasm-features.ts";

/** What the platform beneath gives to models: files and faster kernels, where there are any. */
export interface Platform {
  kernels(dtype: Dtype): KernelSet;
  /** Writes a whole file or none. */
  write(file: string | URL, bytes: Uint8Array): Promise<void>;
}

const everywhere: Platform = {
  kernels: (dtype) => wasmKernels(hasRelaxedSimd() ? "wasm-relaxed" : "wasm-simd", dtype),
  write: () => {
    throw new DataError({
      en: "save: files need Node, got a platform without. Import tanren/node first, or keep model.toBytes() yourself.",
      ja: "save: ファイルに保存するには、先に tanren/node を import してください。ブラウザーでは model.toBytes() の結果を保存します。",
    });
  },
};

let current = everywhere;

/** The platform models run on: WASM and no files, unless `tanren/node` has been imported. */
export function platform(): Platform {
  return current;
}

/** Puts a platform beneath all models; `tanren/node` does when it is imported. */
export function providePlatform(given: Platform): void {
  current = given;
}
