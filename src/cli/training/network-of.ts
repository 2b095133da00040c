import { HyperError } from "../../core/errors.ts";
import { type Blueprint, mlp, network } from "../../model/blueprint.ts";

/** The network of `mlp:16,16` or of layers as text. @throws HyperError, NetworkTextError */
export function networkOf(text: string): Blueprint {
  const sizes = /^mlp:?(.*)$/s.exec(text.trim());
  if (sizes === null) {
    return network(text);
  }
  const widths =
    sizes[1] === "" ? [] : sizes[1].split(",").map((size) => (size.trim() === "" ? Number.NaN : Number(size)));
  const bad = widths.find((width) => !Number.isInteger(width) || width < 1 || width > 65_536);
  if (bad !== undefined) {
    throw new HyperError({
      en: `--model: must be mlp: with widths from 1 to 65536, such as mlp:16,16, got "${text}". Correct it.`,
      ja: `--model: mlp:16,16 のように 1〜65536 の幅をカンマで区切って指定してください(指定された値: "${text}")。`,
    });
  }
  return mlp(widths);
}
