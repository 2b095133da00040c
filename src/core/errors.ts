/** Errors say `<where>: <what must hold>, got <what came>. <what to do>`, in one sentence or two. */
import { inLanguage, type Told } from "./text.ts";

/** An error whose sentence a person reads, in both languages. `message` is the English one. */
export abstract class TanrenError extends Error {
  readonly text: Told;

  constructor(text: Told, options?: ErrorOptions) {
    super(inLanguage(text, "en"), options);
    this.text = text;
  }
}

/** A tensor's shape does not fit the operation. */
export class ShapeError extends TanrenError {
  override name = "ShapeError";
}

/** A hyper-parameter or setting is unknown, of the wrong type, outside its range, or a text without a meaning. */
export class HyperError extends TanrenError {
  override name = "HyperError";
}

/** A file or data set is missing, truncated, or not what it says it is. */
export class DataError extends TanrenError {
  override name = "DataError";
}

/** A number stopped being finite while training. */
export class DivergedError extends TanrenError {
  override name = "DivergedError";
  readonly step: number;
  readonly layer: string;

  /** @param step iteration, from 0  @param layer the first layer whose output is not finite */
  constructor(step: number, layer: string) {
    super({
      en: `train: every activation must be finite, got NaN or Infinity in ${layer} at step ${step}. Lower lr.`,
      ja: `train: ステップ ${step} で ${layer} の出力が有限の値でなくなりました(NaN または Infinity)。lr を小さくしてください。`,
    });
    this.step = step;
    this.layer = layer;
  }
}

/** Levenshtein's distance between two words, ignoring case. */
function editDistance(a: string, b: string): number {
  const s = a.toLowerCase();
  const t = b.toLowerCase();
  let row = Array.from({ length: t.length + 1 }, (_, j) => j);
  for (let i = 1; i <= s.length; i++) {
    const next = [i];
    for (let j = 1; j <= t.length; j++) {
      const substitution = row[j - 1] + (s[i - 1] === t[j - 1] ? 0 : 1);
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, substitution));
    }
    row = next;
  }
  return row[t.length];
}

/** The known name closest to a mistyped one; undefined when none is near: more than a third of it differs, or all of a short one. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  const limit = Math.min(Math.max(2, Math.ceil(name.length / 3)), name.length - 1);
  return best !== undefined && best.distance <= limit ? best.candidate : undefined;
}

/** A longer list would be no sentence any more: an experiment with all optimizers has more than a hundred settings. */
const mostNames = 40;

/** "Did you mean …?" for a mistyped name, in both languages, or the list when nothing is near; of a long one how it begins. */
export function suggestName(name: string, known: readonly string[]): Told {
  const near = nearest(name, known);
  if (near !== undefined) {
    return { en: `Did you mean ${near}?`, ja: `${near} ではありませんか。` };
  }
  if (known.length <= mostNames) {
    return { en: `Known: ${known.join(", ")}.`, ja: `使える名前: ${known.join("、")}。` };
  }
  const first = known.slice(0, mostNames / 2);
  return {
    en: `Known: ${first.join(", ")}, … (${known.length} in all).`,
    ja: `使える名前: ${first.join("、")}など(全部で${known.length}個)。`,
  };
}

/** What an error says, in both languages where it has them. */
export function saidBy(error: unknown): Told {
  const said = error instanceof TanrenError ? error.text : error instanceof Error ? error.message : String(error);
  return { en: inLanguage(said, "en"), ja: inLanguage(said, "ja") };
}

/** As {@link suggestName}, in English. */
export function suggest(name: string, known: readonly string[]): string {
  return suggestName(name, known).en;
}
