import { real } from "../../../core/hyper.ts";
import { inputNoise as addNoise } from "../../augment/input-noise.ts";
import { defineTechnique } from "../technique.ts";

export const inputNoise = defineTechnique({
  name: "inputNoise",
  about: {
    en: "Adds noise to every input, which smooths what the network computes.",
    ja: "入力に毎回ノイズを加え、ネットワークの関数を滑らかにします。",
  },
  paper: "Bishop (1995), Training with Noise is Equivalent to Tikhonov Regularization",
  settings: {
    inputNoise: real({
      default: 0,
      min: 0,
      about: {
        en: "standard deviation of the noise, in the inputs' unit",
        ja: "加えるノイズの標準偏差(入力と同じ単位)",
      },
    }),
  },
  open: ({ inputNoise: std }) => (std === 0 ? {} : { transforms: [addNoise(std)] }),
});
