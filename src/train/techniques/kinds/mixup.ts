import { HyperError } from "../../../core/errors.ts";
import { real } from "../../../core/hyper.ts";
import { Mixup } from "../../augment/mixup.ts";
import { defineTechnique } from "../technique.ts";

export const mixup = defineTechnique({
  name: "mixup",
  about: {
    en: "Shows two rows laid over one another and asks for both answers in the same shares.",
    ja: "2つのデータを重ねて見せ、正解も同じ割合で混ぜます。",
  },
  paper: "Zhang, Cisse, Dauphin & Lopez-Paz (2018), mixup: Beyond Empirical Risk Minimization, §2",
  settings: {
    mixup: real({
      default: 0,
      min: 0,
      max: 10,
      about: {
        en: "α of the Beta(α, α) distribution that the shares come from; 0 mixes nothing",
        ja: "混ぜる割合を決める Beta(α, α) 分布の α。0 なら混ぜない",
      },
    }),
  },
  open({ mixup: alpha }, { batchSize }) {
    if (alpha === 0) {
      return {};
    }
    if (batchSize < 2) {
      throw new HyperError({
        en: `mixup: a minibatch must hold at least 2 rows to mix, got batchSize ${batchSize}. Make it larger, or leave mixup at 0.`,
        ja: `mixup: 混ぜるにはミニバッチに2行以上必要です(batchSize は ${batchSize} でした)。batchSize を大きくするか、mixup を 0 にしてください。`,
      });
    }
    return { mixup: new Mixup(alpha) };
  },
});
