import type { Dataset, RowsNeeded, Split } from "../../data/dataset.ts";
import { type Manifest, type Piece, parseManifest, rowsOf } from "./mnist-manifest.ts";
import { fetchPiece, fetchText } from "./piece-fetch.ts";

/** How far loading is. */
export interface PieceProgress {
  /** Packed bytes that have come, of those asked for so far. */
  readonly bytes: number;
  readonly total: number;
  /** Rows that are there without a gap, from the first. */
  readonly rows: RowsNeeded;
}

export interface MnistPiecesOptions {
  /** Address of the folder with manifest.json, absolute, with a `/` at its end. */
  readonly baseUrl: string;
  /** Ends all loading. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: PieceProgress) => void;
  /** Milliseconds before the second and the third try of a file. */
  readonly pauses?: readonly number[];
  /** Keeps the rows in shared memory, in one piece a part, where the page may have such memory. */
  readonly shared?: boolean;
}

type Part = "train" | "test";

/** The manifest, where each piece stands, and where rows go when memory is shared. */
interface Opened {
  readonly manifest: Manifest;
  readonly slots: readonly Slot[];
  readonly room: Readonly<Record<Part, Split>> | null;
}

interface Slot {
  readonly part: Part;
  readonly piece: Piece;
  /** Number of its first row. */
  readonly from: number;
  /** Absent until asked for; again absent when loading failed. */
  loading?: Promise<Split>;
  split?: Split;
}

/** Fetched at the same time: more would only slow the first one down. */
const atOnce = 3;

/**
 * A data set that grows as rows are asked for: pieces are fetched in order, some at a time, each checked and kept. What
 * failed is fetched again when it is asked for again.
 */
export class MnistPieces {
  private readonly options: MnistPiecesOptions;
  private opening: Promise<Opened> | null = null;
  private readonly waiting: (() => void)[] = [];
  private active = 0;
  private bytes = 0;
  private total = 0;

  constructor(options: MnistPiecesOptions) {
    this.options = options;
  }

  /** What the manifest says. @throws ToldError when it cannot be had */
  async manifest(): Promise<Manifest> {
    return (await this.opened()).manifest;
  }

  /** The rows that there are of those needed. @throws ToldError as {@link manifest} */
  async available(needed: RowsNeeded): Promise<RowsNeeded> {
    const { train, test } = await this.manifest();
    return { train: Math.min(needed.train, rowsOf(train)), test: Math.min(needed.test, rowsOf(test)) };
  }

  /** Resolves when the first rows of each part are there. @throws ToldError when a piece cannot be had */
  async rowsReady(needed: RowsNeeded): Promise<void> {
    for (const loading of await this.demand(needed)) {
      await loading;
    }
  }

  /** Begins loading what is needed, without waiting for it. @throws ToldError as {@link manifest} */
  async want(needed: RowsNeeded): Promise<void> {
    await this.demand(needed);
  }

  /** The rows [from, to) of a part in pieces, each as soon as it is there. @throws ToldError when one cannot be had */
  async *rows(part: Part, from: number, to: number): AsyncGenerator<Split, void, void> {
    await this.demand({ train: 0, test: 0, [part]: to });
    const { slots } = await this.opened();
    for (const slot of slots) {
      const begin = Math.max(from, slot.from);
      const end = Math.min(to, slot.from + slot.piece.rows);
      if (slot.part === part && begin < end) {
        yield cut(await this.load(slot), begin - slot.from, end - slot.from);
      }
    }
  }

  /** The first rows of each part: in memory of their own, or in the shared memory of all. @throws ToldError when a piece cannot be had */
  async dataset(needed: RowsNeeded): Promise<Dataset> {
    const { name, classes, width } = await this.manifest();
    const rows = await this.available(needed);
    await this.rowsReady(rows);
    const { room } = await this.opened();
    if (room !== null) {
      return { name, classes, train: cut(room.train, 0, rows.train), test: cut(room.test, 0, rows.test) };
    }
    const join = async (part: Part): Promise<Split> => {
      const images = new Uint8Array(rows[part] * width);
      const labels = new Uint8Array(rows[part]);
      let filled = 0;
      for await (const split of this.rows(part, 0, rows[part])) {
        images.set(split.images.data, filled * width);
        labels.set(split.labels, filled);
        filled += split.labels.length;
      }
      return { images: { data: images, count: filled, width }, labels };
    };
    return { name, classes, train: await join("train"), test: await join("test") };
  }

