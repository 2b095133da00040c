import fc from "fast-check";
import { expect, test } from "vitest";
import { anyText } from "../../test/support/any-text.ts";
import { TanrenError } from "../core/errors.ts";
import type { Hyper } from "../core/hyper.ts";
import { referenceKernels } from "../kernels/reference.ts";
import { buildNetwork, type NetworkEnds, sizeOfNetwork } from "./build-network.ts";
import type { Layer } from "./layer.ts";
import { exampleOf, type LayerKind, type LayerSpec, layerKinds, layerWords, networkLimits } from "./layer-words.ts";
import { NetworkTextError, parseNetwork, printNetwork } from "./network-text.ts";
import type { Residual } from "./residual.ts";
import { Sequential } from "./sequential.ts";

/** Any number that a setting takes, of hundredths where it is not whole. */
function within({ kind, min = 0, max = 1, parse }: Hyper<number>): fc.Arbitrary<number> {
  const step = kind === "integer" ? 1 : 0.01;
  return fc
    .integer({ min: Math.ceil(min / step), max: Math.floor(max / step) })
    .map((n) => Number((n * step).toFixed(2)))
    .filter((value) => {
      try {
        return parse(String(value), "") === value;
      } catch {
        return false;
      }
    });
}

function anyOf(kind: LayerKind): fc.Arbitrary<LayerSpec> {
  const numbers = Object.entries(layerWords[kind].numbers);
  const values = Object.fromEntries(numbers.map(([name, hyper]) => [name, within(hyper)]));
  return fc.record({ kind: fc.constant(kind), ...values }) as fc.Arbitrary<LayerSpec>;
}
const anyLayer = fc.oneof(...layerKinds.map(anyOf));

test("what is printed reads back as the same layers, with its numbers by their places or by their names", () => {
  fc.assert(
    fc.property(fc.array(anyLayer, { maxLength: networkLimits.layers }), (layers) => {
      expect(parseNetwork(printNetwork(layers))).toEqual(layers);
      const inFull = layers.map(({ kind, ...numbers }) => ({ kind, numbers: Object.entries(numbers) }));
      const placed = inFull.map(({ kind, numbers }) => [kind, ...numbers.map(([, value]) => value)].join(" "));
      expect(parseNetwork(placed.join("\n"))).toEqual(layers);
      const named = inFull.map(
        ({ kind, numbers }) =>
          `${kind}(${numbers
            .toReversed()
            .map((pair) => pair.join("="))
            .join(", ")})`,
      );
      expect(parseNetwork(named.join("\n"))).toEqual(layers);
    }),
  );
});

test("a number that is left out has the default that its setting tells", () => {
  for (const kind of layerKinds) {
    const { numbers } = layerWords[kind];
    const told = Object.fromEntries(Object.entries(numbers).map(([name, hyper]) => [name, hyper.default]));
    expect(parseNetwork(printNetwork([exampleOf(kind)]))).toEqual([{ kind, ...told }]);
  }
});

test("only what does not follow from the rest is printed", () => {
  const printed = (text: string) => printNetwork(parseNetwork(text));
  expect(
    printed("conv2d 16 3 1 0; Conv2D(8, size=5, padding=2); maxPool 3 3; MaxPool2d 2; avg_pool size 3 stride 2"),
  ).toBe("conv2d 16; conv2d 8 size=5 padding=2; maxPool 3; maxPool; averagePool 3 stride=2");
  expect(printed("image 28 28 1; image 32 width=16; image 32 channels=3; residual 1.0; maxout")).toBe(
    "image 28; image 32 width=16; image 32 channels=3; residual; maxout",
  );
});

test("case, spaces, commas, comments, empty lines and other libraries' words are taken", () => {
  const text = "\n  Affine( 8 )   # first\r\n\nReLU\n\nDense(units=3)";
  expect(parseNetwork(text)).toEqual([{ kind: "affine", units: 8 }, { kind: "relu" }, { kind: "affine", units: 3 }]);
  expect(parseNetwork("linear 4; batch_norm; tanh; Dropout 0.5")).toEqual([
    { kind: "affine", units: 4 },
    { kind: "batchnorm" },
    { kind: "tanh" },
    { kind: "dropout", dropRatio: 0.5 },
  ]);
  expect(parseNetwork("# nothing")).toEqual([]);
});

function problem(text: string): NetworkTextError {
  try {
    parseNetwork(text);
  } catch (error) {
    expect(error).toBeInstanceOf(NetworkTextError);
    return error as NetworkTextError;
  }
  throw new Error(`no error for ${text}`);
}

