import type { Layer } from "../nn/layer.ts";
import { layerOf, layerTensors, type PlacedLayer } from "./placed-layers.ts";

/**
 * Shapes of a model's tensors by the names that files give them: weights [in, out], rows of numbers as vectors [n].
 * @throws DataError on a layer of an unknown kind, HyperError on a setting out of range
 */
export function tensorShapes(specs: readonly PlacedLayer[]): Map<string, readonly number[]> {
  const names = layerTensors(specs);
  const shapes = new Map<string, readonly number[]>();
  specs.forEach((spec, i) => {
    const layer = layerOf(spec);
    for (const [own, name] of Object.entries(names[i])) {
      shapes.set(name, keptShape(layer, own));
    }
  });
  return shapes;
}

/** The shape that one of a layer's tensors is kept with. @param own the layer's name for it */
export function keptShape({ parameters, buffers }: Layer, own: string): readonly number[] {
  const { rows, cols } = parameters[own] ?? buffers[own];
  const isWeight = parameters[own]?.start === "drawn";
  return rows === 1 && !isWeight ? [cols] : [rows, cols];
}
