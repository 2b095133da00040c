import { expect, test } from "vitest";
import { HyperError } from "./errors.ts";
import { RandomStream } from "./random.ts";

// The expected numbers are NumPy's: np.random.seed(…) and then the calls in the order written here.

function normals(stream: RandomStream, count: number): number[] {
  return Array.from({ length: count }, () => stream.normal());
}

function choice(stream: RandomStream, n: number, k: number): number[] {
  const out = new Int32Array(k);
  stream.choice(n, out);
  return [...out];
}

test("seed 0 gives NumPy's first words", () => {
  const stream = RandomStream.seeded(0);
  expect([stream.uint32(), stream.uint32(), stream.uint32()]).toEqual([2357136044, 2546248239, 3071714933]);
});

test("every kind of draw follows NumPy's, one after the other", () => {
  const stream = RandomStream.seeded(7);
  expect([stream.double(), stream.double(), stream.double()]).toEqual([
    0.07630828937395717, 0.7799187922401146, 0.4384092314408935,
  ]);
  const expected = [0.09316606097975175, 3.200914709117712, -0.1569886595634109, -0.2901313829291646];
  normals(stream, 4).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 14);
  });
  expect(choice(stream, 60000, 5)).toEqual([19623, 38886, 1092, 50608, 55167]);
  expect([...stream.permutation(10)]).toEqual([6, 5, 1, 8, 4, 9, 2, 3, 0, 7]);
  expect(stream.uniform(-8, -4)).toBeCloseTo(-4.275175921243913, 14);
  expect(stream.normal()).toBeCloseTo(0.07072914133141447, 14);
});

test("the largest seed and a choice of one follow NumPy's", () => {
  const stream = RandomStream.seeded(4294967295);
  const values = normals(stream, 700);
  expect(values[698]).toBeCloseTo(0.12394765510547062, 14);
  expect(values[699]).toBeCloseTo(0.589920353613964, 14);
  expect(choice(stream, 1, 3)).toEqual([0, 0, 0]);
  expect(stream.double()).toBe(0.4510223286505445);
});

test("the spare normal is kept across draws of another kind", () => {
  const stream = RandomStream.seeded(0);
  normals(stream, 5);
  expect(choice(stream, 100, 3)).toEqual([36, 87, 70]);
  expect(stream.normal()).toBeCloseTo(-0.977277879876411, 14);
  expect(stream.normal()).toBeCloseTo(-0.055035123059621, 14);
});

test("a restored stream goes on where the saved one stood, and leaves it alone", () => {
  const stream = RandomStream.seeded(3);
  normals(stream, 1001);
  const saved = stream.saved();
  const first = [...normals(stream, 700), stream.double()];
  const restored = RandomStream.restored(structuredClone(saved));
  expect([...normals(restored, 700), restored.double()]).toEqual(first);
});

test("skipping draws as much as drawing", () => {
  const drawn = RandomStream.seeded(5);
  const skipped = RandomStream.seeded(5);
  drawn.fillNormal(new Float64Array(333), 2);
  drawn.fillDouble(new Float64Array(10));
  skipped.skipNormals(333);
  skipped.skipDoubles(10);
  expect(skipped.saved()).toEqual(drawn.saved());
});

test.each([-1, 0.5, 4294967296, Number.NaN])("seed %s is refused", (seed) => {
  expect(() => RandomStream.seeded(seed)).toThrow(
    /random stream: seed must be a whole number in \[0, 4294967295\], got/,
  );
});

test.each([0, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31 + 1, Number.MAX_SAFE_INTEGER])(
  "choosing from %s is refused at once",
  (n) => {
    const stream = RandomStream.seeded(0);
    expect(() => stream.choice(n, new Int32Array(1))).toThrow(
      `choice: n must be a whole number in [1, 2147483648], got ${n}. Give a value in that range.`,
    );
    expect(stream.uint32()).toBe(RandomStream.seeded(0).uint32());
  },
);

test.each([-1, 2.5, Number.NaN, Number.POSITIVE_INFINITY, -0.5, 2 ** 40])(
  "a count of %s is refused at once",
  (count) => {
    const stream = RandomStream.seeded(0);
    for (const act of [
      () => stream.permutation(count),
      () => stream.skipNormals(count),
      () => stream.skipDoubles(count),
    ]) {
      expect(act).toThrow(HyperError);
      expect(act).toThrow(`must be a whole number in [0, `);
      expect(act).toThrow(`got ${count}. Give a value in that range.`);
    }
  },
);

test("every seed that is none is refused", () => {
  for (const seed of [-1, 0.5, Number.NaN, 2 ** 32, Number.POSITIVE_INFINITY]) {
    expect(() => RandomStream.seeded(seed)).toThrow("seed must be a whole number in [0, 4294967295]");
  }
});

test("a saved position that cannot be is refused: a stream of zeros never ends a draw", () => {
  const { words, next } = RandomStream.seeded(1).saved();
  const wrong = [
    { words: words.slice(1), next, spare: null },
    { words: new Uint32Array(624), next: 0, spare: null },
    { words, next: -1, spare: null },
    { words, next: 625, spare: null },
    { words, next: 1.5, spare: null },
    { words, next: Number.NaN, spare: null },
    { words, next, spare: Number.NaN },
  ];
  for (const state of wrong) {
    expect(() => RandomStream.restored(state)).toThrow("random stream: a saved position must be as saved() gave it");
  }
});

test("nothing comes of no numbers, and one number is the only one", () => {
  const stream = RandomStream.seeded(3);
  expect([...stream.permutation(0)]).toEqual([]);
  expect([...stream.permutation(1)]).toEqual([0]);
  const one = new Int32Array(3).fill(9);
  stream.choice(1, one);
  expect([...one]).toEqual([0, 0, 0]);
  stream.skipNormals(0);
  stream.skipDoubles(0);
  expect(stream.uint32()).toBe(RandomStream.seeded(3).uint32());
});
