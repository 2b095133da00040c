import { defineConfig } from "vitest/config";

/** `TANREN_LONG=1` (npm run test:long) runs the long parity and fault suites, and only those. */
const long = process.env.TANREN_LONG === "1";

export default defineConfig({
  test: {
    include: long ? ["{src,test}/**/*.long.test.ts"] : ["{src,test,scripts}/**/*.test.ts"],
    exclude: ["**/node_modules/**", ...(long ? [] : ["**/*.long.test.ts"])],
    testTimeout: long ? 600_000 : 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
