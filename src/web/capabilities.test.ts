import { expect, test } from "vitest";
import { browserTrouble, webKernels } from "./capabilities.ts";

const all = { wasm: true, simd: true, relaxedSimd: true, modern: true, sharedMemory: true, cores: 2 };

test("a backend means the fastest kernels that the browser has, or is refused", () => {
  const plain = { ...all, relaxedSimd: false };
  const none = { ...plain, simd: false };
  expect([all, plain, none].map((found) => webKernels("auto", found))).toEqual([
    "wasm-relaxed",
    "wasm-simd",
    "reference",
  ]);
  expect(webKernels("wasm-simd", all)).toBe("wasm-simd");
  expect(() => webKernels("wasm-relaxed", plain)).toThrow(/needs a browser with relaxed SIMD/);
  expect(() => webKernels("wasm-simd", none)).toThrow(/needs a browser with WebAssembly SIMD/);
  expect(() => webKernels("native", all)).toThrow(/Choose wasm/);
  expect(webKernels("reference", none)).toBe("reference");
});

test("what a browser lacks is said, and whether it trains all the same", () => {
  expect(browserTrouble(all)).toBeNull();
  expect(browserTrouble({ ...all, wasm: false })).toMatchObject({ trains: false });
  expect(browserTrouble({ ...all, modern: false })).toMatchObject({ trains: false });
  expect(browserTrouble({ ...all, simd: false })).toMatchObject({ trains: true });
});
