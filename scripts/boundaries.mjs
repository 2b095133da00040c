// Imports point down only: each room names the rooms it may import from, here and in docs/layout.md. What belongs to
// @tanren/core (scripts/packages.mjs) imports nothing else and nothing from npm, and no two files go round in a circle.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { isCore, needsNode } from "./packages.mjs";

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
  search: ["core", "kernels", "nn", "init", "optim", "schedule", "data", "train", "model", "figure", "store"],
  // What runs an experiment, whatever it is: contract, tasks, pace, session. Knows no chapter.
  runs: ["core", "data", "kernels", "figure", "store"],
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
    "runs",
  ],
  node: ["core", "formats", "kernels", "data", "train", "model", "search", "runs", "experiments", "figure", "store"],
  web: ["core", "formats", "kernels", "data", "train", "model", "search", "runs", "experiments", "figure", "store"],
};
const below = Object.keys(rooms);
// `tanren studio` starts the server; what a page is built of has no Node.
Object.assign(rooms, {
  cli: [...below, "server"],
  server: below,
  studio: below.filter((room) => room !== "node"),
});

/** Single files that other rooms may import from as well: what travels between a page and its server. */
const shared = { "server/api.ts": ["web", "studio"] };

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : /\.(ts|svelte)$/.test(entry.name) ? [path] : [];
  });
}

const complaints = [];
/** What each file imports, types and what it loads later too: files, from src/ on. */
const imports = new Map();
for (const file of filesIn(source)) {
  const path = relative(source, file).split(sep).join("/");
  const text = readFileSync(file, "utf8");
  const [room] = path.split("/");
  if (!file.endsWith(".test.ts")) {
    imports.set(path, importsOf(path, text));
    checkPackage(path, text);
  }
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
  if (!["node", "cli", "server"].includes(room) && /from "node:/.test(readFileSync(file, "utf8"))) {
    complaints.push(
      `${relative(root, file)}: ${room} runs in browsers too and may not import from node:, move that to src/node.`,
    );
  }
}
checkCircles();
checkLayout();
for (const complaint of complaints) {
  process.stderr.write(`${complaint}\n`);
}
process.exitCode = complaints.length > 0 ? 1 : 0;

/** Where a relative specifier in a file leads, from src/ on. */
function targetOf(path, specifier) {
  return join(dirname(path), specifier).split(sep).join("/");
}

function importsOf(path, text) {
  const written = [/^(?:import|export)\b[^;"]*?from\s+"(\.[^"]+)"/gm, /\bimport\(\s*"(\.[^"]+)"\s*\)/g];
  return written.flatMap((form) => [...text.matchAll(form)]).map(([, specifier]) => targetOf(path, specifier));
}

/** The core is a package of its own: it imports from nowhere else, and its own door leads to nothing of Node. */
function checkPackage(path, text) {
  if (!isCore(path)) {
    return;
  }
  for (const [, specifier] of text.matchAll(/\b(?:from|import)\s*\(?\s*"([^"\s]+)"/g)) {
    const target = specifier.startsWith(".") ? targetOf(path, specifier) : null;
    if (target === null ? !specifier.startsWith("node:") : !isCore(target)) {
      complaints.push(`src/${path}: belongs to @tanren/core and may import only from it, got ${specifier}.`);
    } else if (!needsNode(path) && (target === null || needsNode(target))) {
      complaints.push(`src/${path}: belongs to @tanren/core's door for every platform, got ${specifier} of Node.`);
    }
  }
}

/** The table of docs/layout.md says the same of every room. */
function checkLayout() {
  const table = readFileSync(join(root, "docs/layout.md"), "utf8").matchAll(/^\| `(\w+)` \| .* \| (.*) \|$/gm);
  const rows = [...table].map(([, room, said]) => ({ room, said }));
  const names = rows.map(({ room }) => room);
  for (const [i, { room, said }] of rows.entries()) {
    const [, most, but] = /^(all above|everything)?(?: but)?(.*)$/.exec(said);
    const named = but.match(/\b[a-z]+\b(?![^(]*\))/g) ?? [];
    const whole = most === "everything" ? names.filter((name) => name !== room) : names.slice(0, i);
    const allowed = most === undefined ? named : whole.filter((name) => !named.includes(name));
    const missed = new Set(allowed).symmetricDifference(new Set(rooms[room]));
    if (missed.size > 0) {
      complaints.push(
        `docs/layout.md: ${room} must name the rooms that scripts/boundaries.mjs names, got otherwise: ${[...missed].join(", ")}.`,
      );
    }
  }
  const left = Object.keys(rooms).filter((room) => !names.includes(room));
  if (left.length > 0) {
    complaints.push(`docs/layout.md: must name every room, ${left} is not there.`);
  }
}

/** Refuses files that import one another, in however many steps; types count, for a reader meets them too. */
function checkCircles() {
  const done = new Set();
  const walk = (path, way) => {
    if (way.includes(path)) {
      complaints.push(`circle: ${[...way.slice(way.indexOf(path)), path].map((file) => `src/${file}`).join(" → ")}`);
      return;
    }
    if (done.has(path) || !imports.has(path)) {
      return;
    }
    for (const target of imports.get(path)) {
      walk(target, [...way, path]);
    }
    done.add(path);
  };
  for (const path of imports.keys()) {
    walk(path, []);
  }
}
