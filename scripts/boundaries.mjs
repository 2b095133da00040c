// Imports point down only: each room names the rooms it may import from (docs/layout.md shows the picture).
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "src");

const rooms = {
  core: [],
  formula: ["core"],
  kernels: ["core"],
  schedule: ["core"],
  data: ["core"],
  formats: ["core"],
  figure: ["core"],
  store: ["core"],
  // An updater places its state in the arena of a network's kernels; it knows no network.
  optim: ["core", "formula", "kernels"],
  init: ["core", "kernels"],
  nn: ["core", "kernels", "init"],
  train: ["core", "kernels", "nn", "init", "optim", "schedule", "data"],
  // A network with what it takes to use it: data in, answers out, files.
  model: ["core", "formula", "formats", "kernels", "nn", "init", "optim", "schedule", "data", "train"],
  // Samplers, pruners and studies; trials are recorded through store's contract, and drawn as figures.
  search: ["core", "kernels", "nn", "init", "optim", "data", "train", "figure", "store"],
  experiments: [
    "core",
    "formula",
    "kernels",
    "nn",
    "init",
    "optim",
    "schedule",
    "data",
    "train",
    "model",
    "search",
    "figure",
    "store",
  ],
  node: ["core", "formats", "kernels", "data", "train", "model", "search", "experiments", "figure", "store"],
  web: ["core", "formats", "kernels", "data", "train", "model", "search", "experiments", "figure", "store"],
};
const top = ["cli", "server", "studio"];
for (const room of top) {
  rooms[room] = Object.keys(rooms).filter((name) => !top.includes(name));
}
// `tanren studio` starts the server.
rooms.cli.push("server");

/** Single files that other rooms may import from as well: what travels between a page and its server. */
const shared = { "server/api.ts": ["web", "studio"] };

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : /\.(ts|svelte)$/.test(entry.name) ? [path] : [];
  });
}

const complaints = [];
for (const file of filesIn(source)) {
  const [room] = relative(source, file).split(sep);
  if (file.endsWith(".test.ts") || !relative(source, file).includes(sep)) {
    continue;
  }
  const allowed = rooms[room];
  if (allowed === undefined) {
    complaints.push(
      `${relative(root, file)}: ${room} is not a room of scripts/boundaries.mjs. Add it there and to docs/layout.md.`,
    );
    continue;
  }
  for (const [, specifier] of readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
    const imported = relative(source, join(dirname(file), specifier)).split(sep);
    const [target] = imported;
    if (target !== room && !allowed.includes(target) && !shared[imported.join("/")]?.includes(room)) {
      complaints.push(
        `${relative(root, file)}: ${room} may import from ${allowed.join(", ") || "no room"}, got ${specifier}.`,
      );
    }
  }
  if (!["node", "cli", "server", "store"].includes(room) && /from "node:/.test(readFileSync(file, "utf8"))) {
    complaints.push(
      `${relative(root, file)}: ${room} runs in browsers too and may not import from node:, move that to src/node.`,
    );
  }
}
for (const complaint of complaints) {
  process.stderr.write(`${complaint}\n`);
}
process.exitCode = complaints.length > 0 ? 1 : 0;
