import { type Hyper, text } from "../core/hyper.ts";
import type { Text } from "../core/text.ts";
import { parseNetwork, printNetwork } from "./network-text.ts";

/** A setting that is a network's text ({@link parseNetwork}). */
export function networkSetting(spec: { readonly default: string; readonly about: Text }): Hyper<string> {
  return text({
    ...spec,
    range: {
      en: "layers, one a line, such as affine 64, relu, dropout 0.2 or conv2d 16, relu, maxPool",
      ja: "1行に1つずつ書いた層(affine 64、relu、dropout 0.2 や conv2d 16、relu、maxPool など)",
    },
    validate: parseNetwork,
    plain: (value) => printNetwork(parseNetwork(value)),
  });
}
