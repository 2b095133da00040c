import { DataError } from "../../core/errors.ts";
import type { RowsNeeded } from "../../data/dataset.ts";
import type { PieceProgress } from "./mnist-pieces.ts";
import type { FromDataWorker, ToDataWorker } from "./protocol.ts";
import { noLoader } from "./remote-dataset.ts";

export interface DataSourceOptions {
  /** Address of the folder with manifest.json, absolute, with a `/` at its end. */
  readonly baseUrl: string;
  readonly onProgress?: (progress: PieceProgress) => void;
  /** Milliseconds before the second and the third try of a file. */
  readonly pauses?: readonly number[];
}

/** MNIST for the workers of a page: one worker loads it once, in pieces, and hands out the rows that are asked for. */
export interface DataSource {
  /**
   * A port through which a training worker asks for rows (`RemoteDataset`).
   * @param onLost called when nobody answers any more: the port must be replaced by another
   */
  port(onLost: () => void): MessagePort;
  /**
   * Loads rows before a task asks for them; the first 1,000 training rows and all test rows when absent.
   * @throws DataError when they cannot be had
   */
  preload(needed?: RowsNeeded): Promise<void>;
  close(): void;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Opens the data of this page; nothing is fetched before rows are asked for. */
export function openDataSource(options: DataSourceOptions): DataSource {
  const { baseUrl, pauses, onProgress } = options;
  const preloads = new Map<number, Waiting>();
  let owners: (() => void)[] = [];
  let worker: Worker | null = null;
  let next = 0;

  const onMessage = ({ data: message }: MessageEvent<FromDataWorker>) => {
    if (message.kind === "progress") {
      onProgress?.(message.progress);
      return;
    }
    const waiting = preloads.get(message.id);
    preloads.delete(message.id);
    if (message.kind === "loaded") {
      waiting?.resolve();
    } else {
      waiting?.reject(new DataError(message.text));
    }
  };

  const onError = (event: Event) => {
    event.preventDefault();
    worker?.terminate();
    worker = null;
    const lost = owners;
    owners = [];
    for (const { reject } of preloads.values()) {
      reject(new DataError(noLoader));
    }
    preloads.clear();
    for (const onLost of lost) {
      onLost();
    }
  };

  /** To the worker, started when there is none. */
  const say = (message: ToDataWorker, transfer: Transferable[] = []) => {
    if (worker === null) {
      worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "tanren-data" });
      worker.onmessage = onMessage;
      worker.onerror = onError;
      worker.postMessage({ kind: "setup", baseUrl, pauses } satisfies ToDataWorker);
    }
    worker.postMessage(message, transfer);
  };

  return {
    port(onLost) {
      const { port1, port2 } = new MessageChannel();
      say({ kind: "port", port: port1 }, [port1]);
      owners.push(onLost);
      return port2;
    },
    preload(needed = { train: 1000, test: Number.POSITIVE_INFINITY }) {
      return new Promise((resolve, reject) => {
        const id = next++;
        preloads.set(id, { resolve, reject });
        say({ kind: "preload", id, needed });
      });
    },
    close() {
      worker?.terminate();
      worker = null;
    },
  };
}
