import type { DataOrigin } from "../../core/data-origin.ts";
import type { Told } from "../../core/text.ts";
import type { Dataset, RowsNeeded, Split } from "../../data/dataset.ts";
import { ToldError } from "../told-error.ts";
import type { RowsAsked, RowsSent } from "./protocol.ts";

type Part = "train" | "test";

/** What a person reads when the data worker cannot start or dies. */
export const noLoader: Told = {
  en: "data set: the worker that loads it must live, got an error. Check the network and run again, or reload the page.",
  ja: "データセットを読み込む Worker が異常終了しました。ネットワークを確認してもう一度実行するか、ページを再読み込みしてください。",
};

const none: Split = { images: { data: new Uint8Array(0), count: 0, width: 0 }, labels: new Uint8Array(0) };

/** A training worker's copy of a data set: it holds the rows that its tasks have asked for so far. */
export class RemoteDataset {
  private port: MessagePort | null;
  private readonly name: string;
  private held: Readonly<Record<Part, Split>> = { train: none, test: none };
  private classes = 0;
  /** Of the whole set, however few rows are held; null before the first are. */
  origin: DataOrigin | null = null;
  private asked = 0;
  private lost: (() => void) | null = null;
  /** Whether a part has no more rows than are held. */
  private whole = { train: false, test: false };

  constructor(name: string, port: MessagePort) {
    this.name = name;
    this.port = port;
  }

  /**
   * The data set with at least the rows needed, or all there are.
   * @throws ToldError when they cannot be loaded; the signal's reason when it aborts
   */
  async rows(needed: RowsNeeded, signal: AbortSignal): Promise<Dataset> {
    const enough = (part: Part) => this.whole[part] || this.held[part].labels.length >= needed[part];
    if (this.classes === 0 || !enough("train") || !enough("test")) {
      await this.ask(needed, signal);
    }
    return { name: this.name, classes: this.classes, ...this.held };
  }

  /** Goes on with another worker, or with none yet; what the one before was asked for fails. */
  replace(port: MessagePort | null): void {
    this.port?.close();
    this.port = port;
    this.lost?.();
  }

  private ask(needed: RowsNeeded, signal: AbortSignal): Promise<void> {
    const { port } = this;
    if (port === null) {
      return Promise.reject(new ToldError(noLoader));
    }
    const id = this.asked++;
    const have = { train: this.held.train.labels.length, test: this.held.test.labels.length };
    const growing = { ...this.held };
    const whole = { ...this.whole };
    let classes = 0;
    let origin: DataOrigin | null = null;
    const filled = { ...have };
    return new Promise<void>((resolve, reject) => {
      const take = (message: RowsSent) => {
        switch (message.kind) {
          case "size":
            for (const part of ["train", "test"] as const) {
              growing[part] = grown(this.held[part], message.rows[part], message.width);
              whole[part] = message.rows[part] < needed[part];
            }
            classes = message.classes;
            origin = message.origin;
            break;
          case "rows": {
            const { images, labels } = message.split;
            growing[message.part].images.data.set(images.data, filled[message.part] * images.width);
            growing[message.part].labels.set(labels, filled[message.part]);
            filled[message.part] += labels.length;
            break;
          }
          case "shared":
            growing.train = message.train;
            growing.test = message.test;
            break;
          case "complete":
            this.held = growing;
            this.whole = whole;
            this.classes = classes;
            this.origin = origin;
            end();
            resolve();
            break;
          case "failed":
            end();
            reject(new ToldError(message.text));
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
        reject(new ToldError(noLoader));
      };
      signal.throwIfAborted();
      signal.addEventListener("abort", onAbort);
      port.addEventListener("message", onMessage);
      port.start();
      port.postMessage({ id, needed, have } satisfies RowsAsked);
    });
  }
}

/** A split with room for so many rows that begins with those of another; the other itself when it has as many. */
function grown(split: Split, rows: number, width: number): Split {
  if (rows <= split.labels.length) {
    return split;
  }
  const images = new Uint8Array(rows * width);
  const labels = new Uint8Array(rows);
  images.set(split.images.data);
  labels.set(split.labels);
  return { images: { data: images, count: rows, width }, labels };
}