test("a mistyped layer is named by line and column, with the nearest word, in both languages", () => {
  const error = problem("affine 64\n  rellu");
  expect(error.message).toBe(
    'network, line 2, column 3: a line must begin with a layer, got "rellu". Did you mean relu?',
  );
  expect(error).toMatchObject({ line: 2, column: 3, length: 5 });
  expect((error.problem as { ja: string }).ja).toBe(
    '行は層の名前で始めてください("rellu" は使えません)。relu ではありませんか。',
  );
  expect(problem("transformer 3").message).toContain(
    "Known: affine, relu, sigmoid, tanh, leakyRelu, elu, selu, softplus, gelu, silu, prelu, maxout, batchnorm, layerNorm, rmsNorm, dropout, image, conv2d, maxPool, averagePool, globalAveragePool, flatten, residual.",
  );
  expect(problem("layer_nrom").message).toContain("Did you mean layerNorm?");
});

test.each([
  ["affine", 1, "affine must have units, got none. Write affine 16."],
  ["affine 0", 8, 'affine units: must be a whole number in [1, 4096], got "0"'],
  ["affine 1e9", 8, "must be a whole number in [1, 4096]"],
  ["affine 2.5", 8, 'got "2.5"'],
  ["dropout", 1, "dropout must have dropRatio, got none. Write dropout 0.2."],
  ["dropout 1", 9, "dropout dropRatio: must be a number in [0, 1)"],
  ["dropout -0.1", 9, "a number in [0, 1)"],
  ["residual 0", 10, "residual survival: must be a number in (0, 1]"],
  ["relu 3", 6, "relu takes no number"],
  ["affine 3 relu", 10, "Begin the next layer on a new line."],
  ["relu; affine x", 14, 'got "x"'],
  ["conv2d size=3", 1, "conv2d must have filters, got none. Write conv2d 8."],
  ["conv2d 8 siez=3", 10, 'conv2d takes filters, size, stride, padding, got "siez" too. Did you mean size?'],
  ["conv2d 8 kernel=3", 10, 'got "kernel" too. Use these names, or begin'],
  ["conv2d 8 size=3 size=5", 17, 'got "size" too. It is there already: leave one out.'],
  ["conv2d 8 size=", 10, "conv2d size: must be a whole number in [1, 64]"],
  ["conv2d 8 3 1 0 1", 16, "Begin the next layer on a new line."],
  ["maxPool 0", 9, "maxPool size: must be a whole number in [1, 64]"],
])("%s is refused at column %i", (text, column, words) => {
  const error = problem(text);
  expect(error.column).toBe(column);
  expect(error.message).toContain(words);
});

function builtOf(text: string, ends: Partial<NetworkEnds>): Layer[] {
  const usual = { inputSize: 784, image: null, classes: 2, dropoutVariant: "inverted" } as const;
  return buildNetwork(parseNetwork(text), { ...usual, ...ends });
}

test("images go from layer to layer, until something takes their pixels as they come", () => {
  const image = { height: 28, width: 28, channels: 1 };
  const layers = builtOf(
    "conv2d 8 size=5 padding=2; batchnorm; relu; maxPool; conv2d 6 stride=2; maxout 2; averagePool 2; conv2d 3 size=1; prelu; residual; affine 9; gelu",
    { image },
  );
  expect(layers.map(({ kind, outputSize }) => `${kind} ${outputSize}`)).toEqual([
    ...["conv2d 6272", "batchNorm 6272", "relu 6272", "maxPool 1568", "conv2d 216", "maxout 108", "averagePool 27"],
    ...["residual 27", "affine 9", "gelu 9", "affine 2"],
  ]);
  expect(sizeOfNetwork(layers).valuesOfRow).toBe(20_782);
  expect(layers[1]).toMatchObject({
    image: { height: 28, width: 28, channels: 8 },
    parameters: { gamma: { cols: 8 } },
  });
  expect((layers[7] as Residual).layers.map(({ kind }) => kind)).toEqual(["conv2d", "prelu"]);
  expect(builtOf("conv2d 4; globalAveragePool; affine 3", { image })[2].inputSize).toBe(4);
  const means = (text: string, at: number) => builtOf(text, { image })[at].parameters.gamma.cols;
  expect(means("conv2d 4 padding=1; flatten; batchnorm", 2)).toBe(4 * 784);
  expect(means("image 28; batchnorm", 0)).toBe(1);
  // Digits as they come are a row of columns, until something takes them as an image.
  expect(means("batchnorm; affine 9", 0)).toBe(784);
});

