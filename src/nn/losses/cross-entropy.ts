import { exp, log } from "../../core/elementary.ts";
import { fraction } from "../../core/hyper.ts";
import { largestOf } from "../../core/long-lists.ts";
import type { IntTensor } from "../../core/tensor.ts";
import { defineLoss, type OpenLoss } from "../loss.ts";

/**
 * Softmax and cross entropy in one: a row's loss is −Σ_k q_k · ln p_k, p = softmax of the logits, q = 1 for the right class,
 * softened by label smoothing s: q_k = (1 − s)·[k right] + s/n.
 * Szegedy, Vanhoucke, Ioffe, Shlens & Wojna 2016, §7 (label smoothing).
 *
 * Backward: dx = w·(p − q)/m. Differs: without smoothing and weights the loss is −ln(p[label] + 1e-7), and the 1e-7 is
 * ignored in the gradient, as in the book.
 */
export const crossEntropy = defineLoss({
  name: "crossEntropy",
  about: {
    en: "Minus the logarithm of the probability that softmax gives the right class.",
    ja: "ソフトマックスが正解クラスに与えた確率の対数に、マイナスを付けたものです。",
  },
  tex: "-\\sum_k q_k \\ln \\frac{e^{y_k}}{\\sum_j e^{y_j}}",
  targets: "labels",
  hyper: {
    labelSmoothing: fraction(0, {
      en: "share of the target that is spread over all classes",
      ja: "正解のうち全クラスに均等に配る割合",
    }),
  },
  open({ labelSmoothing }, { kernels, work, dx }): OpenLoss {
    const exact: OpenLoss["exact"] = ({ rows, cols, data }, labels, weights) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        const row = data.subarray(i * cols, (i + 1) * cols);
        const max = largestOf(row);
        let total = 0;
        let all = 0;
        for (const z of row) {
          total += exp(z - max);
          all += z;
        }
        const wanted =
          labelSmoothing === 0
            ? row[labels.data[i]]
            : (1 - labelSmoothing) * row[labels.data[i]] + (labelSmoothing / cols) * all;
        const loss = max + log(total) - wanted;
        sum += weights === null ? loss : weights.data[i] * loss;
      }
      return sum;
    };
    return {
      exact,
      forward(logits, labels, weights) {
        const loss = kernels.softmaxCrossEntropy(work.at(logits.rows), logits, labels as IntTensor);
        return labelSmoothing === 0 && weights === null ? loss : exact(logits, labels, weights);
      },
      backward(labels, weights) {
        const rows = labels.cols;
        const out = dx.at(rows);
        kernels.softmaxCrossEntropyBackward(out, work.at(rows), labels as IntTensor);
        const { cols, data } = out;
        if (labelSmoothing !== 0) {
          const spread = labelSmoothing / rows;
          for (let i = 0; i < rows; i++) {
            for (let k = 0; k < cols; k++) {
              data[i * cols + k] -= spread / cols;
            }
            data[i * cols + labels.data[i]] += spread;
          }
        }
        if (weights !== null) {
          for (let k = 0; k < data.length; k++) {
            data[k] *= weights.data[Math.floor(k / cols)];
          }
        }
        return out;
      },
    };
  },
});
