import { suggestName } from "../core/errors.ts";
import { inLanguage, type Told } from "../core/text.ts";
import { type Assignment, type Expression, type FunctionName, functions, limits, type Operator } from "./ast.ts";
import { FormulaError, type Place } from "./formula-error.ts";
import { linesOf, plainLine } from "./plain-text.ts";
import { unreadable } from "./unreadable.ts";

interface Token {
  readonly kind: "number" | "name" | "symbol" | "end";
  readonly text: string;
  readonly place: Place;
}

const tokenPattern =
  /(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_]\w*)|(?<symbol>\*\*|:=|[+\-*/]=|[=+\-*/^(),;])/y;

/** Two ways to write one sign. */
const synonyms: Readonly<Record<string, string>> = { "**": "^", ":=": "=" };

/**
 * Reads a rule's text.
 * @throws FormulaError with line and column
 */
export function parse(text: string): Assignment[] {
  if (text.length > limits.characters) {
    throw new FormulaError(
      { line: 1, column: 1, length: 1 },
      {
        en: `a rule has at most ${limits.characters} characters, got ${text.length}. Shorten it.`,
        ja: `更新則は${limits.characters}文字までです(現在${text.length}文字)。短くしてください。`,
      },
    );
  }
  const assignments: Assignment[] = [];
  let parts = 0;
  linesOf(text).forEach((line, index) => {
    for (const tokens of statements(tokenize(line, index + 1))) {
      assignments.push(new LineParser(tokens).assignment());
      parts += tokens.length;
      if (parts > limits.tokens) {
        throw new FormulaError(tokens[0].place, {
          en: `a rule has at most ${limits.tokens} numbers, names and signs. Shorten it.`,
          ja: `更新則に使える数、名前、記号は合わせて${limits.tokens}個までです。短くしてください。`,
        });
      }
      if (assignments.length > limits.assignments) {
        throw new FormulaError(tokens[0].place, {
          en: `a rule has at most ${limits.assignments} lines. Shorten it.`,
          ja: `更新則は${limits.assignments}行までです。短くしてください。`,
        });
      }
    }
  });
  return assignments;
}

/**
 * Reads a single expression, such as `x^2/20 + y^2`.
 * @throws FormulaError with the column
 */
export function parseExpression(text: string): Expression {
  const longest = limits.expression;
  if (text.length > longest) {
    throw new FormulaError(
      { line: 1, column: longest + 1, length: text.length - longest },
      {
        en: `at most ${longest} characters are allowed, got ${text.length}. Shorten it.`,
        ja: `${longest}文字までです(現在${text.length}文字)。短くしてください。`,
      },
    );
  }
  return new LineParser(tokenize(text.replaceAll(/[\r\n\u0085\u2028\u2029]/g, " "), 1)).expression();
}

/** A line's tokens, parted at each `;`; every part keeps a token that ends it. */
function statements(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [];
  let part: Token[] = [];
  for (const token of tokens) {
    const last = token.kind === "end" || token.text === ";";
    part.push(last ? { ...token, kind: "end" } : token);
    if (last) {
      if (part.length > 1) {
        parts.push(part);
      }
      part = [];
    }
  }
  return parts;
}

