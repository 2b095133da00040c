import { existsSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import { DataError } from "../core/errors.ts";
import { dtypes } from "../core/tensor.ts";
import { inLanguage, type Told } from "../core/text.ts";
import { chapter } from "../experiments/registry.ts";
import { backends } from "../kernels/kernels.ts";
import { describeKernels } from "../kernels/select.ts";
import { loadDataset } from "../node/data/datasets.ts";
import { findMnist } from "../node/data/mnist-folder.ts";
import { nodeNative } from "../node/native-kernels.ts";
import { ThreadPool } from "../node/runs/thread-pool.ts";
import { freshToken } from "../node/studio-token.ts";
import type { RunStore } from "../store/runs/run-store.ts";
import type { StudyStore } from "../store/studies/study-store.ts";
import { addressesOf, ownNames, publicAddress } from "./addresses.ts";
import type { ServerInfo } from "./api.ts";
import { studioApp } from "./app.ts";
import { RunHub } from "./runs/hub.ts";
import { PageRecordings } from "./runs/page-recordings.ts";
import { StoreWatch } from "./streams/store-watch.ts";
import { StudyHub } from "./studies/hub.ts";

export interface StudioServerOptions {
  /** Folder of the built pages (`dist/studio`). */
  readonly pages: string;
  /** Folder for the pieces of MNIST that pages read, where the pages do not bring them; made when first asked for. */
  readonly pieces?: string;
  /** Closed with the server; where none opens, it stays the caller's. */
  readonly store: RunStore;
  /** Searches of the command line, to be watched; closed with the server. None when absent. */
  readonly studies?: StudyStore | null;
  /** 0 takes a free one. */
  readonly port: number;
  /** Where other machines can reach it; loopback when absent. */
  readonly host?: string;
  /** Addresses under which a proxy shows it to browsers, such as `https://studio.example.org`. */
  readonly origins?: readonly string[];
  /** What every request must carry; a fresh one when absent, null for none. */
  readonly token?: string | null;
  /** Threads that all runs share. */
  readonly threads: number;
  /** How often in a row a run may end the server's process without recording anything new; 3 when absent. */
  readonly attempts?: number;
  /** Folder of the data set's files, where another is wanted. */
  readonly data?: string;
  readonly now: () => number;
  /** One line for the person who started the server. */
  readonly log: (line: string) => void;
}

export interface StudioServer {
  /** The address to open, with the token. */
  readonly url: string;
  /** All of them: one for each network and proxy. */
  readonly urls: readonly string[];
  readonly port: number;
  /** Ids of runs of a server that died, which this one goes on with. */
  readonly resumed: readonly string[];
  /**
   * Ends all streams and stops training. Runs that go on keep what they recorded and are gone on with by the next server.
   * Resolves when everything is on the disk.
   */
  close(): Promise<void>;
}

/** Milliseconds that answers under way have when the server closes. */
const grace = 500;

/**
 * Serves the studio and its API, and goes on with the runs of a server that died.
 * @throws DataError when the pages are not built, the port cannot be had or the store cannot be read; nothing goes on then
 */
export async function openStudioServer(options: StudioServerOptions): Promise<StudioServer> {
  const { store, log, now } = options;
  const host = options.host ?? "127.0.0.1";
  const behind = (options.origins ?? []).map(publicAddress);
  const token = options.token === undefined ? freshToken() : options.token;
  if (!existsSync(join(options.pages, "index.html"))) {
    throw new DataError({
      en: "studio: its pages must be built, got no index.html. Run: npm run build:studio",
      ja: "studio: ページがビルドされていません(index.html がありません)。npm run build:studio を実行してください。",
    });
  }
  const closing = new AbortController();
  const watch = new StoreWatch(store);
  const pool = new ThreadPool(options.threads);
  const hub = new RunHub({
    store,
    pool,
    loadDataset: (name) => loadDataset(name, options.data),
    now,
    changed: () => watch.poke(),
    log,
    attempts: options.attempts,
  });
  const recordings = new PageRecordings(store, now);
  const studyHub = options.studies ? new StudyHub({ store: options.studies, threads: options.threads, log }) : null;
  let port = options.port;
  let hosts: ReadonlySet<string> = new Set();
  const app = studioApp({
    store,
    hub,
    watch,
    recordings,
    studies: options.studies ?? null,
    studyHub,
    pages: options.pages,
    pieces: options.pieces,
    info: describe(options),
    hosts: () => hosts,
    behind,
    token,
    port: () => port,
    closing: closing.signal,
    log,
  });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  // A reader of a stream may be silent for days; one who sends a request may not.
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  const end = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    closing.abort();
    watch.close();
    recordings.close();
    await hub.close();
    await studyHub?.close();
    await pool.close();
    const late = setTimeout(() => server.closeAllConnections(), grace);
    server.closeIdleConnections();
    await closed;
    clearTimeout(late);
  };
  try {
    port = await listen(server, port, host);
    hosts = ownNames(host, port);
    const resumed = await hub.resumeAll();
    const urls = addressesOf(host, port, behind).map((url) => (token === null ? url : `${url}?token=${token}`));
    return {
      url: urls[0],
      urls,
      port,
      resumed,
      async close() {
        await end();
        await options.studies?.close();
        store.close();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", ({ code, message }: NodeJS.ErrnoException) => {
      const came: Record<string, Told> = {
        EADDRINUSE: {
          en: `port ${port}, which another program uses. Give another, or --port 0 for a free one.`,
          ja: `ポート ${port} はほかのプログラムが使っています。別のポートか、空きを探す --port 0 を指定してください。`,
        },
        EACCES: {
          en: `port ${port}, which needs more rights. Give one above 1023, or --port 0 for a free one.`,
          ja: `ポート ${port} を使う権限がありません。1024 以上か、空きを探す --port 0 を指定してください。`,
        },
        EADDRNOTAVAIL: {
          en: `${host}, which is not an address of this machine. Give one of its own, or leave --host out.`,
          ja: `${host} はこの計算機のアドレスではありません。この計算機のものを指定するか、--host を省いてください。`,
        },
        ENOTFOUND: {
          en: `${host}, which is no name of a machine. Give an address, or leave --host out.`,
          ja: `${host} という計算機は見つかりません。アドレスを指定するか、--host を省いてください。`,
        },
      };
      const { en, ja } = came[code ?? ""] ?? {
        en: `${message}. Give another --port.`,
        ja: `${message}。--port を変えてください。`,
      };
      reject(
        new DataError({
          en: `studio: must be able to listen, got ${en}`,
          ja: `studio: 待ち受けを始められません。${ja}`,
        }),
      );
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function describe({ threads, store, data }: StudioServerOptions): Omit<ServerInfo, "tanren" | "experiments"> {
  const names = [...new Set(chapter.flatMap(({ datasets }) => datasets))];
  return {
    threads,
    kernels: describeKernels(nodeNative).map(({ name, available, reason }) => ({
      name,
      available,
      ...(reason === undefined ? {} : { reason: toAnybody(inLanguage(reason, "en")) }),
    })),
    backends,
    dtypes,
    datasets: names.map((name) => ({ name, ...(data === undefined && !isThere() ? missing : { available: true }) })),
    store: store.kind,
  };
}

/** What a compiler said names folders of this machine. */
function toAnybody(reason: string): string {
  return /[/\\]/.test(reason) ? "see tanren doctor" : reason;
}

const missing = { available: false, reason: "run: tanren data get mnist" } as const;

function isThere(): boolean {
  try {
    findMnist();
    return true;
  } catch {
    return false;
  }
}
