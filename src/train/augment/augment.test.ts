import { expect, test } from "vitest";
import { RandomStream } from "../../core/random.ts";
import { Tensor } from "../../core/tensor.ts";
import { editionsOnThread } from "../../node/data/editions.ts";
import { type EditionAsked, editionsAhead, editionsHere, makeEdition } from "./editions.ts";
import { inputNoise } from "./input-noise.ts";
import { moveImages } from "./move-images.ts";

const image = { height: 9, width: 9, channels: 1 };
/** One bright pixel, right of the middle, in each of four images. */
function images(): Tensor {
  const x = new Tensor(4, 81, new Float64Array(4 * 81));
  for (let m = 0; m < 4; m++) {
    x.data[m * 81 + 4 * 9 + 6] = 1;
  }
  return x;
}
const middle = (x: Tensor, m: number) => {
  const values = [...x.data.subarray(m * 81, (m + 1) * 81)];
  const sum = values.reduce((total, v) => total + v, 0);
  const at = (of: (i: number) => number) => values.reduce((total, v, i) => total + v * of(i), 0) / sum;
  return { sum, x: at((i) => i % 9), y: at((i) => Math.floor(i / 9)) };
};

test("nothing asked for moves nothing", () => {
  const x = images();
  moveImages(image, {})(x, RandomStream.seeded(1));
  expect(x.data).toEqual(images().data);
});

test("a shift moves the whole image by what the stream says, each image by its own", () => {
  const x = images();
  moveImages(image, { shift: 2 })(x, RandomStream.seeded(1));
  const stream = RandomStream.seeded(1);
  const moves = Array.from({ length: 4 }, () => {
    stream.uniform(0, 0);
    return [stream.uniform(-2, 2), stream.uniform(-2, 2)];
  });
  for (const [m, [dx, dy]] of moves.entries()) {
    expect(middle(x, m).x).toBeCloseTo(6 + dx, 10);
    expect(middle(x, m).y).toBeCloseTo(4 + dy, 10);
  }
  expect(new Set(moves.flat()).size).toBe(8);
});

test("a turn of 90 degrees is a quarter turn", () => {
  const furthest = { uniform: (_: number, high: number) => high } as RandomStream;
  const x = images();
  moveImages(image, { rotate: 90 })(x, furthest);
  const at = middle(x, 0);
  expect([at.x, at.y].map((place) => Math.round(place * 1e9) / 1e9)).toEqual([4, 6]);
});

test("a turn keeps the distance from the middle", () => {
  const x = images();
  moveImages(image, { rotate: 40 })(x, RandomStream.seeded(2));
  for (let m = 0; m < 4; m++) {
    const at = middle(x, m);
    expect(Math.hypot(at.x - 4, at.y - 4)).toBeGreaterThan(1.6);
    expect(Math.hypot(at.x - 4, at.y - 4)).toBeLessThan(2.4);
  }
});

test("elastic distortion moves neighbours alike, repeats with its seed, and is another for another image", () => {
  const run = () => {
    const x = images();
    moveImages(image, { elastic: { alpha: 6, sigma: 2 } })(x, RandomStream.seeded(3));
    return x;
  };
  const x = run();
  expect(x.data).toEqual(run().data);
  expect(x.data).not.toEqual(images().data);
  expect(x.data.subarray(0, 81)).not.toEqual(x.data.subarray(81, 162));
});

test("input noise has the standard deviation asked for", () => {
  const x = new Tensor(10, 1000, new Float64Array(10_000).fill(5));
  inputNoise(0.5)(x, RandomStream.seeded(4));
  const mean = x.data.reduce((sum: number, v: number) => sum + v, 0) / 10_000;
  const variance = [...x.data].reduce((sum, v) => sum + (v - mean) ** 2, 0) / 10_000;
  expect(mean).toBeCloseTo(5, 1);
  expect(Math.sqrt(variance)).toBeCloseTo(0.5, 1);
  expect(() => inputNoise(-1)).toThrow(/inputNoise: std/);
});

test("an edition is told by its number and the seed alone, and is the same from a thread", async () => {
  const data = Uint8Array.from({ length: 40 * 81 }, (_, i) => (i * 97) % 256);
  const split = { images: { data, count: 40, width: 81 }, labels: new Uint8Array(40) };
  const options = { image, move: { shift: 2, rotate: 20 }, seed: 7 };
  const [here, thread] = [editionsHere(split, options), editionsOnThread(split, options)];
  try {
    const seen: string[] = [];
    for (let i = 0; i < 3; i++) {
      const bytes = (await here.next()).images.data.join();
      expect((await thread.next()).images.data.join()).toBe(bytes);
      seen.push(bytes);
    }
    expect(new Set([...seen, data.join()]).size).toBe(4);
    const other = new Uint8Array(data.length);
    makeEdition(other, split.images, 1, options);
    expect(other.join()).toBe(seen[1]);
    makeEdition(other, split.images, 1, { ...options, seed: 8 });
    expect(other.join()).not.toBe(seen[1]);
  } finally {
    thread.close();
  }
});

test("bytes of an edition are rounded, and its number and seed are not added up", () => {
  const data = Uint8Array.from({ length: 81 }, (_, i) => 40 + 2 * (i % 9) + (i >> 3));
  const made = (number: number, seed: number, shift: number) => {
    const out = new Uint8Array(81);
    makeEdition(out, { data, count: 1, width: 81 }, number, { image, move: { shift }, seed });
    return [...out];
  };
  const inner = (bytes: readonly number[]) => bytes.filter((_, i) => i % 9 > 0 && i % 9 < 8 && i > 8 && i < 72);
  expect(inner(made(0, 1, 0.01))).toEqual(inner([...data]));
  expect(made(1, 0, 2)).not.toEqual(made(0, 1, 2));
});

test("an edition that is learnt from is not the room of the one that is made", async () => {
  const rooms = [new Uint8Array(81), new Uint8Array(81)] as const;
  const asked: EditionAsked[] = [];
  const make = async (one: EditionAsked) => {
    asked.push(one);
    return one.room;
  };
  const editions = editionsAhead(
    { images: { data: new Uint8Array(81), count: 1, width: 81 }, labels: new Uint8Array(1) },
    rooms,
    make,
  );
  for (let i = 0; i < 4; i++) {
    const { images } = await editions.next();
    expect(asked.at(-1)).toMatchObject({ number: i + 1 });
    expect(asked.at(-1)!.room).not.toBe(images.data);
    expect(images.data).toBe(rooms[i % 2]);
  }
});
