import type { ValuesOf } from "../../core/hyper.ts";
import type { Dataset } from "../../data/dataset.ts";
import type { ActivationName } from "../../nn/activation.ts";
import { buildNetwork, type NetworkEnds } from "../../nn/build-network.ts";
import { squareImage } from "../../nn/image-shape.ts";
import type { Layer } from "../../nn/layer.ts";
import { mlp } from "../../nn/mlp.ts";
import { parseNetwork } from "../../nn/network-text.ts";
import { type networkSettings, valuesAmong } from "./network-settings.ts";

/** Every setting's value in one trial. */
export type NetworkValues = ValuesOf<typeof networkSettings>;

/**
 * Makes sure that every network whose layers are given as text can be built for these data.
 * @throws HyperError, ShapeError where layers do not fit together or the data
 */
export function checkLayers(network: Parameters<typeof valuesAmong>[0], { train, classes }: Dataset): void {
  const { width } = train.images;
  for (const text of valuesAmong(network, "network")) {
    const ends = { inputSize: width, image: squareImage(width), classes };
    buildNetwork(parseNetwork(text), { ...ends, dropoutVariant: "inverted" });
  }
}

/** The layers that a trial's settings ask for. @param named settings that are fixed or drawn  @throws as {@link buildNetwork} */
export function layersOf(values: NetworkValues, named: readonly string[], ends: NetworkEnds): Layer[] {
  if (named.includes("network")) {
    return buildNetwork(parseNetwork(values.network), { ...ends, dropoutVariant: "inverted" });
  }
  const { activation, batchNorm, dropRatio } = values;
  return mlp({
    inputSize: ends.inputSize,
    hiddenSizes: hiddenSizesOf(values, named),
    classes: ends.classes,
    activation: activation as ActivationName,
    batchNorm: batchNorm === "on",
    ...(dropRatio > 0 ? { dropRatio } : {}),
  });
}

/** Widths of the hidden layers. @param named settings that are fixed or drawn */
export function hiddenSizesOf(
  { hiddenSizes, hidden, layers }: NetworkValues,
  named: readonly string[],
): readonly number[] {
  return named.includes("hidden") || named.includes("layers") ? new Array<number>(layers).fill(hidden) : hiddenSizes;
}
