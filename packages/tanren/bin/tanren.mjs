#!/usr/bin/env node
// Says in one sentence what is missing where Node is too old for the rest to be loaded at all.
const needed = [22, 13];
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  const japanese = /(^|=)ja/.test(`${process.argv.slice(2).join(" ")}=${process.env.LC_ALL || process.env.LANG || ""}`);
  process.stderr.write(
    japanese
      ? `tanren: Node ${needed.join(".")} 以降が必要です(実行中: ${process.versions.node})。新しい Node を入れてください。\n`
      : `tanren: needs Node ${needed.join(".")} or newer, got ${process.versions.node}. Install a newer Node.\n`,
  );
  process.exit(1);
}
// Node's SQLite still calls itself experimental; whoever runs this need not hear it at every command.
const { emitWarning } = process;
process.emitWarning = (warning, ...rest) => {
  if (!/SQLite is an experimental feature/.test(String(warning))) {
    emitWarning.call(process, warning, ...rest);
  }
};
await import("../dist/cli/main.js");
