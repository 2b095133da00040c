import { HyperError, nearest, saidBy } from "../core/errors.ts";
import { type Hyper, text } from "../core/hyper.ts";
import { inLanguage, shortened, type Text, type Told } from "../core/text.ts";
import { exampleOf, type LayerKind, type LayerSpec, layerKinds, layerWords, networkLimits } from "./layer-words.ts";

/** A network's text has no meaning; says where (line and column from 1) and what is allowed there. */
export class NetworkTextError extends HyperError {
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

interface Word {
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/**
 * Reads a network, one layer a line (or separated by `;`), `#` to the end of a line is a comment: `affine 64`, `relu`,
 * `batchnorm`, `dropout 0.2`, `conv2d 16 size=3 padding=1`, `maxPool 2`. Behind a layer's word stand its numbers, in their order
 * or by name; {@link layerWords} has them all. `residual` closes a block that begins with the affine or conv2d before it,
 * y = x + F(x), `residual layers=2` with the last two; `residual 0.8` leaves F out of one minibatch in five. A last affine to the
 * classes follows by itself.
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

/** A layer's word and those of its numbers that do not follow from the others. */
export function printLayer({ kind, ...given }: LayerSpec): string {
  const { numbers, complete } = layerWords[kind];
  const values: Readonly<Record<string, number>> = given;
  const written: Record<string, number> = {};
  const names = Object.keys(numbers);
  for (const name of names) {
    if (complete(written)[name] !== values[name]) {
      written[name] = values[name];
    }
  }
  const shown = Object.entries(written).map(([name, value]) => (name === names[0] ? `${value}` : `${name}=${value}`));
  return [kind, ...shown].join(" ");
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

const wordsOfKinds = new Map<string, LayerKind>(
  layerKinds.flatMap((kind) => [kind.toLowerCase(), ...layerWords[kind].aliases].map((word) => [word, kind] as const)),
);

function kindOf(word: Word): LayerKind {
  const name = word.text.toLowerCase().replaceAll(/[-_]/g, "");
  const kind = wordsOfKinds.get(name);
  if (kind !== undefined) {
    return kind;
  }
  const near = nearest(name, [...wordsOfKinds.keys()]);
  const shown = shortened(word.text, 40);
  const meant = layerKinds.find((one) => one.toLowerCase() === near) ?? near;
  throw new NetworkTextError(word, {
    en: `a line must begin with a layer, got "${shown}". ${meant === undefined ? `Known: ${layerKinds.join(", ")}.` : `Did you mean ${meant}?`}`,
    ja: `行は層の名前で始めてください("${shown}" は使えません)。${meant === undefined ? `使える名前: ${layerKinds.join("、")}。` : `${meant} ではありませんか。`}`,
  });
}

function layerOf([first, ...rest]: readonly Word[]): LayerSpec {
  const kind = kindOf(first);
  const { complete } = layerWords[kind];
  const given = complete(numbersBehind(kind, rest));
  const missing = Object.entries(given).find(([, value]) => value === undefined);
  if (missing !== undefined) {
    const example = printLayer(exampleOf(kind));
    throw new NetworkTextError(first, {
      en: `${kind} must have ${missing[0]}, got none. Write ${example}.`,
      ja: `${kind} には ${missing[0]} が必要です。${example} のように書いてください。`,
    });
  }
  return { kind, ...given } as LayerSpec;
}

/** The numbers behind a layer's word: each the next one that is not given yet, or the one whose name stands before it. */
function numbersBehind(kind: LayerKind, words: readonly Word[]): Record<string, number> {
  const { numbers } = layerWords[kind];
  const names = Object.keys(numbers);
  const given: Record<string, number> = {};
  for (let i = 0; i < words.length; i++) {
    const isName = names.includes(words[i].text);
    const name = isName ? words[i].text : names.find((one) => !Object.hasOwn(given, one));
    if (name === undefined || Object.hasOwn(given, name) || (!isName && isNoNumber(words[i]) && names.length > 1)) {
      throw surplus(kind, names, words[i]);
    }
    const word = words[isName ? ++i : i] as Word | undefined;
    try {
      given[name] = numbers[name].parse(word?.text ?? "", `${kind} ${name}`);
    } catch (error) {
      throw new NetworkTextError(word ?? words[i - 1], saidBy(error));
    }
  }
  return given;
}

function isNoNumber({ text }: Word): boolean {
  return Number.isNaN(Number(text));
}

/** Of a word behind a layer that is none of its numbers. */
function surplus(kind: LayerKind, names: readonly string[], word: Word): NetworkTextError {
  const shown = shortened(word.text, 40);
  const takes = { en: names.join(", ") || "no number", ja: names.length === 0 ? "名前だけ" : ` ${names.join("、")} ` };
  const { en, ja } = remedy(names, word);
  return new NetworkTextError(word, {
    en: `${kind} takes ${takes.en}, got "${shown}" too. ${en}`,
    ja: `${kind} に書けるのは${takes.ja}です("${shown}" は余分です)。${ja}`,
  });
}

function remedy(names: readonly string[], word: Word): Told {
  if (names.includes(word.text)) {
    return { en: "It is there already: leave one out.", ja: "同じ名前が2度あります。片方を消してください。" };
  }
  const near = isNoNumber(word) ? nearest(word.text, names) : undefined;
  if (near !== undefined) {
    return { en: `Did you mean ${near}?`, ja: `${near} ではありませんか。` };
  }
  return names.length > 1 && isNoNumber(word)
    ? {
        en: "Use these names, or begin the next layer on a new line.",
        ja: "これらの名前を使うか、次の層なら改行して書いてください。",
      }
    : { en: "Begin the next layer on a new line.", ja: "次の層は改行して書いてください。" };
}

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
