import { DataError } from "../core/errors.ts";
import type { Told } from "../core/text.ts";
import type { Backend, KernelName } from "../kernels/kernels.ts";
import { hasRelaxedSimd, hasSimd, hasWasm } from "../kernels/wasm-features.ts";

/** What a browser offers to the studio. */
export interface Capabilities {
  readonly wasm: boolean;
  readonly simd: boolean;
  readonly relaxedSimd: boolean;
  /** Web Workers that are ES modules, streams that unpack gzip, and the JavaScript of 2024. */
  readonly modern: boolean;
  /** Memory may be shared between workers. */
  readonly sharedMemory: boolean;
  /** Logical processors. */
  readonly cores: number;
}

/** Finds out what this browser offers. */
export function capabilities(): Capabilities {
  return {
    wasm: hasWasm(),
    simd: hasSimd(),
    relaxedSimd: hasRelaxedSimd(),
    // Every browser with the last of these has workers that are modules.
    modern: typeof Worker === "function" && typeof DecompressionStream === "function" && "groupBy" in Map,
    sharedMemory: globalThis.crossOriginIsolated === true && typeof SharedArrayBuffer === "function",
    cores: navigator.hardwareConcurrency || 1,
  };
}

/** What a person must know of this browser, or null when all is well. `trains`: whether training is possible at all. */
export function browserTrouble(found: Capabilities): { readonly trains: boolean; readonly text: Told } | null {
  if (!found.wasm) {
    return {
      trains: false,
      text: {
        en: "This browser has WebAssembly switched off, and training needs it. Allow it in the settings, or use a current Chrome, Firefox, Safari or Edge.",
        ja: "このブラウザーでは WebAssembly が無効になっているため、学習を実行できません。設定で許可するか、最新の Chrome、Firefox、Safari、Edge をお使いください。",
      },
    };
  }
  if (!found.modern) {
    return {
      trains: false,
      text: {
        en: "This browser is too old to train in the background. Use a current Chrome, Firefox, Safari or Edge.",
        ja: "このブラウザーは古く、バックグラウンドで学習を実行できません。最新の Chrome、Firefox、Safari、Edge をお使いください。",
      },
    };
  }
  if (!found.simd) {
    return {
      trains: true,
      text: {
        en: "This browser has no WebAssembly SIMD: training runs on plain loops, some ten times slower. A current Chrome, Firefox, Safari or Edge has it.",
        ja: "このブラウザーは WebAssembly SIMD に対応していません。通常のループで学習するため、10倍ほど遅くなります。最新の Chrome、Firefox、Safari、Edge は対応しています。",
      },
    };
  }
  return null;
}

/**
 * The kernels that a backend means in this browser: `auto` and `wasm` take the fastest there is, `reference` where there
 * is no SIMD.
 * @throws DataError when the one asked for is not available
 */
export function webKernels(backend: Backend, found: Capabilities): KernelName {
  const need = (there: boolean, what: Told): void => {
    if (!there) {
      throw new DataError({
        en: `backend: ${backend} ${what.en}. Choose wasm.`,
        ja: `バックエンド ${backend} ${what.ja}。wasm を選んでください。`,
      });
    }
  };
  switch (backend) {
    case "auto":
    case "wasm":
      return found.relaxedSimd ? "wasm-relaxed" : found.simd ? "wasm-simd" : "reference";
    case "wasm-simd":
      need(found.simd, {
        en: "needs a browser with WebAssembly SIMD, got one without",
        ja: "は WebAssembly SIMD に対応したブラウザーでのみ使えます",
      });
      return "wasm-simd";
    case "wasm-relaxed":
      need(found.relaxedSimd, {
        en: "needs a browser with relaxed SIMD, got one without",
        ja: "は relaxed SIMD に対応したブラウザーでのみ使えます",
      });
      return "wasm-relaxed";
    case "reference":
      return "reference";
    case "native":
      need(false, {
        en: "kernels need a program on the machine, got a page. Run tanren studio for them",
        ja: "はページ内では使えません。tanren studio から開いたときに使えます",
      });
      return "reference";
  }
}
