import { HyperError, suggestName } from "../../core/errors.ts";
import { numberOf } from "../../core/hyper.ts";
import { type Blueprint, mlp } from "../../model/blueprint.ts";
import { network } from "../../model/layers-of-blueprint.ts";

/** What `--model` says: the widths of `mlp:16,16`, none of them where it is `mlp` alone, or layers as text. */
export type ModelWords = { readonly widths: string } | { readonly layers: string };

/** @throws HyperError on another word before a colon */
export function modelWords(text: string): ModelWords {
  const named = /^\s*([^\s:;]*)\s*:(.*)$/s.exec(text);
  if (named !== null && named[1] !== "mlp") {
    const { en, ja } = suggestName(named[1], ["mlp"]);
    throw new HyperError({
      en: `--model: must be mlp:16,16 or layers such as affine 16; relu, got "${text}". ${en}`,
      ja: `--model: mlp:16,16 か affine 16; relu のような層の並びで指定してください(指定された値: "${text}")。${ja}`,
    });
  }
  return named !== null ? { widths: named[2].trim() } : text.trim() === "mlp" ? { widths: "" } : { layers: text };
}

/** The network of `mlp:16,16` or of layers as text. @throws HyperError, of layers a NetworkTextError */
export function networkOf(text: string): Blueprint {
  const words = modelWords(text);
  if ("layers" in words) {
    return network(words.layers);
  }
  const widths = words.widths === "" ? [] : words.widths.split(",").map(numberOf);
  const bad = widths.find((width) => !Number.isInteger(width) || width < 1 || width > 65_536);
  if (bad !== undefined) {
    throw new HyperError({
      en: `--model: must be mlp: with widths from 1 to 65536, such as mlp:16,16, got "${text}". Correct it.`,
      ja: `--model: mlp:16,16 のように 1〜65536 の幅をカンマで区切って指定してください(指定された値: "${text}")。`,
    });
  }
  return mlp(widths);
}
