import type { Dataset, RowsNeeded, Split } from "../../data/dataset.ts";
import { type Manifest, type Piece, parseManifest, rowsOf } from "./mnist-manifest.ts";
import { fetchPiece, fetchText } from "./piece-fetch.ts";
import { cut, emptySplit, type PieceBytes, unpackPiece } from "./piece-rows.ts";

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
  loading?: Promise<PieceBytes>;
  loaded?: boolean;
  /** Into shared memory; absent as `loading` is. */
  unpacking?: Promise<void>;
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

  /** What the manifest says. @throws DataError when it cannot be had */
  async manifest(): Promise<Manifest> {
    return (await this.opened()).manifest;
  }

  /** The rows that there are of those needed. @throws DataError as {@link manifest} */
  async available(needed: RowsNeeded): Promise<RowsNeeded> {
    const { train, test } = await this.manifest();
    return { train: Math.min(needed.train, rowsOf(train)), test: Math.min(needed.test, rowsOf(test)) };
  }

  /** Begins loading what is needed, without waiting for it. @throws DataError as {@link manifest} */
  async want(needed: RowsNeeded): Promise<void> {
    await this.demand(needed);
  }

  /** Resolves when the first rows of each part are there, packed. @throws DataError when a piece cannot be had */
  async rowsReady(needed: RowsNeeded): Promise<void> {
    for (const loading of await this.demand(needed)) {
      await loading;
    }
  }

  /** The pieces that hold the rows [from, to) of a part, each as soon as it is there. @throws DataError when one cannot be had */
  async *pieces(part: Part, from: number, to: number): AsyncGenerator<{ from: number; piece: PieceBytes }, void, void> {
    for (const slot of await this.slotsHolding(part, from, to)) {
      yield { from: slot.from, piece: await this.load(slot) };
    }
  }

  /** The first rows of each part: in memory of their own, or in the shared memory of all. @throws DataError when a piece cannot be had */
  async dataset(needed: RowsNeeded): Promise<Dataset> {
    const { name, classes, width } = await this.manifest();
    const rows = await this.available(needed);
    const { room } = await this.opened();
    await this.want(rows);
    const fill = async (part: Part): Promise<Split> => {
      const split = room?.[part] ?? emptySplit(rows[part], width);
      for (const slot of await this.slotsHolding(part, 0, rows[part])) {
        const unpack = async () =>
          unpackPiece(await this.load(slot), cut(split, slot.from, slot.from + slot.piece.rows));
        await (room === null ? unpack() : this.once(slot, unpack));
      }
      return cut(split, 0, rows[part]);
    };
    return { name, classes, train: await fill("train"), test: await fill("test") };
  }

  /** Unpacks a piece into shared memory, unless that has been done or is under way. */
  private once(slot: Slot, unpack: () => Promise<void>): Promise<void> {
    slot.unpacking ??= unpack().catch((error) => {
      slot.unpacking = undefined;
      throw error;
    });
    return slot.unpacking;
  }

  private async slotsHolding(part: Part, from: number, to: number): Promise<Slot[]> {
    const { slots } = await this.opened();
    return slots.filter((slot) => slot.part === part && slot.from < to && slot.from + slot.piece.rows > from);
  }

  /** Begins loading what is needed and not there; the pieces that hold it, the first ones first. */
  private async demand(needed: RowsNeeded): Promise<Promise<PieceBytes>[]> {
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
    const roomOf = (part: Part) => emptySplit(rowsOf(manifest[part]), manifest.width, SharedArrayBuffer);
    return {
      manifest,
      slots: [...slotsOf("train"), ...slotsOf("test")],
      // Memory that is not yet written to costs nothing.
      room: this.options.shared ? { train: roomOf("train"), test: roomOf("test") } : null,
    };
  }

  private load(slot: Slot): Promise<PieceBytes> {
    slot.loading ??= this.fetch(slot).catch((error) => {
      slot.loading = undefined;
      this.total -= slot.piece.bytes;
      throw error;
    });
    return slot.loading;
  }

  private async fetch(slot: Slot): Promise<PieceBytes> {
    const { baseUrl } = this.options;
    const { piece } = slot;
    this.total += piece.bytes;
    const { width } = await this.manifest();
    await this.enter();
    try {
      const onBytes = (more: number) => {
        this.bytes += more;
        this.tell();
      };
      const loaded = await fetchPiece(baseUrl, piece, piece.rows * (1 + width), onBytes, this.options);
      slot.loaded = true;
      this.tell();
      return loaded;
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
      const gap = own.findIndex(({ loaded }) => !loaded);
      return rowsOf(own.slice(0, gap < 0 ? own.length : gap).map(({ piece }) => piece));
    };
    onProgress({ bytes: this.bytes, total: this.total, rows: { train: ready("train"), test: ready("test") } });
  }
}

/**
 * Loads MNIST once, in the thread that calls it: its first rows, or all.
 * @throws DataError when a piece cannot be had whole and right in three tries
 */
export function loadMnist(options: MnistPiecesOptions & { readonly rows?: Partial<RowsNeeded> }): Promise<Dataset> {
  const all = Number.POSITIVE_INFINITY;
  return new MnistPieces(options).dataset({ train: all, test: all, ...options.rows });
}
