import { HyperError } from "../../../core/errors.ts";
import type { Loss } from "../../../nn/loss.ts";
import { crossEntropy } from "../../../nn/losses/cross-entropy.ts";
import { defineTechnique } from "../technique.ts";

export const labelSmoothing = defineTechnique({
  name: "labelSmoothing",
  about: {
    en: "Asks for a little of every class, so that the network does not grow ever surer of what it knows.",
    ja: "正解以外のクラスにも少しだけ確率を割り当て、過剰な自信を防ぎます。",
  },
  paper: "Szegedy, Vanhoucke, Ioffe, Shlens & Wojna (2016), Rethinking the Inception Architecture, §7",
  settings: { labelSmoothing: crossEntropy.hyper.labelSmoothing },
  open({ labelSmoothing: share }, { loss }) {
    if (share === 0) {
      return {};
    }
    return { plan: { loss: softened(loss, share) } };
  },
});

/** Cross entropy with its targets softened. @throws HyperError where the loss is another, or the share is out of range */
function softened(loss: Loss | undefined, share: number): Loss {
  if (loss !== undefined && loss.name !== crossEntropy.name) {
    throw new HyperError({
      en: `labelSmoothing: needs the loss crossEntropy, got ${loss.name}. Leave it out.`,
      ja: `labelSmoothing: 損失が crossEntropy のときだけ使えます(${loss.name} でした)。指定を外してください。`,
    });
  }
  return crossEntropy({ labelSmoothing: share });
}
