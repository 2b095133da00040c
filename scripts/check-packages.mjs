// Packs the packages and looks at them as their users' tools will: publint, and attw (are the types wrong?) in its profile
// for packages of ES modules only.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { root } from "./setup.mjs";

/** What old Node without `exports`, and `require`, cannot have of ES modules is no fault of theirs. */
const esmOnly = (problem) =>
  problem.kind !== "CJSResolvesToESM" && !["node10", "node16-cjs"].includes(problem.resolutionKind);

const folder = mkdtempSync(join(tmpdir(), "tanren-packages-"));
let wrong = 0;
try {
  for (const name of ["core", "tanren"]) {
    const { status, stderr } = spawnSync("npm", ["pack", "--silent", "--pack-destination", folder], {
      cwd: join(root, "packages", name),
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    if (status !== 0) {
      throw new Error(`npm pack of ${name} must succeed, got:\n${stderr}`);
    }
  }
  for (const file of readdirSync(folder).sort()) {
    const bytes = readFileSync(join(folder, file));
    const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const { messages, pkg } = await publint({ pack: { tarball }, level: "warning" });
    const { problems = [] } = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)), {
      excludeEntrypoints: ["./package.json"],
    });
    const complaints = [
      ...messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`),
      ...problems.filter(esmOnly).map((problem) => `attw: ${JSON.stringify(problem)}`),
    ];
    for (const complaint of complaints) {
      process.stderr.write(`${file}: ${complaint}\n`);
    }
    wrong += complaints.length;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = wrong > 0 ? 1 : 0;
