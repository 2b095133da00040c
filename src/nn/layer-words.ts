import { HyperError } from "../core/errors.ts";
import { type Hyper, integer, real } from "../core/hyper.ts";
import type { Told } from "../core/text.ts";
import { type ActivationName, activationNames, activations } from "./activation.ts";
import { Affine } from "./affine.ts";
import { BatchNorm } from "./batch-norm.ts";
import { Conv2d } from "./conv2d.ts";
import { Dropout, type DropoutVariant } from "./dropout.ts";
import type { ImageShape, Window } from "./image-shape.ts";
import type { Layer } from "./layer.ts";
import { LayerNorm } from "./layer-norm.ts";
import { Maxout } from "./maxout.ts";
import { AveragePool, Flatten, GlobalAveragePool, MaxPool } from "./pooling.ts";
import { PRelu } from "./prelu.ts";
import { Residual } from "./residual.ts";
import { RmsNorm } from "./rms-norm.ts";

/** Layers that are their word alone. */
export type PlainLayerKind =
  | ActivationName
  | "prelu"
  | "batchnorm"
  | "layerNorm"
  | "rmsNorm"
  | "globalAveragePool"
  | "flatten";

/** One layer of a network whose input and output sizes come from the data; plain data. */
export type LayerSpec =
  | { readonly kind: "affine"; readonly units: number }
  | { readonly [K in PlainLayerKind]: { readonly kind: K } }[PlainLayerKind]
  | { readonly kind: "maxout"; readonly pieces: number }
  | { readonly kind: "dropout"; readonly dropRatio: number }
  /** No layer: says of the rows that come in that they are images. */
  | ({ readonly kind: "image" } & ImageShape)
  | ({ readonly kind: "conv2d"; readonly filters: number } & Window)
  | ({ readonly kind: "maxPool" } & Window)
  | ({ readonly kind: "averagePool" } & Window)
  /** Makes the last `layers` affine or conv2d layers and all behind the first of them a block with a way around it: y = x + F(x). */
  | { readonly kind: "residual"; readonly survival: number; readonly layers: number };
export type LayerKind = LayerSpec["kind"];
type SpecOf<K extends LayerKind> = Extract<LayerSpec, { readonly kind: K }>;
type NumbersOf<K extends LayerKind> = Omit<SpecOf<K>, "kind">;

/** Where a layer comes to stand. */
export interface Place {
  /** Columns of the rows that reach it. */
  readonly columns: number;
  /** The image that each of these rows is; null where it is none. */
  readonly image: ImageShape | null;
  /** Whether the text made them one, by a layer or by saying so; false where only the data say that they are. */
  readonly madeImage: boolean;
  readonly dropoutVariant: DropoutVariant;
  /** The layers made so far; a block takes those from it that it is made of. */
  readonly before: Layer[];
}

/** A kind of layer as a person writes it. The reader, the printer, the studio's lists and the builder follow from it. */
export interface LayerWord {
  /** What it is, behind its word in a list; empty where the word says it. */
  readonly about: Told;
  /** Other libraries' words for it, in small letters. */
  readonly aliases: readonly string[];
  /** The numbers behind the word, in the order in which they may be written without their names. */
  readonly numbers: Readonly<Record<string, Hyper<number>>>;
  /** The numbers where some are left out; one that must be written stays undefined. */
  readonly complete: (given: Readonly<Record<string, number>>) => Readonly<Record<string, number | undefined>>;
  /** The image that a row is behind it, by the one before; a layer with windows says so itself. */
  readonly imageBehind: (image: ImageShape | null, spec: LayerSpec) => ImageShape | null;
  /** The layer; none where the word only says what a row is. @throws HyperError, ShapeError where it does not fit */
  readonly make: (place: Place, spec: LayerSpec) => Layer | null;
}

/** The same of one kind, by its own numbers. */
interface OwnWord<K extends LayerKind> {
  readonly about?: Told;
  readonly aliases?: readonly string[];
  readonly numbers: { readonly [N in keyof NumbersOf<K>]: Hyper<number> };
  /** Those that must be written; their defaults are what is added to a network where nothing else is known. */
  readonly needed?: readonly (keyof NumbersOf<K>)[];
  /** Those that are as another one where they are left out, in place of their defaults. */
  readonly as?: { readonly [N in keyof NumbersOf<K>]?: keyof NumbersOf<K> };
  /** Rows that are images still are where it is absent. */
  readonly imageBehind?: (image: ImageShape | null, spec: SpecOf<K>) => ImageShape | null;
  readonly make: (place: Place, spec: SpecOf<K>) => Layer | null;
}

/** Each word is only asked with specs of its own kind. */
function word<K extends LayerKind>(own: OwnWord<K>): LayerWord {
  const usual = { about: { en: "", ja: "" }, aliases: [], imageBehind: (image: ImageShape | null) => image };
  const { needed = [], as = {} } = own as unknown as { needed?: readonly string[]; as?: Record<string, string> };
  const numbers: LayerWord["numbers"] = own.numbers;
  const complete: LayerWord["complete"] = (given) => {
    const whole: Record<string, number | undefined> = {};
    for (const [name, { default: usual }] of Object.entries(numbers)) {
      whole[name] = given[name] ?? (needed.includes(name) ? undefined : name in as ? whole[as[name]] : usual);
    }
    return whole;
  };
  return { ...usual, ...own, complete } as unknown as LayerWord;
}