function tokenize(typed: string, line: number): Token[] {
  const text = plainLine(typed);
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (text[at] === " ") {
      at++;
    }
    const place = { line, column: at + 1, length: 1 };
    if (at >= text.length || text[at] === "#") {
      tokens.push({ kind: "end", text: "", place });
      return tokens;
    }
    tokenPattern.lastIndex = at;
    const match = tokenPattern.exec(text);
    if (match === null) {
      throw unreadable(String.fromCodePoint(text.codePointAt(at)!), place);
    }
    const groups = match.groups!;
    const kind = groups.number !== undefined ? "number" : groups.name !== undefined ? "name" : "symbol";
    const sign = Object.hasOwn(synonyms, match[0]) ? synonyms[match[0]] : match[0];
    tokens.push({ kind, text: sign, place: { ...place, length: match[0].length } });
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
      throw unexpected(token, {
        en: "a line begins with the name it assigns, such as w = w - lr * g",
        ja: "行は w = w - lr * g のように、代入する名前で始めます",
      });
    }
    const target = { kind: "name", name: token.text, place: token.place } as const;
    const assign = this.take();
    if (assign.kind !== "symbol" || !assign.text.endsWith("=")) {
      throw unexpected(assign, {
        en: "= += -= *= or /= follows the name",
        ja: "名前の次には = += -= *= /= のどれかが必要です",
      });
    }
    const right = this.expression();
    if (assign.text === "=") {
      return { target, value: right };
    }
    const operator = assign.text[0] as Operator;
    return { target, value: { kind: "operation", operator, left: target, right, place: assign.place } };
  }

  /** All that is left. */
  expression(): Expression {
    const sum = this.sum();
    if (this.current.kind !== "end") {
      throw unexpected(this.current, {
        en: "an operator (+ - * / ^) or the end of the line must follow",
        ja: "ここには演算子(+ - * / ^)か行末が必要です",
      });
    }
    return sum;
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
        throw new FormulaError(token.place, {
          en: `a number must be finite, got ${token.text}.`,
          ja: `数は有限でなければなりません(${token.text})。`,
        });
      }
      return { kind: "number", value, place: token.place };
    }
    if (token.kind === "name") {
      return this.sees("(") ? this.call(token) : { kind: "name", name: token.text, place: token.place };
    }
    if (token.text === "(") {
      const inner = this.nested(token.place, () => this.sum());
      this.expect(")", bracket);
      return inner;
    }
    throw unexpected(token, {
      en: 'a number, a name or "(" is needed here',
      ja: 'ここには数、名前、"(" のどれかが必要です',
    });
  }

  private call({ text, place }: Token): Expression {
    if (!Object.hasOwn(functions, text)) {
      const suggestion = suggestName(text, Object.keys(functions));
      throw new FormulaError(place, {
        en: `no function is called ${text}. ${suggestion.en}`,
        ja: `${text} という関数はありません。${suggestion.ja}`,
      });
    }
    const callee = text as FunctionName;
    this.take();
    const args = [this.nested(place, () => this.sum())];
    while (this.sees(",")) {
      this.take();
      args.push(this.nested(place, () => this.sum()));
    }
    this.expect(")", bracket);
    const { arity } = functions[callee];
    if (args.length !== arity) {
      throw new FormulaError(place, {
        en: `${callee} takes ${arity} value${arity === 1 ? "" : "s"}, got ${args.length}.`,
        ja: `${callee} の引数は${arity}個です(現在${args.length}個)。`,
      });
    }
    return { kind: "call", callee, args, place };
  }

  /** Guards the stack against a text that is nothing but brackets. */
  private nested(place: Place, parseInner: () => Expression): Expression {
    this.depth++;
    if (this.depth > limits.depth) {
      throw new FormulaError(place, {
        en: `brackets, signs and powers nest at most ${limits.depth} deep. Use another line.`,
        ja: `括弧、符号、べき乗の入れ子は${limits.depth}段までです。行を分けてください。`,
      });
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

  private expect(symbol: string, otherwise: Told): void {
    const token = this.take();
    if (token.kind !== "symbol" || token.text !== symbol) {
      throw unexpected(token, otherwise);
    }
  }
}

const bracket: Told = { en: "the bracket must be closed", ja: "括弧を閉じてください" };
const lineEnd: Told = { en: "the end of the line", ja: "行末" };

function unexpected({ text, place }: Token, rule: Told): FormulaError {
  const got = text === "" ? lineEnd : `"${text}"`;
  return new FormulaError(place, {
    en: `${rule.en}, got ${inLanguage(got, "en")}.`,
    ja: `${rule.ja}(現在は ${inLanguage(got, "ja")})。`,
  });
}
