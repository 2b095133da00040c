import fc from "fast-check";
import { expect, test } from "vitest";
import { anyText } from "../../test/support/any-text.ts";
import { referenceKernels } from "../kernels/reference.ts";
import { Sequential } from "../nn/sequential.ts";
import {
  buildNetwork,
  type LayerSpec,
  NetworkTextError,
  networkLimits,
  parametersOf,
  parseNetwork,
  printNetwork,
} from "./network-text.ts";
import type { Residual } from "./residual.ts";

const residual = fc.integer({ min: 1, max: 100 }).map((n) => ({ kind: "residual" as const, survival: n / 100 }));
const layer: fc.Arbitrary<LayerSpec> = fc.oneof(
  fc.record({ kind: fc.constant("affine" as const), units: fc.integer({ min: 1, max: networkLimits.units }) }),
  fc.constantFrom<LayerSpec>({ kind: "relu" }, { kind: "sigmoid" }, { kind: "tanh" }, { kind: "batchnorm" }),
  fc.record({ kind: fc.constant("dropout" as const), dropRatio: fc.integer({ min: 0, max: 99 }).map((n) => n / 100) }),
);

test("what is printed reads back as the same layers", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(layer, residual), { maxLength: networkLimits.layers }), (layers) => {
      expect(parseNetwork(printNetwork(layers))).toEqual(layers);
    }),
  );
});

test("case, spaces, commas, comments, empty lines and other libraries' words are taken", () => {
  const text = "\n  Affine( 8 )   # first\r\n\nReLU\n\nDense(units=3)".replace("units=", "");
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
  expect(problem("conv2d 3").message).toContain(
    "Known: affine, relu, sigmoid, tanh, leakyRelu, elu, selu, softplus, gelu, silu, batchnorm, dropout, residual.",
  );
});

test.each([
  ["affine", 1, "got none. Write affine 64."],
  ["affine 0", 8, "affine must have 1 to 4096 units"],
  ["affine 1e9", 8, "affine must have 1 to 4096 units"],
  ["affine 2.5", 8, 'got "2.5"'],
  ["dropout 1", 9, "dropout must drop a share in [0, 1)"],
  ["dropout -0.1", 9, "a share in [0, 1)"],
  ["residual 0", 10, "kept with a chance in (0, 1]"],
  ["relu 3", 6, "relu takes no number"],
  ["affine 3 relu", 10, "Begin the next layer on a new line."],
  ["relu; affine x", 14, 'got "x"'],
])("%s is refused at column %i", (text, column, words) => {
  const error = problem(text);
  expect(error.column).toBe(column);
  expect(error.message).toContain(words);
});

test("residual makes a block of the last affine and all behind it, which is left out as often as its number says", () => {
  const built = (text: string, inputSize = 3) =>
    buildNetwork(parseNetwork(text), { inputSize, classes: 2, dropoutVariant: "inverted" });
  const [first, relu, second, third, last] = built(
    "affine 4; relu; affine 4; batchnorm; tanh; residual 0.8; affine 4; skip",
  );
  expect([first.kind, relu.kind, last.kind]).toEqual(["affine", "relu", "affine"]);
  expect((second as Residual).layers.map(({ kind }) => kind)).toEqual(["affine", "batchNorm", "tanh"]);
  expect((second as Residual).survival).toBe(0.8);
  expect(third).toMatchObject({ kind: "residual", survival: 1 });
  expect(parametersOf(parseNetwork("affine 3; residual"), 3, 2)).toBe(12 + 8);
  expect(() => built("relu; residual")).toThrow(/must have an affine before it/);
  expect(() => built("affine 3; residual; relu; residual")).toThrow(/got only blocks/);
  expect(() => built("affine 4; residual")).toThrow(/as many columns as they take, got affine 3→4/);
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

test("a network built of a text fits together and has as many parameters as are told", () => {
  fc.assert(
    fc.property(fc.array(layer, { maxLength: 5 }), fc.integer({ min: 1, max: 4 }), (layers, inputSize) => {
      const small = layers.map((spec) => (spec.kind === "affine" ? { ...spec, units: 1 + (spec.units % 7) } : spec));
      const network = new Sequential({
        kernels: referenceKernels("float64"),
        layers: buildNetwork(small, { inputSize, classes: 3, dropoutVariant: "inverted" }),
        maxRows: 2,
      });
      const count = network.parameters.reduce((sum, parameter) => sum + parameter.count, 0);
      expect(parametersOf(small, inputSize, 3)).toBe(count);
      expect(network.classes).toBe(3);
    }),
    { numRuns: 40 },
  );
});
