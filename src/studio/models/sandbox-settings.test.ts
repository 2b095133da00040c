import { expect, test } from "vitest";
import { placedLayer } from "../../model/placed-layers.ts";
import { Relu } from "../../nn/activation.ts";
import { Affine } from "../../nn/affine.ts";
import { buildNetwork } from "../../nn/build-network.ts";
import type { Layer } from "../../nn/layer.ts";
import { exampleOf, layerKinds } from "../../nn/layer-words.ts";
import { parseNetwork, printLayer } from "../../nn/network-text.ts";
import { Residual } from "../../nn/residual.ts";
import { sandboxSettingsOf } from "./sandbox-settings.ts";

const image = { height: 28, width: 28, channels: 1 };

function networkOf(text: string): string | undefined {
  const ends = { inputSize: 784, image, classes: 10, dropoutVariant: "inverted" } as const;
  const layers = buildNetwork(parseNetwork(text), ends).map(placedLayer);
  return sandboxSettingsOf({ layers, training: null })?.network;
}

test.each(layerKinds.filter((kind) => kind !== "image" && kind !== "residual"))(
  "a model's %s has the sandbox's word",
  (kind) => {
    const text = printLayer(exampleOf(kind));
    expect(networkOf(text)).toBe(text);
  },
);

test("a model's blocks and windows are written as the sandbox reads them", () => {
  const text = "conv2d 4 size=5 stride=2; relu; conv2d 4 padding=1; batchnorm; residual 0.8; maxPool 3; affine 9; gelu";
  expect(networkOf(text)).toBe(text);
});

test("a block that no text makes is not opened as another one", () => {
  const placed = (...layers: Layer[]) => layers.map(placedLayer);
  const block = (...layers: Layer[]) => new Residual(layers);
  const of = (...layers: Layer[]) =>
    sandboxSettingsOf({ layers: placed(...layers, new Affine(4, 2)), training: null })?.network;
  expect(of(block(new Affine(4, 3), new Relu(3), new Affine(3, 4)))).toBe(
    "affine 3; relu; affine 4; residual layers=2",
  );
  expect(of(block(new Relu(4), new Affine(4, 4)))).toBeUndefined();
  expect(of(block(new Affine(4, 4), block(new Affine(4, 4))))).toBeUndefined();
});
