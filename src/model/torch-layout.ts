import { DataError } from "../core/errors.ts";
import { quoted } from "../core/text.ts";
import type { NumberArray } from "../formats/number-array.ts";
import { type ImageShape, imageOut, imageSize } from "../nn/image-shape.ts";
import { layerOf, type PlacedLayer } from "./placed-layers.ts";

/**
 * What a layer's columns are an image of, channels last, where PyTorch has the same numbers channels first; null where both
 * have them in one order: of anything that is no image, and of images of one channel or one pixel.
 */
export type Flattened = ImageShape | null;

/** What the columns behind a layer are an image of. @param before those that come in */
export function flattenedBehind(spec: PlacedLayer, before: Flattened): Flattened {
  switch (spec.kind) {
    case "conv2d":
    case "maxPool":
    case "averagePool":
      return mixed(imageOut(layerOf(spec)) as ImageShape);
    case "affine":
    case "globalAveragePool":
      return null;
    case "maxout":
      return before === null ? null : mixed(fewerChannels(before, spec.pieces));
    default:
      return before;
  }
}

function mixed(image: ImageShape): Flattened {
  return image.channels === 1 || image.height * image.width === 1 ? null : image;
}

function fewerChannels(image: ImageShape, pieces: number): ImageShape {
  if (image.channels % pieces !== 0) {
    throw new DataError({
      en: `torch: maxout over an image must take pieces of its ${image.channels} channels, got ${pieces}. Use the book's names, or ONNX.`,
      ja: `torch: 画像に対する maxout の pieces は、チャンネル数 ${image.channels} を割り切る数に限られます(${pieces} でした)。教科書の名前か ONNX を使ってください。`,
    });
  }
  return { ...image, channels: image.channels / pieces };
}

/** Our place of each of PyTorch's columns: of channel c, row y, column x. */
function placesOf(image: ImageShape): Int32Array {
  const { height, width, channels } = image;
  const places = new Int32Array(imageSize(image));
  let at = 0;
  for (let c = 0; c < channels; c++) {
    for (let pixel = 0; pixel < height * width; pixel++) {
      places[at++] = pixel * channels + c;
    }
  }
  return places;
}

/** Numbers a column each in PyTorch's order. @param way `out`: ours to PyTorch's; `in`: PyTorch's to ours */
export function columnsTurned(array: NumberArray, image: Flattened, way: "out" | "in"): NumberArray {
  return image === null ? array : rowsTurned(array, image, way);
}

/** Rows in another order, as {@link columnsTurned}: [columns, …] */
function rowsTurned(array: NumberArray, image: ImageShape, way: "out" | "in"): NumberArray {
  const places = placesOf(image);
  const width = array.data.length / places.length;
  const data = array.data.slice() as Float64Array;
  const given = array.data as Float64Array;
  places.forEach((ours, theirs) => {
    const [to, from] = way === "out" ? [theirs, ours] : [ours, theirs];
    data.set(given.subarray(from * width, (from + 1) * width), to * width);
  });
  return { ...array, data };
}

/** An Affine's W [in, out] as `nn.Linear` has it, [out, in]. */
export function linearWeight(W: NumberArray, image: Flattened): NumberArray {
  return transposed(columnsTurned(W, image, "out"));
}

/** `nn.Linear`'s weight as an Affine's W. @throws DataError when it has not two dimensions */
export function affineWeight(weight: NumberArray, image: Flattened): NumberArray {
  return columnsTurned(transposed(weight), image, "in");
}

type Convolution = PlacedLayer & { readonly kind: "conv2d" };

/** W [(ky, kx, c), f] as `nn.Conv2d` and ONNX have it, [f, c, ky, kx]. */
export function convolutionWeight(W: NumberArray, { size, input: { channels }, filters }: Convolution): NumberArray {
  const data = W.data.slice();
  eachWeight(size, channels, filters, (ours, theirs) => {
    data[theirs] = W.data[ours];
  });
  return { dtype: W.dtype, shape: [filters, channels, size, size], data };
}

/** `nn.Conv2d`'s weight as W. @throws DataError when it has another shape */
export function convolutionW(weight: NumberArray, { size, input: { channels }, filters }: Convolution): NumberArray {
  const shape = [filters, channels, size, size];
  if (weight.shape.join() !== shape.join()) {
    throw new DataError({
      en: `torch: a convolution's weight must have the shape [${shape}], got [${weight.shape}]. Make a model of the same layers.`,
      ja: `torch: 畳み込みの重みの形状は [${shape}] のはずですが、[${weight.shape}] です。同じ層のモデルを用意してください。`,
    });
  }
  const data = weight.data.slice();
  eachWeight(size, channels, filters, (ours, theirs) => {
    data[ours] = weight.data[theirs];
  });
  return { dtype: weight.dtype, shape: [size * size * channels, filters], data };
}

function eachWeight(
  size: number,
  channels: number,
  filters: number,
  tell: (ours: number, theirs: number) => void,
): void {
  for (let pixel = 0; pixel < size * size; pixel++) {
    for (let c = 0; c < channels; c++) {
      for (let f = 0; f < filters; f++) {
        tell((pixel * channels + c) * filters + f, (f * channels + c) * size * size + pixel);
      }
    }
  }
}

/** [rows, cols] → [cols, rows] */
function transposed({ dtype, shape, data }: NumberArray): NumberArray {
  if (shape.length !== 2) {
    throw new DataError({
      en: `torch: a linear layer's weight must have 2 dimensions, got ${quoted(shape)}. Make a model of the same layers.`,
      ja: `torch: 全結合層の重みは2次元でなければなりません(形状 ${quoted(shape)})。同じ層のモデルを用意してください。`,
    });
  }
  const [rows, cols] = shape;
  const turned = data.slice();
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      turned[j * rows + i] = data[i * cols + j];
    }
  }
  return { dtype, shape: [cols, rows], data: turned };
}
