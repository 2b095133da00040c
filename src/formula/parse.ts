import { suggest } from "../core/errors.ts";
import { type Assignment, type Expression, type FunctionName, functions, limits, type Operator } from "./ast.ts";
import { FormulaError, type Place } from "./formula-error.ts";

interface Token {
  readonly kind: "number" | "name" | "symbol" | "end";
  readonly text: string;
  readonly place: Place;
}

const tokenPattern =
  /(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_]\w*)|(?<symbol>[+\-*/]=|[=+\-*/^(),])/y;

/**
 * Reads a rule's text.
 * @throws FormulaError with line and column
 */
export function parse(text: string): Assignment[] {
  if (text.length > limits.characters) {
    throw new FormulaError(
      { line: 1, column: 1, length: 1 },
      `a rule has at most ${limits.characters} characters, got ${text.length}. Shorten it.`,
    );
  }
  const assignments: Assignment[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    const tokens = tokenize(line, index + 1);
    if (tokens.length > 1) {
      assignments.push(new LineParser(tokens).assignment());
    }
    if (assignments.length > limits.assignments) {
      throw new FormulaError(tokens[0].place, `a rule has at most ${limits.assignments} lines. Shorten it.`);
    }
  });
  return assignments;
}

function tokenize(text: string, line: number): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (text[at] === " " || text[at] === "\t") {
      at++;
    }
    const place = { line, column: at + 1, length: 1 };
    if (at >= text.length || text[at] === "#") {
      tokens.push({ kind: "end", text: "the end of the line", place });
      return tokens;
    }
    tokenPattern.lastIndex = at;
    const match = tokenPattern.exec(text);
    if (match === null) {
      throw new FormulaError(
        place,
        `numbers, names, + - * / ^ = ( ) and "," are allowed here, got "${String.fromCodePoint(text.codePointAt(at)!)}".`,
      );
    }
    const groups = match.groups!;
    const kind = groups.number !== undefined ? "number" : groups.name !== undefined ? "name" : "symbol";
    tokens.push({ kind, text: match[0], place: { ...place, length: match[0].length } });
    at += match[0].length;
  }
}

/** Recursive descent over the tokens of one line; one method a rule of the grammar. */
class LineParser {
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  assignment(): Assignment {
    const token = this.take();
    if (token.kind !== "name") {
      throw unexpected(token, "a line begins with the name it assigns, such as w = w - lr * g");
    }
    const target = { kind: "name", name: token.text, place: token.place } as const;
    const assign = this.take();
    if (assign.kind !== "symbol" || !assign.text.endsWith("=")) {
      throw unexpected(assign, "= += -= *= or /= follows the name");
    }
    const right = this.sum();
    if (this.current.kind !== "end") {
      throw unexpected(this.current, "an operator (+ - * / ^) or the end of the line must follow");
    }
    if (assign.text === "=") {
      return { target, value: right };
    }
    const operator = assign.text[0] as Operator;
    return { target, value: { kind: "operation", operator, left: target, right, place: assign.place } };
  }

  private sum(): Expression {
    let left = this.term();
    while (this.sees("+") || this.sees("-")) {
      const { text, place } = this.take();
      left = { kind: "operation", operator: text as Operator, left, right: this.term(), place };
    }
    return left;
  }

  private term(): Expression {
    let left = this.factor();
    while (this.sees("*") || this.sees("/")) {
      const { text, place } = this.take();
      left = { kind: "operation", operator: text as Operator, left, right: this.factor(), place };
    }
    return left;
  }

  private factor(): Expression {
    if (!this.sees("-")) {
      return this.power();
    }
    const { place } = this.take();
    return { kind: "negation", of: this.nested(place, () => this.factor()), place };
  }

  private power(): Expression {
    const left = this.atom();
    if (!this.sees("^")) {
      return left;
    }
    const { place } = this.take();
    // The exponent is a factor, so 2^-1 and 2^3^2 = 2^(3^2) read as in print.
    return { kind: "operation", operator: "^", left, right: this.nested(place, () => this.factor()), place };
  }

  private atom(): Expression {
    const token = this.take();
    if (token.kind === "number") {
      const value = Number(token.text);
      if (!Number.isFinite(value)) {
        throw new FormulaError(token.place, `a number must be finite, got ${token.text}.`);
      }
      return { kind: "number", value, place: token.place };
    }
    if (token.kind === "name") {
      return this.sees("(") ? this.call(token) : { kind: "name", name: token.text, place: token.place };
    }
    if (token.text === "(") {
      const inner = this.nested(token.place, () => this.sum());
      this.expect(")", "the bracket must be closed");
      return inner;
    }
    throw unexpected(token, 'a number, a name or "(" is needed here');
  }

  private call({ text, place }: Token): Expression {
    if (!Object.hasOwn(functions, text)) {
      throw new FormulaError(place, `no function is called ${text}. ${suggest(text, Object.keys(functions))}`);
    }
    const callee = text as FunctionName;
    this.take();
    const args = [this.nested(place, () => this.sum())];
    while (this.sees(",")) {
      this.take();
      args.push(this.nested(place, () => this.sum()));
    }
    this.expect(")", "the bracket must be closed");
    const { arity } = functions[callee];
    if (args.length !== arity) {
      throw new FormulaError(place, `${callee} takes ${arity} value${arity === 1 ? "" : "s"}, got ${args.length}.`);
    }
    return { kind: "call", callee, args, place };
  }

  /** Guards the stack against a text that is nothing but brackets. */
  private nested(place: Place, parseInner: () => Expression): Expression {
    this.depth++;
    if (this.depth > limits.depth) {
      throw new FormulaError(place, `brackets, signs and powers nest at most ${limits.depth} deep. Use another line.`);
    }
    const inner = parseInner();
    this.depth--;
    return inner;
  }

  private get current(): Token {
    return this.tokens[this.at];
  }

  private sees(symbol: string): boolean {
    return this.current.kind === "symbol" && this.current.text === symbol;
  }

  private take(): Token {
    const token = this.current;
    this.at = Math.min(this.at + 1, this.tokens.length - 1);
    return token;
  }

  private expect(symbol: string, otherwise: string): void {
    const token = this.take();
    if (token.kind !== "symbol" || token.text !== symbol) {
      throw unexpected(token, otherwise);
    }
  }
}

function unexpected({ kind, text, place }: Token, rule: string): FormulaError {
  return new FormulaError(place, `${rule}, got ${kind === "end" ? text : `"${text}"`}.`);
}
