import { HyperError, nearest, TanrenError } from "../core/errors.ts";
import { inLanguage, shortened, type Text } from "../core/text.ts";
import { type ActivationName, activationNames, activations } from "./activation.ts";
import { Affine } from "./affine.ts";
import { BatchNorm } from "./batch-norm.ts";
import { Dropout, type DropoutVariant } from "./dropout.ts";
import type { Layer } from "./layer.ts";
import { Residual } from "./residual.ts";

/** One layer of a network whose input and output sizes come from the data; plain data. */
export type LayerSpec =
  | { readonly kind: "affine"; readonly units: number }
  | { readonly kind: ActivationName }
  | { readonly kind: "batchnorm" }
  | { readonly kind: "dropout"; readonly dropRatio: number }
  /** Makes the last affine and all behind it a block with a way around it: y = x + F(x). */
  | { readonly kind: "residual"; readonly survival: number };

/** Bounds of a network that a person types: what a page can train and draw. */
export const networkLimits = { layers: 40, units: 4096, parameters: 8_000_000 } as const;

/** A network's text has no meaning; says where (line and column from 1) and what is allowed there. */
export class NetworkTextError extends TanrenError {
  override name = "NetworkTextError";
  readonly line: number;
  readonly column: number;
  /** characters */
  readonly length: number;
  /** The sentence without its place, in both languages. */
  readonly problem: Text;

  constructor(place: { line: number; column: number; length: number }, problem: Text) {
    super({
      en: `network, line ${place.line}, column ${place.column}: ${inLanguage(problem, "en")}`,
      ja: `ネットワーク ${place.line} 行目 ${place.column} 文字目: ${inLanguage(problem, "ja")}`,
    });
    this.line = place.line;
    this.column = place.column;
    this.length = place.length;
    this.problem = problem;
  }
}

/** The words a line may begin with. */
export const layerKinds = ["affine", ...activationNames, "batchnorm", "dropout", "residual"] as const;
export type LayerKind = LayerSpec["kind"];

/** Other libraries' words for the same layers. */
const aliases: Readonly<Record<string, LayerKind>> = {
  linear: "affine",
  dense: "affine",
  fc: "affine",
  batchnormalization: "batchnorm",
  bn: "batchnorm",
  skip: "residual",
};

