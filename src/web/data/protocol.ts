import type { DataOrigin } from "../../core/data-origin.ts";
import type { Told } from "../../core/text.ts";
import type { RowsNeeded, Split } from "../../data/dataset.ts";
import type { PieceProgress } from "./mnist-pieces.ts";
import type { PieceBytes } from "./piece-rows.ts";

/** What the data worker is started with. */
export interface DataSetup {
  readonly kind: "setup";
  /** Address of the folder with manifest.json, absolute. */
  readonly baseUrl: string;
  /** Milliseconds before the second and the third try of a file. */
  readonly pauses?: readonly number[];
}

/** To the data worker, from the page. */
export type ToDataWorker =
  | DataSetup
  /** Rows will be asked for through this port, by {@link RowsAsked}. */
  | { readonly kind: "port"; readonly port: MessagePort }
  /** Loads rows before anybody asks for them. */
  | { readonly kind: "preload"; readonly id: number; readonly needed: RowsNeeded };

/** From the data worker, to the page. */
export type FromDataWorker =
  | { readonly kind: "progress"; readonly progress: PieceProgress }
  | { readonly kind: "loaded"; readonly id: number }
  | { readonly kind: "failed"; readonly id: number; readonly text: Told };

/** Through a port, to the data worker. Pieces that end within the rows in `have` are not sent again. */
export interface RowsAsked {
  readonly id: number;
  readonly needed: RowsNeeded;
  readonly have: RowsNeeded;
}

/** Through a port, from the data worker: `size`, then `piece` in order for each part or `shared`, then `complete`. */
export type RowsSent =
  | {
      readonly kind: "size";
      readonly id: number;
      readonly width: number;
      readonly classes: number;
      readonly origin: DataOrigin;
      /** As asked for, but no more than there are. */
      readonly rows: RowsNeeded;
    }
  /** Rows of a part from one on; the bytes are the receiver's own, who unpacks them. */
  | {
      readonly kind: "piece";
      readonly id: number;
      readonly part: "train" | "test";
      readonly from: number;
      readonly piece: PieceBytes;
    }
  /** Instead of `piece`, where memory can be shared: everything asked for, in place. */
  | { readonly kind: "shared"; readonly id: number; readonly train: Split; readonly test: Split }
  | { readonly kind: "complete"; readonly id: number }
  | { readonly kind: "failed"; readonly id: number; readonly text: Told };