  /** Begins loading what is needed and not there; the pieces that hold it, the first ones first. */
  private async demand(needed: RowsNeeded): Promise<Promise<Split>[]> {
    const { slots } = await this.opened();
    const wanted = slots.filter((slot) => slot.from < needed[slot.part]).sort((a, b) => a.from - b.from);
    return wanted.map((slot) => {
      const loading = this.load(slot);
      // Each is awaited in its turn; one that fails before must not count as nobody's.
      loading.catch(() => {});
      return loading;
    });
  }

  private opened(): Promise<Opened> {
    this.opening ??= this.open().catch((error) => {
      this.opening = null;
      throw error;
    });
    return this.opening;
  }

  private async open(): Promise<Opened> {
    const url = new URL("manifest.json", this.options.baseUrl).href;
    const manifest = parseManifest(await fetchText(url, this.options), url);
    const slotsOf = (part: Part) => {
      let from = 0;
      return manifest[part].map((piece): Slot => {
        from += piece.rows;
        return { part, piece, from: from - piece.rows };
      });
    };
    const roomOf = (part: Part): Split => {
      const count = rowsOf(manifest[part]);
      const data = new Uint8Array(new SharedArrayBuffer(count * manifest.width));
      return {
        images: { data, count, width: manifest.width },
        labels: new Uint8Array(new SharedArrayBuffer(count)),
      };
    };
    return {
      manifest,
      slots: [...slotsOf("train"), ...slotsOf("test")],
      // Memory that is not yet written to costs nothing.
      room: this.options.shared ? { train: roomOf("train"), test: roomOf("test") } : null,
    };
  }

  private load(slot: Slot): Promise<Split> {
    slot.loading ??= this.fetch(slot).catch((error) => {
      slot.loading = undefined;
      this.total -= slot.piece.bytes;
      throw error;
    });
    return slot.loading;
  }

  private async fetch(slot: Slot): Promise<Split> {
    const { baseUrl } = this.options;
    const { piece } = slot;
    this.total += piece.bytes;
    const { manifest, room } = await this.opened();
    const { width } = manifest;
    await this.enter();
    try {
      const onBytes = (more: number) => {
        this.bytes += more;
        this.tell();
      };
      const raw = await fetchPiece(baseUrl, piece, piece.rows * (1 + width), onBytes, this.options);
      const split = {
        labels: raw.subarray(0, piece.rows),
        images: { data: raw.subarray(piece.rows), count: piece.rows, width },
      };
      slot.split = room === null ? split : put(room[slot.part], slot.from, split);
      this.tell();
      return slot.split;
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.active >= atOnce) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.active++;
    }
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) {
      this.active--;
    } else {
      next();
    }
  }

  private async tell(): Promise<void> {
    const { onProgress } = this.options;
    if (onProgress === undefined) {
      return;
    }
    const { slots } = await this.opened();
    const ready = (part: Part) => {
      const own = slots.filter((slot) => slot.part === part);
      const gap = own.findIndex(({ split }) => split === undefined);
      return rowsOf(own.slice(0, gap < 0 ? own.length : gap).map(({ piece }) => piece));
    };
    onProgress({ bytes: this.bytes, total: this.total, rows: { train: ready("train"), test: ready("test") } });
  }
}

/** Writes rows into a larger split and gives them as they lie there. */
function put(room: Split, from: number, { images, labels }: Split): Split {
  room.images.data.set(images.data, from * images.width);
  room.labels.set(labels, from);
  return cut(room, from, from + images.count);
}

/** Rows [begin, end) of a split, sharing its memory. */
function cut({ images, labels }: Split, begin: number, end: number): Split {
  const { data, width } = images;
  return {
    labels: labels.subarray(begin, end),
    images: { data: data.subarray(begin * width, end * width), count: end - begin, width },
  };
}

/**
 * Loads MNIST once, in the thread that calls it: its first rows, or all.
 * @throws ToldError when a piece cannot be had whole and right in three tries
 */
export function loadMnist(options: MnistPiecesOptions & { readonly rows?: Partial<RowsNeeded> }): Promise<Dataset> {
  const all = Number.POSITIVE_INFINITY;
  return new MnistPieces(options).dataset({ train: all, test: all, ...options.rows });
}
