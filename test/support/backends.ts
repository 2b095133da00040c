import { whyNoNative } from "../../src/node/native-kernels.ts";

/** The backends of this machine: native kernels are tested wherever a compiler could build them. */
export const fastBackends: readonly ("native" | "wasm" | "wasm-simd")[] = [
  ...(whyNoNative() === null ? (["native"] as const) : []),
  "wasm",
  "wasm-simd",
];
