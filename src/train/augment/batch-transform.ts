import type { RandomStream } from "../../core/random.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { Mixup } from "./mixup.ts";

/** Changes a minibatch before the network sees it, in place; draws what it needs from the stream, so that a seed repeats it. */
export type BatchTransform = (x: Tensor, stream: RandomStream) => void;

/** The transforms of a training, one after the other, and the stream they draw from: its place is all there is to keep. */
export interface Augmentation {
  readonly transforms: readonly BatchTransform[];
  /** Mixes the rows afterwards. */
  readonly mixup?: Mixup;
  readonly stream: RandomStream;
}