/** Bounds of a network that a person types: what a page can train and draw. */
export const networkLimits = { layers: 40, units: 4096, parameters: 8_000_000, valuesOfRow: 250_000 } as const;

const ended = () => null;

function plain(
  make: (place: Place) => Layer,
  more: Partial<Pick<OwnWord<PlainLayerKind>, "about" | "aliases" | "imageBehind">> = {},
): LayerWord {
  return word<PlainLayerKind>({ ...more, numbers: {}, make });
}

/**
 * What a layer with numbers of its own for each column is made for: columns, or an image whose pixels share them. Of data that
 * are images anyway each pixel has its own, as each column of a table.
 */
function ownNumbers({ columns, image, madeImage }: Place): number | ImageShape {
  return madeImage && image !== null ? image : columns;
}

const side = (usual: number, max: number, about: Told) => integer({ default: usual, min: 1, max, about });
const windowNumbers = (size: number, stride: number) => ({
  size: side(size, 64, { en: "side of the window", ja: "窓の一辺" }),
  stride: side(stride, 64, { en: "step of the window", ja: "窓の移動幅" }),
  padding: integer({ default: 0, min: 0, max: 64, about: { en: "zeros around the image", ja: "周囲に加える 0 の幅" } }),
});

function pool(make: (image: ImageShape, window: Window) => Layer, about: Told, aliases: readonly string[]): LayerWord {
  return word<"maxPool" | "averagePool">({
    about,
    aliases,
    numbers: windowNumbers(2, 2),
    as: { stride: "size" },
    make: (place, { kind, ...window }) => make(imageAt(place, kind), window),
  });
}

/** The image that reaches a layer. @throws HyperError where rows are none */
function imageAt({ image, columns }: Place, kind: string): ImageShape {
  if (image === null) {
    throw new HyperError({
      en: `network: ${kind} must stand where rows are images, got rows of ${columns} numbers. Begin with image and its sides, such as image 28 28, or leave ${kind} out.`,
      ja: `network: ${kind} は画像に対する層ですが、ここに届くのは ${columns} 個の数の並びです。画像なら image 28 28 のように先頭に大きさを書き、そうでなければ ${kind} を外してください。`,
    });
  }
  return image;
}

const activationWords = Object.fromEntries(
  activationNames.map((name) => [name, plain(({ columns }) => new activations[name](columns))]),
) as Readonly<Record<ActivationName, LayerWord>>;

