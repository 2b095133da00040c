import { createHash } from "node:crypto";
import { readFile, realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { makeMnistPieces } from "../node/data/mnist-pieces.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".svg": "image/svg+xml; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".md": "text/plain; charset=utf-8",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".ttf": "font/ttf",
};
const worthPacking = new Set([
  ".html",
  ".js",
  ".mjs",
  ".css",
  ".json",
  ".map",
  ".svg",
  ".txt",
  ".csv",
  ".wasm",
  ".ttf",
]);

/** Vite puts a hash of the contents into these names: what is there under one never changes. */
const hashed = /-[\w-]{8}\.\w+$/;

/** Tells a page that it has a server: as static files the same page has none, and must not ask for one in vain. */
function served(html: string): string {
  return html.replace(/<head>|(?=<title>)/i, (found) => `${found}<meta name="tanren-server" content="api/" />`);
}

interface Packed {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly tag: string;
}

/** Bytes of packed files that are kept in memory. */
const kept = 64 * 2 ** 20;

/**
 * Serves the files of one folder, packed as the browser can take it, and nothing outside: whatever the path says and
 * wherever symbolic links lead. Answers null where there is no such file.
 * @param folder need not be there yet
 */
export function serveFiles(folder: string): (path: string, request: Headers) => Promise<Response | null> {
  const packed = new Map<string, Packed>();
  let bytesKept = 0;

  /** A file's contents in an encoding, made once for each version of the file. */
  async function contents(file: string, version: string, encoding: Encoding): Promise<Packed> {
    const key = `${encoding} ${version} ${file}`;
    const known = packed.get(key);
    if (known !== undefined) {
      return known;
    }
    const read = await readFile(file);
    const plain = extname(file).toLowerCase() === ".html" ? Buffer.from(served(read.toString())) : read;
    const bytes = new Uint8Array(await pack[encoding](plain));
    const tag = `"${createHash("sha256").update(plain).digest("base64url").slice(0, 20)}${suffixes[encoding]}"`;
    const made = { bytes, tag };
    if (bytes.length < kept / 4) {
      if (bytesKept + bytes.length > kept) {
        packed.clear();
        bytesKept = 0;
      }
      packed.set(key, made);
      bytesKept += bytes.length;
    }
    return made;
  }

  return async (path, request) => {
    const file = await inside(folder, path);
    if (file === null) {
      return null;
    }
    const { mtimeMs, size } = await stat(file);
    const type = extname(file).toLowerCase();
    const encoding = worthPacking.has(type) && size > 1024 ? bestEncoding(request.get("accept-encoding")) : "identity";
    const { bytes, tag } = await contents(file, `${mtimeMs}:${size}`, encoding);
    const headers: Record<string, string> = {
      etag: tag,
      vary: "accept-encoding",
      "cache-control": hashed.test(file) ? "public, max-age=31536000, immutable" : "no-cache",
    };
    const known = request.get("if-none-match")?.split(",");
    if (known?.some((one) => one.trim().replace(/^W\//, "") === tag)) {
      return new Response(null, { status: 304, headers });
    }
    headers["content-type"] = types[type] ?? "application/octet-stream";
    if (encoding !== "identity") {
      headers["content-encoding"] = encoding;
    }
    return new Response(bytes, { headers: { ...headers, "content-length": String(bytes.length) } });
  };
}

/** Serves the pieces of MNIST under `data/mnist/`: they are made from the data package once somebody asks. */
export function servePieces(folder: string): (path: string, request: Headers) => Promise<Response | null> {
  const place = "/data/mnist/";
  const files = serveFiles(folder);
  let made: Promise<void> | undefined;
  return async (path, request) => {
    if (!path.startsWith(place)) {
      return null;
    }
    made ??= makeMnistPieces(folder);
    await made.catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return files(path.slice(place.length - 1), request);
  };
}

/** The file a path of an address means; null when it is none, or not inside the folder. */
async function inside(folder: string, path: string): Promise<string | null> {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  const parts = decoded.split("/").filter((part) => part !== "");
  // Hidden files, `..`, NUL and Windows' separators, streams and drives have no place in a build.
  if (parts.some((part) => part.startsWith(".") || /[\0\\:]/.test(part))) {
    return null;
  }
  try {
    const root = await realpath(folder);
    const wanted = decoded.endsWith("/") ? join(root, ...parts, "index.html") : join(root, ...parts);
    const file = await realpath(wanted);
    return file.startsWith(root + sep) && (await stat(file)).isFile() ? file : null;
  } catch {
    return null;
  }
}

type Encoding = "br" | "gzip" | "identity";

const suffixes: Record<Encoding, string> = { br: "-br", gzip: "-gz", identity: "" };
const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);
const pack: Record<Encoding, (bytes: Uint8Array) => Promise<Uint8Array> | Uint8Array> = {
  br: (bytes) => brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (bytes) => gzipped(bytes, { level: 6 }),
  identity: (bytes) => bytes,
};

function bestEncoding(accepted: string | null): Encoding {
  const offered = (accepted ?? "")
    .toLowerCase()
    .split(",")
    .map((part) => part.trim().split(/\s*;\s*q=/))
    .filter(([, q = "1"]) => Number(q) > 0)
    .map(([name]) => name);
  return offered.includes("br") ? "br" : offered.includes("gzip") ? "gzip" : "identity";
}
