// npm run check: what CI does. Generated files, format and lint, import boundaries, types, docs, tests, in this order.
//   node scripts/check.mjs [--without-tests]     --without-tests: for CI, which then runs npm test as a user does
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { node, root, setUp } from "./setup.mjs";

await setUp();
const bin = (name) => join(root, "node_modules", ".bin", name);
const steps = [
  ["generated files", node, ["scripts/generate-index.mjs", "--check"]],
  ["rules in C", node, ["--disable-warning=ExperimentalWarning", "scripts/generate-rules.ts", "--check"]],
  ["conformance page", node, ["--disable-warning=ExperimentalWarning", "scripts/conformance-page.ts", "--check"]],
  ["WASM modules", node, ["scripts/build-wasm.mjs", "--check"]],
  ["format and lint", bin("biome"), ["check", "--error-on-warnings", "."]],
  ["import boundaries", node, ["scripts/boundaries.mjs"]],
  ["types", bin("tsc"), ["--noEmit"]],
  ["types of the studio", bin("svelte-check"), ["--tsconfig", "src/studio/tsconfig.json", "--fail-on-warnings"]],
  ["docs", bin("typedoc"), ["--emit", "none"]],
  ["packages", node, ["scripts/check-packages.mjs"]],
  ...(process.argv.includes("--without-tests") ? [] : [["tests", node, ["scripts/test.mjs"]]]),
];
for (const [name, command, args] of steps) {
  process.stdout.write(`check: ${name}\n`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    process.stderr.write(`check: ${name} must pass, got exit ${status}.\n`);
    process.exit(1);
  }
}
process.stdout.write("check: all passed\n");