/** Every kind of layer that a text can name. */
export const layerWords: Readonly<Record<LayerKind, LayerWord>> = {
  affine: word<"affine">({
    about: { en: "fully connected", ja: "全結合" },
    aliases: ["linear", "dense", "fc"],
    numbers: {
      units: integer({ default: 16, min: 1, max: networkLimits.units, about: { en: "units", ja: "ニューロン数" } }),
    },
    needed: ["units"],
    imageBehind: ended,
    make: ({ columns }, { units }) => new Affine(columns, units),
  }),
  ...activationWords,
  prelu: plain((place) => new PRelu(ownNumbers(place)), {
    about: { en: "learnt slope below 0", ja: "負の側の傾きも学習" },
  }),
  maxout: word<"maxout">({
    about: { en: "largest of some neighbours", ja: "隣り合ういくつかの最大値" },
    numbers: {
      pieces: integer({
        default: 2,
        min: 1,
        max: 64,
        about: { en: "columns for one output", ja: "出力1つあたりの列数" },
      }),
    },
    // A pixel's channels lie together: neighbours are of one pixel where they are shared out evenly.
    imageBehind: (image, { pieces }) =>
      image === null || image.channels % pieces !== 0 ? null : { ...image, channels: image.channels / pieces },
    make: ({ columns }, { pieces }) => new Maxout(columns, pieces),
  }),
  batchnorm: plain((place) => new BatchNorm(ownNumbers(place)), {
    about: { en: "Batch Normalization", ja: "バッチ正規化" },
    aliases: ["batchnormalization", "batchnorm1d", "batchnorm2d", "bn"],
  }),
  layerNorm: plain(({ columns }) => new LayerNorm(columns), {
    about: { en: "each row normalized", ja: "行ごとの正規化" },
    aliases: ["layernormalization", "ln"],
  }),
  rmsNorm: plain(({ columns }) => new RmsNorm(columns), {
    about: { en: "each row by its root mean square", ja: "行ごとに二乗平均平方根で割る" },
    aliases: ["rmsnormalization"],
  }),
  dropout: word<"dropout">({
    about: { en: "some units left out in training", ja: "学習中に一部を無効化" },
    numbers: {
      dropRatio: real({ default: 0.2, min: 0, below: 1, about: { en: "share dropped", ja: "無効にする割合" } }),
    },
    needed: ["dropRatio"],
    make: ({ columns, dropoutVariant }, { dropRatio }) => new Dropout(columns, dropRatio, dropoutVariant),
  }),
  image: word<"image">({
    about: { en: "what a row is", ja: "1行が表す画像の大きさ" },
    aliases: ["input"],
    numbers: {
      height: side(28, 4096, { en: "height", ja: "高さ" }),
      width: side(28, 4096, { en: "width", ja: "幅" }),
      channels: side(1, 4096, { en: "channels", ja: "チャンネル数" }),
    },
    needed: ["height"],
    as: { width: "height" },
    imageBehind: (_, { height, width, channels }) => ({ height, width, channels }),
    make: ({ columns, before }, { height, width, channels }) => {
      if (before.length > 0) {
        throw new HyperError({
          en: "network: image must stand at the beginning, got it behind a layer. It says what a row of the data is.",
          ja: "network: image はデータの1行が表す画像の大きさを書くもので、先頭にしか置けません。",
        });
      }
      if (height * width * channels !== columns) {
        throw new HyperError({
          en: `network: image must have as many values as a row, ${columns}, got ${height} × ${width} × ${channels}. Correct its sides.`,
          ja: `network: image の大きさ ${height} × ${width} × ${channels} が、1行の値の数 ${columns} と合いません。`,
        });
      }
      return null;
    },
  }),
  conv2d: word<"conv2d">({
    about: { en: "convolution", ja: "畳み込み" },
    aliases: ["conv", "convolution", "convolution2d"],
    numbers: {
      filters: integer({ default: 8, min: 1, max: networkLimits.units, about: { en: "filters", ja: "フィルタ数" } }),
      ...windowNumbers(3, 1),
    },
    needed: ["filters"],
    make: (place, { kind, ...options }) => new Conv2d(imageAt(place, kind), options),
  }),
  maxPool: pool((image, window) => new MaxPool(image, window), { en: "largest of each window", ja: "窓ごとの最大値" }, [
    "maxpool2d",
    "maxpooling",
    "maxpooling2d",
  ]),
  averagePool: pool(
    (image, window) => new AveragePool(image, window),
    { en: "mean of each window", ja: "窓ごとの平均" },
    ["avgpool", "avgpool2d", "averagepool2d", "averagepooling2d"],
  ),
  globalAveragePool: plain((place) => new GlobalAveragePool(imageAt(place, "globalAveragePool")), {
    about: { en: "mean of each channel", ja: "チャンネルごとの平均" },
    aliases: ["globalavgpool", "globalaveragepooling2d", "gap"],
    imageBehind: ended,
  }),
  flatten: plain((place) => new Flatten(imageAt(place, "flatten")), {
    about: { en: "an image as a row", ja: "画像を1列に並べる" },
    imageBehind: ended,
  }),
  residual: word<"residual">({
    about: { en: "a way around", ja: "残差" },
    aliases: ["skip"],
    numbers: {
      survival: real({ default: 1, above: 0, max: 1, about: { en: "chance to be kept", ja: "残す確率" } }),
      layers: integer({
        default: 1,
        min: 1,
        max: networkLimits.layers,
        about: { en: "affine or conv2d layers in the block", ja: "ブロックに入れる affine・conv2d の数" },
      }),
    },
    make: ({ before }, { survival, layers }) => new Residual(before.splice(beginOfBlock(before, layers)), { survival }),
  }),
};

/** The words a line may begin with. */
export const layerKinds = Object.keys(layerWords) as LayerKind[];

/** A layer of this kind as it is added where nothing else is known. */
export function exampleOf(kind: LayerKind): LayerSpec {
  const { numbers, complete } = layerWords[kind];
  const left = Object.entries(complete({})).filter(([, value]) => value === undefined);
  const usual = Object.fromEntries(left.map(([name]) => [name, numbers[name].default]));
  return { kind, ...complete(usual) } as LayerSpec;
}

/** Those that stand only where rows are images. */
export const imageKinds: readonly LayerKind[] = ["conv2d", "maxPool", "averagePool", "globalAveragePool", "flatten"];

/** Whether a block may begin with it, in a text, a network or a model's file. */
export function isWeighted<L extends { readonly kind: string }>(
  layer: L,
): layer is Extract<L, { readonly kind: "affine" | "conv2d" }> {
  return layer.kind === "affine" || layer.kind === "conv2d";
}

/** Where the last so many affine and conv2d layers begin, none of which is in a block yet. @throws HyperError */
function beginOfBlock(made: readonly Layer[], layers: number): number {
  const free = made.findLastIndex(({ kind }) => kind === "residual") + 1;
  const places = made.flatMap((layer, at) => (at >= free && isWeighted(layer) ? [at] : []));
  if (places.length < layers) {
    throw new HyperError({
      en: `network: residual must have ${layers === 1 ? "an affine or conv2d before it that is" : `${layers} affine or conv2d before it that are`} in no block yet, got ${places.length}. Write affine 16; relu; affine 16; relu; residual.`,
      ja: `network: residual の前に、まだブロックに入っていない affine か conv2d が ${layers} 個必要です(${places.length} 個しかありません)。affine 16; relu; affine 16; relu; residual のように書いてください。`,
    });
  }
  return places[places.length - layers];
}
