import type { NumberArray } from "../../formats/number-array.ts";

/** A layer as the exporters see it. */
export interface ExportedLayer {
  readonly kind: string;
  /** The layer's settings, as its spec holds them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Its tensors by the layer's own names: W, b, gamma, runningMean … */
  readonly tensors: Readonly<Record<string, NumberArray>>;
}
