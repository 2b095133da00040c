import type { Dataset, Labels, Split } from "../../data/dataset.ts";

const views = { Uint8Array, Uint16Array, Int32Array };

/** A typed array over shared memory, as its parts. */
interface SharedView {
  readonly type: keyof typeof views;
  readonly memory: SharedArrayBuffer;
  readonly offset: number;
  readonly length: number;
}

interface SentSplit {
  readonly images: Omit<Split["images"], "data"> & { readonly data: SharedView | Uint8Array };
  readonly labels: SharedView | Labels;
}

/** A data set as it is posted to a thread. */
export type SentDataset = Omit<Dataset, "train" | "test"> & { readonly train: SentSplit; readonly test: SentSplit };

/**
 * A data set to be posted to a thread, which reads the same bytes. Deno looks through the elements of a typed array that is
 * posted, one by one (20 s for MNIST); it does not look into a SharedArrayBuffer.
 */
export function sendDataset(dataset: Dataset): SentDataset {
  const split = ({ images, labels }: Split): SentSplit => ({
    images: { ...images, data: packed(images.data) },
    labels: packed(labels),
  });
  return { ...dataset, train: split(dataset.train), test: split(dataset.test) };
}

/** What {@link sendDataset} was given, over the same memory. */
export function receiveDataset(dataset: SentDataset): Dataset {
  const split = ({ images, labels }: SentSplit): Split => ({
    images: { ...images, data: unpacked(images.data) as Uint8Array },
    labels: unpacked(labels),
  });
  return { ...dataset, train: split(dataset.train), test: split(dataset.test) };
}

function packed<T extends Labels>(array: T): SharedView | T {
  const { buffer: memory, byteOffset: offset, length } = array;
  const type = array instanceof Uint8Array ? "Uint8Array" : array instanceof Uint16Array ? "Uint16Array" : "Int32Array";
  return memory instanceof SharedArrayBuffer ? { type, memory, offset, length } : array;
}

function unpacked(sent: SharedView | Labels): Labels {
  if (!("memory" in sent)) {
    return sent;
  }
  const View: new (memory: ArrayBufferLike, offset: number, length: number) => Labels = views[sent.type];
  return new View(sent.memory, sent.offset, sent.length);
}
