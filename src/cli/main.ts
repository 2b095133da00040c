#!/usr/bin/env node
// What is looked at before anything of the program is loaded.
import * as nodeModule from "node:module";

/** `node:sqlite` without a flag. */
const oldest = [22, 13] as const;

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  const japanese = (process.env.LC_ALL || process.env.LANG || "").startsWith("ja");
  const wanted = oldest.join(".");
  process.stderr.write(
    japanese
      ? `tanren: Node ${wanted} 以降が必要です(${process.versions.node} でした)。新しい Node を入れてください。\n`
      : `tanren: Node must be ${wanted} or newer, got ${process.versions.node}. Install a newer one.\n`,
  );
  process.exitCode = 1;
} else {
  // Hundreds of small files: compiled once and kept, the next command starts in half the time. Threads and the renderer's
  // process learn the place by the environment.
  nodeModule.enableCompileCache?.();
  const place = nodeModule.getCompileCacheDir?.();
  if (place !== undefined) {
    process.env.NODE_COMPILE_CACHE ??= place;
  }
  // Node's SQLite still calls itself experimental; whoever runs this need not hear it at every command.
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    if (!String(warning).includes("SQLite is an experimental feature")) {
      emitWarning.call(process, warning, ...rest);
    }
  }) as typeof emitWarning;
  const { main } = await import("./program.ts");
  await main(process.argv.slice(2));
}
