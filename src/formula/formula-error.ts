/** Where in a rule's text something stands; line and column count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** characters */
  readonly length: number;
}

/** A rule's text is not an update rule; says where, and what is allowed there. */
export class FormulaError extends Error implements Place {
  override name = "FormulaError";
  readonly line: number;
  readonly column: number;
  readonly length: number;

  constructor(place: Place, problem: string) {
    super(`rule, line ${place.line}, column ${place.column}: ${problem}`);
    this.line = place.line;
    this.column = place.column;
    this.length = place.length;
  }
}
