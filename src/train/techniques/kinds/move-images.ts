import { HyperError } from "../../../core/errors.ts";
import { real } from "../../../core/hyper.ts";
import { moveImages as mover } from "../../augment/move-images.ts";
import { defineTechnique } from "../technique.ts";

export const moveImages = defineTechnique({
  name: "moveImages",
  about: {
    en: "Shows each image shifted, turned and distorted, anew each time: more images than there are.",
    ja: "画像を毎回少しずつずらし、回し、ゆがめて見せ、データを実際より多く見せます。",
  },
  paper: "Simard, Steinkraus & Platt (2003), Best Practices for Convolutional Neural Networks, §2",
  settings: {
    shift: real({
      default: 0,
      min: 0,
      max: 64,
      about: { en: "largest shift of an image either way, in pixels", ja: "画像をずらす最大の量(ピクセル)" },
    }),
    rotate: real({
      default: 0,
      min: 0,
      max: 180,
      about: { en: "largest turn of an image either way, in degrees", ja: "画像を回す最大の角度(度)" },
    }),
    elastic: real({
      default: 0,
      min: 0,
      max: 1000,
      about: {
        en: "elastic distortion: what the smoothed noise is multiplied by (the paper's α)",
        ja: "弾性変形の強さ(論文の α)",
      },
    }),
    elasticSigma: real({
      default: 4,
      min: 0,
      max: 32,
      about: {
        en: "elastic distortion: standard deviation of the smoothing, in pixels (the paper's σ)",
        ja: "弾性変形をならす幅の標準偏差(ピクセル、論文の σ)",
      },
    }),
  },
  open({ shift, rotate, elastic: alpha, elasticSigma: sigma }, { image }) {
    if (shift === 0 && rotate === 0 && alpha === 0) {
      return {};
    }
    if (image === null) {
      throw new HyperError({
        en: "shift, rotate, elastic: rows must be images, got rows of other values. Leave them at 0, or begin the network with image and its sides.",
        ja: "shift、rotate、elastic: データが画像のときだけ使えます。0 にするか、ネットワークの先頭に image と大きさを書いてください。",
      });
    }
    return { transforms: [mover(image, { shift, rotate, ...(alpha === 0 ? {} : { elastic: { alpha, sigma } }) })] };
  },
});
