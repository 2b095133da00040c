// npm run bench [-- steps|updates|table|whole|endurance …]: sets up, installs the peers of bench/ (once) and measures.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { launch } from "./launch.mjs";
import { root, setUp } from "./setup.mjs";

await setUp();
const folder = join(root, "bench");
if (!existsSync(join(folder, "node_modules", "onnxruntime-node"))) {
  process.stderr.write("Installing the peers to measure against (once) …\n");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", 2, 2],
    // Its CUDA files would come from elsewhere; the processor's are in the package.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" },
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    process.stderr.write("bench: the peers could not be installed, so only Tanren is measured.\n");
  }
}
process.exitCode = await launch("bench/bench.ts", process.argv.slice(2));
