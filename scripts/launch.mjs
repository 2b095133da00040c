// Runs a program of this checkout under the Node that the checkout brings.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { node, root, setUp } from "./setup.mjs";

/**
 * Sets up what is missing, runs the file and ends with its exit code. Signals reach the program, which decides.
 * @param {string} file relative to the root
 * @param {string[]} args
 */
export async function launch(file, args) {
  await setUp();
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", join(root, file), ...args], { stdio: "inherit" });
  // Ctrl-C in a terminal reaches the child by itself; this process only waits for it.
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) {
    process.on(signal, () => {
      if (signal !== "SIGINT" || !process.stdin.isTTY) {
        child.kill(signal);
      }
    });
  }
  return new Promise((resolve) => {
    child.on("error", (error) => {
      process.stderr.write(`launch: ${node} must run, got ${error.message}. Run: npm run setup\n`);
      resolve(1);
    });
    child.on("exit", (code, signal) => resolve(code ?? (signals.includes(signal) ? 130 : 1)));
  });
}