test("rows that the data do not call images are what the text says, which must fit them", () => {
  expect(builtOf("image 14 28 2; conv2d 4 size=14", {})[0]).toMatchObject({
    input: { height: 14, width: 28, channels: 2 },
  });
  expect(() => builtOf("conv2d 4", {})).toThrow(/conv2d must stand where rows are images, got rows of 784 numbers/);
  expect(() => builtOf("image 28; affine 16; maxPool", {})).toThrow(/maxPool must stand .* got rows of 16 numbers/);
  expect(() => builtOf("image 28; flatten; conv2d 4", {})).toThrow(/conv2d must stand where rows are images/);
  expect(() => builtOf("image 27; relu", {})).toThrow(/as many values as a row, 784, got 27 × 27 × 1/);
  expect(() => builtOf("relu; image 28", {})).toThrow(/image must stand at the beginning/);
  expect(() => builtOf("image 28; conv2d 4 size=29", {})).toThrow(/a window of 29 must fit into the padded image/);
});

test("residual makes a block of the last affine and all behind it, which is left out as often as its number says", () => {
  const built = (text: string) => builtOf(text, { inputSize: 3 });
  const [first, relu, second, third, last] = built(
    "affine 4; relu; affine 4; batchnorm; tanh; residual 0.8; affine 4; skip",
  );
  expect([first.kind, relu.kind, last.kind]).toEqual(["affine", "relu", "affine"]);
  expect((second as Residual).layers.map(({ kind }) => kind)).toEqual(["affine", "batchNorm", "tanh"]);
  expect((second as Residual).survival).toBe(0.8);
  expect(third).toMatchObject({ kind: "residual", survival: 1 });
  expect(sizeOfNetwork(built("affine 3; residual")).parameters).toBe(12 + 8);
  expect(() => built("relu; residual")).toThrow(/must have an affine or conv2d before it/);
  expect(() => built("affine 3; residual; relu; residual")).toThrow(
    /an affine or conv2d before it that is in no block yet, got 0/,
  );
  expect(() => built("affine 4; residual")).toThrow(/as many columns as they take, got affine 3→4/);
});

test("a block may hold several layers with weights, as that of ResNet does", () => {
  const conv = "conv2d 2 size=3 padding=1; batchnorm";
  const text = `image 4; conv2d 2 size=1; relu; ${conv}; relu; ${conv}; residual layers=2; relu`;
  const [stem, relu, block, behind, last] = builtOf(text, { inputSize: 16 });
  expect([stem.kind, relu.kind, behind.kind, last.kind]).toEqual(["conv2d", "relu", "relu", "affine"]);
  expect((block as Residual).layers.map(({ kind }) => kind)).toEqual([
    "conv2d",
    "batchNorm",
    "relu",
    "conv2d",
    "batchNorm",
  ]);
  // Layers of another block do not count.
  expect(() => builtOf("affine 3; residual; affine 3; residual 0.5 2", { inputSize: 3 })).toThrow(
    /residual must have 2 affine or conv2d before it that are in no block yet, got 1\./,
  );
  expect(printNetwork(parseNetwork("residual 1 2; residual 0.5 layers=1; skip(layers=3)"))).toBe(
    "residual layers=2; residual 0.5; residual layers=3",
  );
});

test("no text breaks the reader: it reads, or says where it cannot", () => {
  fc.assert(
    fc.property(anyText({ maxLength: 80 }), (text) => {
      try {
        parseNetwork(text);
      } catch (error) {
        expect(error).toBeInstanceOf(NetworkTextError);
      }
    }),
    { numRuns: 50 },
  );
  expect(problem(`${"relu\n".repeat(41)}`).message).toContain("at most 40 layers");
});

test("a network built of a text fits together and has as many parameters as are told, or is refused", () => {
  let together = 0;
  fc.assert(
    fc.property(fc.array(anyLayer, { maxLength: 6 }), (layers) => {
      const small = layers.map((spec) => ({
        ...spec,
        ...("units" in spec ? { units: 1 + (spec.units % 7) } : {}),
        ...("filters" in spec ? { filters: 1 + (spec.filters % 5) } : {}),
        ...("size" in spec
          ? { size: 1 + (spec.size % 3), stride: 1 + (spec.stride % 2), padding: spec.padding % 2 }
          : {}),
        ...("pieces" in spec ? { pieces: 1 + (spec.pieces % 2) } : {}),
      }));
      const ends = { inputSize: 72, image: { height: 6, width: 6, channels: 2 }, classes: 3 };
      let built: Layer[];
      try {
        built = buildNetwork(small, { ...ends, dropoutVariant: "inverted" });
      } catch (error) {
        expect(error).toBeInstanceOf(TanrenError);
        return;
      }
      const network = new Sequential({ kernels: referenceKernels("float64"), layers: built, maxRows: 2 });
      const count = network.parameters.reduce((sum, parameter) => sum + parameter.count, 0);
      expect(sizeOfNetwork(built).parameters).toBe(count);
      expect(network.classes).toBe(3);
      together++;
    }),
    { numRuns: 200 },
  );
  expect(together).toBeGreaterThan(20);
});
