import { checkOptions } from "../../core/checks.ts";
import { RandomStream } from "../../core/random.ts";
import { Tensor } from "../../core/tensor.ts";
import type { Split } from "../../data/dataset.ts";
import type { ImageShape } from "../../nn/image-shape.ts";
import { type MoveOptions, moveImages } from "./move-images.ts";

/** How the images of each edition are moved. */
export interface EditionOptions {
  readonly image: ImageShape;
  readonly move: MoveOptions;
  /** Each edition has a stream of its own, told by this and its number. */
  readonly seed: number;
}

/** What is wrong with editions is said before the first is made. @throws HyperError on an option that is unknown or out of range */
export function checkEditions(options: EditionOptions): void {
  checkOptions("editions", options, { image: true, move: true, seed: true });
  moveImages(options.image, options.move);
}

/** Images a pass through {@link moveImages}. */
const atOnce = 256;

/**
 * Writes one edition of the images: every one of them moved by an amount of its own, rounded to bytes. It is told by seed and
 * number alone, whoever makes it and when.
 * @param out as many bytes as the images have
 */
export function makeEdition(
  out: Uint8Array,
  { data, count, width }: Split["images"],
  number: number,
  { image, move, seed }: EditionOptions,
): void {
  // Neighbouring numbers of one seed must not be those of a neighbouring seed.
  const stream = RandomStream.seeded((Math.imul(number + 1, 0x9e3779b1) + seed) >>> 0);
  const moved = moveImages(image, move);
  const room = new Float64Array(atOnce * width);
  for (let from = 0; from < count; from += atOnce) {
    const rows = Math.min(atOnce, count - from);
    const begin = from * width;
    for (let i = 0; i < rows * width; i++) {
      room[i] = data[begin + i];
    }
    moved(new Tensor(rows, width, room.subarray(0, rows * width)), stream);
    for (let i = 0; i < rows * width; i++) {
      out[begin + i] = Math.round(room[i]);
    }
  }
}

/** Editions of a split, one after the other. */
export interface Editions {
  /** The next one; it stays as it is until the one after it is asked for. */
  next(): Promise<Split>;
  close(): void;
}

/** Makes each edition where it is asked for, while training waits. */
export function editionsHere({ images, labels }: Split, options: EditionOptions): Editions {
  checkEditions(options);
  let number = 0;
  return {
    async next() {
      const data = new Uint8Array(images.data.length);
      makeEdition(data, images, number++, options);
      return { images: { ...images, data }, labels };
    },
    close() {},
  };
}

/** What a worker that makes editions begins with. */
export interface EditionWork {
  readonly images: Split["images"];
  readonly options: EditionOptions;
}

/** One edition asked of a worker, and the room it is written into. */
export interface EditionAsked {
  readonly number: number;
  readonly room: Uint8Array;
}

/**
 * Has each edition made while the one before it is learnt from.
 * @param rooms for the one that is learnt from and the one that is made, as many bytes each as the images have
 * @param make gives the room back, filled: the same one, or one with the same memory
 */
export function editionsAhead(
  { images, labels }: Split,
  rooms: readonly [Uint8Array, Uint8Array],
  make: (asked: EditionAsked) => Promise<Uint8Array>,
): Pick<Editions, "next"> {
  let number = 0;
  const ask = (room: Uint8Array) => {
    const making = make({ number: number++, room });
    // Its error is that of who asks for the edition.
    making.catch(() => {});
    return making;
  };
  let [, spare] = rooms;
  let coming = ask(rooms[0]);
  return {
    async next() {
      const data = await coming;
      // The other room's edition has been learnt from by now.
      coming = ask(spare);
      spare = data;
      return { images: { ...images, data }, labels };
    },
  };
}
