import fc from "fast-check";
import { expect, test } from "vitest";
import { activationNames } from "../../../nn/activation.ts";
import type { LayerSpec } from "../../../nn/layer-words.ts";
import { parseNetwork, printNetwork } from "../../../nn/network-text.ts";
import { blocksOf, withActivation, withBlock, withoutBlock, withUnits } from "./blocks.ts";

const layer: fc.Arbitrary<LayerSpec> = fc.oneof(
  fc.record({ kind: fc.constant("affine" as const), units: fc.integer({ min: 1, max: 99 }) }),
  fc.record({
    kind: fc.constant("conv2d" as const),
    filters: fc.integer({ min: 1, max: 99 }),
    ...{ size: fc.constantFrom(1, 3), stride: fc.constantFrom(1, 2), padding: fc.constantFrom(0, 1) },
  }),
  fc.constant({ kind: "maxout" as const, pieces: 2 }),
  fc.constant({ kind: "maxPool" as const, size: 2, stride: 2, padding: 0 }),
  fc.constantFrom(...activationNames).map((kind) => ({ kind })),
  fc.constant({ kind: "batchnorm" as const }),
  fc.record({
    kind: fc.constant("residual" as const),
    survival: fc.constantFrom(1, 0.8),
    layers: fc.constantFrom(1, 2),
  }),
  fc.record({ kind: fc.constant("dropout" as const), dropRatio: fc.constantFrom(0, 0.2, 0.5) }),
);
const network = fc.array(layer, { maxLength: 12 });

test("whatever is pressed in the drawing, the network's text means what the drawing then shows", () => {
  fc.assert(
    fc.property(
      network,
      fc.nat(),
      fc.nat({ max: 3 }),
      fc.constantFrom(...activationNames, null),
      (layers, pick, act, kind) => {
        const blocks = blocksOf(layers);
        const block = blocks[pick % Math.max(1, blocks.length)];
        if (block === undefined) {
          expect(blocksOf(withBlock(layers))).toHaveLength(1);
          return;
        }
        const place = blocks.indexOf(block);
        const changed = [
          () => withUnits(layers, block, block.units + 1),
          () => withActivation(layers, block, kind),
          () => withoutBlock(layers, block),
          () => withBlock(layers),
        ][act]();
        const after = blocksOf(parseNetwork(printNetwork(changed)));
        const counted = (layer: LayerSpec) => (layer.kind === "residual" ? { ...layer, layers: 0 } : layer);
        const others = (list: typeof blocks) =>
          list.map(({ at: _, others, ...rest }) => ({ ...rest, others: others.map(counted) }));
        if (act === 0) {
          expect(after[place].units).toBe(block.units + 1);
        } else if (act === 1) {
          const rest = layers.filter((one) => (activationNames as readonly string[]).includes(one.kind)).length;
          expect(after).toHaveLength(blocks.length);
          if (kind !== null) {
            expect(after[place].activation).toBe(kind);
          } else {
            expect(changed.length).toBe(layers.length - (block.activation === null ? 0 : 1));
          }
          expect(rest).toBeGreaterThanOrEqual(0);
        } else if (act === 2) {
          expect(others(after)).toEqual(others(blocks.filter((one) => one !== block)));
        } else {
          expect(others(after.slice(0, blocks.length))).toEqual(others(blocks));
          expect(after).toHaveLength(blocks.length + 1);
        }
      },
    ),
  );
});

test("a convolution is a column of its filters, and of a maxout's pieces one is left", () => {
  const layers = parseNetwork("image 28; conv2d 8 size=5; relu; maxPool; affine 9; maxout 2; relu");
  expect(blocksOf(layers).map(({ kind, units, outputs, activation }) => [kind, units, outputs, activation])).toEqual([
    ["conv2d", 8, 8, "relu"],
    ["affine", 9, 5, "relu"],
  ]);
  expect(printNetwork(withUnits(layers, blocksOf(layers)[0], 12))).toMatch(/^image 28; conv2d 12 size=5; relu/);
  expect(printNetwork(withoutBlock(layers, blocksOf(layers)[0]))).toBe("image 28; affine 9; maxout; relu");
});

test("a column never has fewer units than one, nor a network more layers than it may", () => {
  const one = parseNetwork("affine 1\nrelu");
  expect(printNetwork(withUnits(one, blocksOf(one)[0], 0))).toBe("affine 1; relu");
  const full = parseNetwork("affine 2\nrelu\n".repeat(20));
  expect(withBlock(full)).toEqual(full);
});

test("a residual block whose layer is taken away has one less, others keep theirs", () => {
  const text = "affine 4; relu; affine 4; relu; affine 4; residual layers=2; affine 4; residual";
  const layers = parseNetwork(text);
  const without = (column: number) => printNetwork(withoutBlock(layers, blocksOf(layers)[column]));
  expect(without(0)).toBe("affine 4; relu; affine 4; residual layers=2; affine 4; residual");
  expect(without(1)).toBe("affine 4; relu; affine 4; residual; affine 4; residual");
  expect(without(2)).toBe("affine 4; relu; affine 4; relu; affine 4; residual");
  expect(without(3)).toBe("affine 4; relu; affine 4; relu; affine 4; residual layers=2");
});
