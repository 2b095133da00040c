import { HyperError } from "../core/errors.ts";
import { inLanguage, type Text } from "../core/text.ts";

/** Where in a rule's text something stands; line and column count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** characters */
  readonly length: number;
}

/** A rule's or an expression's text has no meaning; says where, and what is allowed there. */
export class FormulaError extends HyperError implements Place {
  override name = "FormulaError";
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The sentence without its place, in both languages. */
  readonly problem: Text;

  /** @param subject what the text is: `rule`, `surface` */
  constructor(place: Place, problem: Text, subject = "rule") {
    super({
      en: `${subject}, line ${place.line}, column ${place.column}: ${inLanguage(problem, "en")}`,
      ja: `${subject} ${place.line} 行目 ${place.column} 文字目: ${inLanguage(problem, "ja")}`,
    });
    this.line = place.line;
    this.column = place.column;
    this.length = place.length;
    this.problem = problem;
  }
}
