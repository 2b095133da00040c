import { buildNetwork, imageAsked, sizeOfNetwork } from "../../nn/build-network.ts";
import { type ImageShape, squareImage } from "../../nn/image-shape.ts";
import type { Layer } from "../../nn/layer.ts";
import { networkLimits } from "../../nn/layer-words.ts";
import { parseNetwork } from "../../nn/network-text.ts";
import { SandboxSettingError, type SandboxValues } from "./settings.ts";

/** The image that a row of the sandbox's data is, by the data or by the network's text; null where it is none. */
export function imageOf(
  { data, network }: Pick<SandboxValues, "data" | "network">,
  inputSize: number,
): ImageShape | null {
  return imageAsked(parseNetwork(network)) ?? imageOfData(data, inputSize);
}

function imageOfData(data: SandboxValues["data"], inputSize: number): ImageShape | null {
  return data === "mnist" || data === "idx" ? squareImage(inputSize) : null;
}

/**
 * The layers of the sandbox's network for its data.
 * @throws HyperError, ShapeError where they do not fit together or the data, or ask for more than a page can train
 */
export function layersOf(
  { data, network }: Pick<SandboxValues, "data" | "network">,
  ends: { readonly inputSize: number; readonly classes: number },
): Layer[] {
  const image = imageOfData(data, ends.inputSize);
  const layers = buildNetwork(parseNetwork(network), { ...ends, image, dropoutVariant: "inverted" });
  checkSize(layers);
  return layers;
}

function checkSize(layers: readonly Layer[]): void {
  const { parameters, valuesOfRow } = sizeOfNetwork(layers);
  if (parameters > networkLimits.parameters) {
    throw new SandboxSettingError({
      en: `network: must have at most ${networkLimits.parameters} parameters, got ${parameters}. Make its layers narrower.`,
      ja: `ネットワークのパラメータは ${networkLimits.parameters} 個までです(${parameters} 個になります)。層の幅を狭くしてください。`,
    });
  }
  if (valuesOfRow > networkLimits.valuesOfRow) {
    throw new SandboxSettingError({
      en: `network: must have at most ${networkLimits.valuesOfRow} values of a row in all its layers, got ${valuesOfRow}. Take fewer filters, or larger steps.`,
      ja: `1行のデータに対する全層の出力は合わせて ${networkLimits.valuesOfRow} 個までです(${valuesOfRow} 個になります)。フィルタ数を減らすか、stride を大きくしてください。`,
    });
  }
}