interface Word {
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/**
 * Reads a network, one layer a line (or separated by `;`), `#` to the end of a line is a comment:
 * `affine 64`, `relu`, `sigmoid`, `tanh`, `batchnorm`, `dropout 0.2`. `residual` closes a block that begins with the affine before it, y = x + F(x);
 * `residual 0.8` leaves F out of one minibatch in five. A last affine to the classes follows by itself.
 * @throws NetworkTextError
 */
export function parseNetwork(text: string): LayerSpec[] {
  const layers: LayerSpec[] = [];
  for (const words of statements(text)) {
    if (layers.length === networkLimits.layers) {
      throw new NetworkTextError(words[0], {
        en: `a network may have at most ${networkLimits.layers} layers. Leave some out.`,
        ja: `層は ${networkLimits.layers} 個までです。減らしてください。`,
      });
    }
    layers.push(layerOf(words));
  }
  return layers;
}

/** The text that {@link parseNetwork} reads as these layers, in one line. */
export function printNetwork(layers: readonly LayerSpec[]): string {
  return layers.map(printLayer).join("; ");
}

export function printLayer(layer: LayerSpec): string {
  switch (layer.kind) {
    case "affine":
      return `affine ${layer.units}`;
    case "dropout":
      return `dropout ${layer.dropRatio}`;
    case "residual":
      return layer.survival === 1 ? "residual" : `residual ${layer.survival}`;
    default:
      return layer.kind;
  }
}

/**
 * The layers for data of `inputSize` columns and so many classes, with the last Affine.
 * @throws HyperError where a block has no affine to begin with, ShapeError where it does not keep the width
 */
export function buildNetwork(
  specs: readonly LayerSpec[],
  { inputSize, classes, dropoutVariant }: { inputSize: number; classes: number; dropoutVariant: DropoutVariant },
): Layer[] {
  let width = inputSize;
  const layers: Layer[] = [];
  for (const spec of specs) {
    switch (spec.kind) {
      case "affine":
        layers.push(new Affine(width, spec.units));
        width = spec.units;
        break;
      case "batchnorm":
        layers.push(new BatchNorm(width));
        break;
      case "dropout":
        layers.push(new Dropout(width, spec.dropRatio, dropoutVariant));
        break;
      case "residual":
        layers.push(new Residual(layers.splice(beginOfBlock(layers)), { survival: spec.survival }));
        break;
      default:
        layers.push(new activations[spec.kind](width));
    }
  }
  return [...layers, new Affine(width, classes)];
}

/** Where the last affine stands that is in no block yet. @throws HyperError */
function beginOfBlock(layers: readonly Layer[]): number {
  const begin = layers.findLastIndex(({ kind }) => kind === "affine" || kind === "residual");
  if (layers[begin]?.kind !== "affine") {
    throw new HyperError({
      en: `network: residual must have an affine before it that is in no block yet, got ${begin < 0 ? "none" : "only blocks"}. Write affine 16; relu; affine 16; relu; residual.`,
      ja: "network: residual の前に、まだブロックに入っていない affine が必要です。affine 16; relu; affine 16; relu; residual のように書いてください。",
    });
  }
  return begin;
}

/** Numbers that training changes: weights, biases, γ and β. */
export function parametersOf(specs: readonly LayerSpec[], inputSize: number, classes: number): number {
  let width = inputSize;
  let count = 0;
  for (const spec of [...specs, { kind: "affine", units: classes } as const]) {
    if (spec.kind === "affine") {
      count += (width + 1) * spec.units;
      width = spec.units;
    } else if (spec.kind === "batchnorm") {
      count += 2 * width;
    }
  }
  return count;
}

/** The words of each line that holds any. */
function statements(text: string): Word[][] {
  const found: Word[][] = [];
  for (const [index, whole] of text.split(/\r\n|\r|\n/).entries()) {
    const line = whole.replace(/#.*$/, "");
    let column = 1;
    for (const part of line.split(";")) {
      const words = [...part.matchAll(/[^\s,()=]+/g)].map(
        (match): Word => ({
          text: match[0],
          line: index + 1,
          column: column + match.index,
          length: match[0].length,
        }),
      );
      if (words.length > 0) {
        found.push(words);
      }
      column += part.length + 1;
    }
  }
  return found;
}

function kindOf(word: Word): LayerKind {
  const name = word.text.toLowerCase().replaceAll(/[-_]/g, "");
  const kind =
    layerKinds.find((known) => known.toLowerCase() === name) ??
    (Object.hasOwn(aliases, name) ? aliases[name] : undefined);
  if (kind !== undefined) {
    return kind;
  }
  const near = nearest(name, [...layerKinds, ...Object.keys(aliases)]);
  const shown = shortened(word.text, 40);
  throw new NetworkTextError(word, {
    en: `a line must begin with a layer, got "${shown}". ${near === undefined ? `Known: ${layerKinds.join(", ")}.` : `Did you mean ${near}?`}`,
    ja: `行は層の名前で始めてください("${shown}" は使えません)。${near === undefined ? `使える名前: ${layerKinds.join("、")}。` : `${near} ではありませんか。`}`,
  });
}

function layerOf(words: readonly Word[]): LayerSpec {
  const [first, second, third] = words;
  const kind = kindOf(first);
  const takes = kind === "affine" || kind === "dropout" || kind === "residual";
  const surplus = takes ? third : second;
  if (surplus !== undefined) {
    throw new NetworkTextError(surplus, {
      en: `${kind} takes ${takes ? "one number" : "no number"}, got "${shortened(surplus.text, 40)}" too. Begin the next layer on a new line.`,
      ja: `${kind} に書ける数は${takes ? "1つ" : "ありません"}("${shortened(surplus.text, 40)}" は余分です)。次の層は改行して書いてください。`,
    });
  }
  if (kind === "affine") {
    return { kind, units: unitsOf(first, second) };
  }
  if (kind === "dropout") {
    return { kind, dropRatio: ratioOf(first, second) };
  }
  if (kind === "residual") {
    return { kind, survival: survivalOf(second) };
  }
  return { kind };
}

function unitsOf(first: Word, word: Word | undefined): number {
  const units = Number(word?.text ?? Number.NaN);
  if (!Number.isInteger(units) || units < 1 || units > networkLimits.units) {
    throw new NetworkTextError(word ?? first, {
      en: `affine must have 1 to ${networkLimits.units} units, got ${word === undefined ? "none" : `"${shortened(word.text, 40)}"`}. Write affine 64.`,
      ja: `affine のニューロン数は 1〜${networkLimits.units} の整数です(${word === undefined ? "数がありません" : `"${shortened(word.text, 40)}" は使えません`})。affine 64 のように書いてください。`,
    });
  }
  return units;
}

function ratioOf(first: Word, word: Word | undefined): number {
  const ratio = Number(word?.text ?? Number.NaN);
  if (!(ratio >= 0 && ratio < 1)) {
    throw new NetworkTextError(word ?? first, {
      en: `dropout must drop a share in [0, 1), got ${word === undefined ? "none" : `"${shortened(word.text, 40)}"`}. Write dropout 0.2.`,
      ja: `dropout の割合は 0 以上 1 未満です(${word === undefined ? "数がありません" : `"${shortened(word.text, 40)}" は使えません`})。dropout 0.2 のように書いてください。`,
    });
  }
  return ratio;
}

function survivalOf(word: Word | undefined): number {
  const survival = Number(word?.text ?? 1);
  if (word !== undefined && !(survival > 0 && survival <= 1)) {
    throw new NetworkTextError(word, {
      en: `residual must be kept with a chance in (0, 1], got "${shortened(word.text, 40)}". Write residual 0.8, or residual alone.`,
      ja: `residual を残す確率は 0 より大きく 1 以下です("${shortened(word.text, 40)}" は使えません)。residual 0.8 か residual だけを書いてください。`,
    });
  }
  return survival;
}
