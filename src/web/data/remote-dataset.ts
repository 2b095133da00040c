import type { DataOrigin } from "../../core/data-origin.ts";
import { DataError } from "../../core/errors.ts";
import type { Told } from "../../core/text.ts";
import type { Dataset, RowsNeeded, Split } from "../../data/dataset.ts";
import { cut, emptySplit, unpackPiece } from "./piece-rows.ts";
import type { RowsAsked, RowsSent } from "./protocol.ts";

/** What a person reads when the data worker cannot start or dies. */
export const noLoader: Told = {
  en: "data set: the worker that loads it must live, got an error. Check the network and run again, or reload the page.",
  ja: "データセットを読み込む Worker が異常終了しました。ネットワークを確認してもう一度実行するか、ページを再読み込みしてください。",
};

type Held = Pick<Dataset, "classes" | "train" | "test"> & { readonly origin: DataOrigin };

/** A training worker's copy of a data set: it holds the rows that its tasks have asked for so far. */
export class RemoteDataset {
  private port: MessagePort | null;
  private readonly name: string;
  private held: Held | null = null;
  private asked = 0;
  private lost: (() => void) | null = null;
  private preparing: Promise<unknown> = Promise.resolve();

  constructor(name: string, port: MessagePort) {
    this.name = name;
    this.port = port;
  }

  /** Of the whole set, however few rows are held; null before the first are. */
  get origin(): DataOrigin | null {
    return this.held?.origin ?? null;
  }

  /** Loads rows before a task asks for any: those that do wait for these. What fails is told to the task that asks next. */
  prepare(needed: RowsNeeded): void {
    this.preparing = this.rows(needed, new AbortController().signal).catch(() => {});
  }

  /**
   * The data set with at least the rows needed, or all there are.
   * @throws DataError when they cannot be loaded; the signal's reason when it aborts
   */
  async rows(needed: RowsNeeded, signal: AbortSignal): Promise<Dataset> {
    await unlessAborted(this.preparing, signal);
    const { held } = this;
    const enough =
      held !== null &&
      held.train.labels.length >= Math.min(needed.train, held.origin.trainRows) &&
      held.test.labels.length >= Math.min(needed.test, held.origin.testRows);
    const { classes, train, test } = enough ? held : await this.ask(needed, signal);
    return { name: this.name, classes, train, test };
  }

  /** Goes on with another worker, or with none yet; what the one before was asked for fails. */
  replace(port: MessagePort | null): void {
    this.port?.close();
    this.port = port;
    this.lost?.();
  }

  private ask(needed: RowsNeeded, signal: AbortSignal): Promise<Held> {
    const { port, held } = this;
    if (port === null) {
      return Promise.reject(new DataError(noLoader));
    }
    const id = this.asked++;
    const have = { train: held?.train.labels.length ?? 0, test: held?.test.labels.length ?? 0 };
    let growing: Held;
    /** One piece after the other: together they would only wait for each other. */
    let unpacked = Promise.resolve();
    return new Promise((resolve, reject) => {
      const take = (message: RowsSent) => {
        switch (message.kind) {
          case "size": {
            const { classes, origin, width, rows } = message;
            const grow = (part: "train" | "test") => grown(held?.[part], rows[part], width);
            growing = { classes, origin, train: grow("train"), test: grow("test") };
            break;
          }
          case "piece": {
            const { from, piece } = message;
            const into = cut(growing[message.part], from, from + piece.rows);
            unpacked = unpacked.then(() => unpackPiece(piece, into));
            break;
          }
          case "shared":
            growing = { ...growing, train: message.train, test: message.test };
            break;
          case "complete":
            unpacked.then(() => {
              this.held = growing;
              resolve(growing);
            }, reject);
            end();
            break;
          case "failed":
            end();
            reject(new DataError(message.text));
        }
      };
      const onMessage = ({ data }: MessageEvent<RowsSent>) => {
        // What a cancelled task asked for may still be coming.
        if (data.id === id) {
          take(data);
        }
      };
      const onAbort = () => {
        end();
        reject(signal.reason);
      };
      const end = () => {
        port.removeEventListener("message", onMessage);
        signal.removeEventListener("abort", onAbort);
        this.lost = null;
      };
      this.lost = () => {
        end();
        reject(new DataError(noLoader));
      };
      signal.throwIfAborted();
      signal.addEventListener("abort", onAbort);
      port.addEventListener("message", onMessage);
      port.start();
      port.postMessage({ id, needed, have } satisfies RowsAsked);
    });
  }
}

/** Waits for what never rejects. @throws the signal's reason as soon as it aborts */
async function unlessAborted(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<void>();
  const onAbort = () => aborted.resolve();
  signal.addEventListener("abort", onAbort);
  await Promise.race([promise, aborted.promise]);
  signal.removeEventListener("abort", onAbort);
  signal.throwIfAborted();
}

/** A split with room for so many rows that begins with those of another; the other itself when it has as many. */
function grown(held: Split | undefined, rows: number, width: number): Split {
  if (held !== undefined && rows <= held.labels.length) {
    return held;
  }
  const larger = emptySplit(rows, width);
  if (held !== undefined) {
    larger.images.data.set(held.images.data);
    larger.labels.set(held.labels);
  }
  return larger;
}
