import { nearest } from "../core/errors.ts";
import { inLanguage, type Text } from "../core/text.ts";

/** Where in a rule's text something stands; line and column count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** characters */
  readonly length: number;
}

/** A rule's or an expression's text has no meaning; says where, and what is allowed there. */
export class FormulaError extends Error implements Place {
  override name = "FormulaError";
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The sentence without its place, in both languages. */
  readonly problem: Text;

  /** @param subject what the text is: `rule`, `surface` */
  constructor(place: Place, problem: Text, subject = "rule") {
    super(`${subject}, line ${place.line}, column ${place.column}: ${inLanguage(problem, "en")}`);
    this.line = place.line;
    this.column = place.column;
    this.length = place.length;
    this.problem = problem;
  }
}

/** "Did you mean …?" in both languages, or the whole list when nothing is near. */
export function suggestName(name: string, known: readonly string[]): { readonly en: string; readonly ja: string } {
  const near = nearest(name, known);
  return near === undefined
    ? { en: `Known: ${known.join(", ")}.`, ja: `使える名前: ${known.join("、")}。` }
    : { en: `Did you mean ${near}?`, ja: `${near} ではありませんか。` };
}
