// The libraries of bench/ that Tanren is measured and checked against; installed where they are asked for, once.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

const folder = join(root, "bench");

/** Installs the peers where they are missing. Gives whether they are there. */
export function installPeers() {
  const there = () => existsSync(join(folder, "node_modules", "onnxruntime-node"));
  if (there()) {
    return true;
  }
  process.stderr.write("Installing the peers to measure against (once) …\n");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", 2, 2],
    // Its CUDA files would come from elsewhere; the processor's are in the package.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" },
    shell: process.platform === "win32",
  });
  return status === 0 && there();
}
