import { escapeText } from "../core/printable.ts";
import type { Assignment, Expression, Operation } from "./ast.ts";
import { name as texName } from "./tex.ts";

/**
 * Says what stands under a symbol. `line` counts assignments from 0; `target` is the symbol being assigned.
 * @returns the numbers, one under the other; none shows the symbol alone
 */
export type ValuesUnder = (symbol: {
  readonly name: string;
  readonly line: number;
  readonly target: boolean;
}) => readonly string[];

/** How tightly an expression binds; what binds less than its place needs is put in brackets. */
const strength = { sum: 1, product: 2, sign: 3, power: 4, atom: 5 } as const;

const greek: Readonly<Record<string, string>> = {
  eta: "η",
  varepsilon: "ε",
  alpha: "α",
  beta: "β",
  rho: "ρ",
  lambda: "λ",
};

/**
 * A rule as MathML, a line an assignment. Each symbol is an `<mi>` with its name in code as `data-name`; the numbers under
 * it are `<mtext>` with `data-line`, `data-role` (`target` or `read`), `data-name` and `data-element`, so that a page can
 * change them without building the formula again. Made of the checked tree alone: no text of a person's gets in unescaped.
 */
export function mathml(assignments: readonly Assignment[], under: ValuesUnder = () => []): string {
  const rows = assignments.map(({ target, value }, line) => {
    const printer = new Printer(line, under);
    const left = printer.symbol(target.name, true);
    return `<mtr><mtd class="target">${left}</mtd><mtd><mo>←</mo></mtd><mtd class="value">${printer.print(value, 0)}</mtd></mtr>`;
  });
  return `<math display="block"><mtable>${rows.join("")}</mtable></math>`;
}

/** A single expression as MathML, such as f(x, y). */
export function expressionMathml(expression: Expression): string {
  return `<math>${new Printer(0, () => []).print(expression, 0)}</math>`;
}

class Printer {
  private readonly line: number;
  private readonly under: ValuesUnder;

  constructor(line: number, under: ValuesUnder) {
    this.line = line;
    this.under = under;
  }

  symbol(code: string, target: boolean): string {
    const [, base, subscript] = /^(\\?[A-Za-z]+|\\mathrm\{.*\})(?:_\{?(\w+)\}?)?$/.exec(texName(code)) ?? ["", code];
    const mi = `<mi data-name="${escapeText(code)}">${escapeText(letter(base, code))}</mi>`;
    const sign =
      subscript === undefined
        ? mi
        : `<msub>${mi}${/^\d/.test(subscript) ? leaf("mn", subscript) : leaf("mi", subscript)}</msub>`;
    const values = this.under({ name: code, line: this.line, target });
    if (values.length === 0) {
      return sign;
    }
    const place = `data-line="${this.line}" data-role="${target ? "target" : "read"}" data-name="${escapeText(code)}"`;
    const numbers = values.map(
      (value, i) => `<mtr><mtd><mtext ${place} data-element="${i}">${escapeText(value)}</mtext></mtd></mtr>`,
    );
    return `<munder>${sign}<mtable class="live">${numbers.join("")}</mtable></munder>`;
  }

  print(expression: Expression, needed: number): string {
    const [markup, bound] = this.render(expression);
    return bound < needed ? bracketed(markup) : `<mrow>${markup}</mrow>`;
  }

  private render(expression: Expression): [markup: string, strength: number] {
    switch (expression.kind) {
      case "number":
        return number(expression.value);
      case "name":
        return [this.symbol(expression.name, false), strength.atom];
      case "negation":
        return [`<mo>−</mo>${this.print(expression.of, strength.sign)}`, strength.sign];
      case "operation":
        return this.operation(expression);
      case "call": {
        const [first, second, third] = expression.args;
        switch (expression.callee) {
          case "where": {
            const row = (value: Expression, when: string) =>
              `<mtr><mtd>${this.print(value, 0)}</mtd><mtd class="when">${when}</mtd></mtr>`;
            const rows = row(second, this.condition(first)) + row(third, "<mtext>else</mtext>");
            return [`<mrow><mo>{</mo><mtable columnalign="left">${rows}</mtable></mrow>`, strength.sum];
          }
          case "sum":
            return [`<mo largeop="false">∑</mo>${this.print(first, strength.product)}`, strength.sum];
          case "sqrt":
            return [`<msqrt>${this.print(first, 0)}</msqrt>`, strength.atom];
          case "abs":
            return [`<mo stretchy="false">|</mo>${this.print(first, 0)}<mo stretchy="false">|</mo>`, strength.atom];
          case "norm":
            return [`<mo stretchy="false">‖</mo>${this.print(first, 0)}<mo stretchy="false">‖</mo>`, strength.atom];
          case "exp":
            return [`<msup><mi>e</mi>${this.print(first, 0)}</msup>`, strength.power];
          default: {
            const args =
              second === undefined ? this.print(first, 0) : `${this.print(first, 0)}<mo>,</mo>${this.print(second, 0)}`;
            return [`<mi mathvariant="normal">${expression.callee}</mi><mo>⁡</mo>${bracketed(args)}`, strength.atom];
          }
        }
      }
    }
  }

  /** What must be above 0 for the first branch: of a difference, the greater side. */
  private condition(of: Expression): string {
    return of.kind === "operation" && of.operator === "-"
      ? `${this.print(of.left, strength.sum)}<mo>&gt;</mo>${this.print(of.right, strength.product)}`
      : `${this.print(of, 0)}<mo>&gt;</mo><mn>0</mn>`;
  }

  private operation({ operator, left, right }: Operation): [string, number] {
    switch (operator) {
      case "+":
        return [`${this.print(left, strength.sum)}<mo>+</mo>${this.print(right, strength.sum)}`, strength.sum];
      case "-":
        return [`${this.print(left, strength.sum)}<mo>−</mo>${this.print(right, strength.product)}`, strength.sum];
      case "*": {
        // 2·3 written without a sign would read 23.
        const sign = right.kind === "number" || right.kind === "negation" ? "·" : "⁢";
        const factor = this.print(right, strength.product);
        return [`${this.print(left, strength.product)}<mo>${sign}</mo>${factor}`, strength.product];
      }
      case "/":
        return [`<mfrac>${this.print(left, 0)}${this.print(right, 0)}</mfrac>`, strength.product];
      case "^":
        return [`<msup>${this.print(left, strength.atom)}${this.print(right, 0)}</msup>`, strength.power];
    }
  }
}

/** Brackets grow with a fraction inside them, not with the numbers under symbols. */
function bracketed(markup: string): string {
  const grows = markup.includes("<mfrac>") && !markup.includes("<munder>") ? "" : ' stretchy="false"';
  return `<mrow><mo${grows}>(</mo>${markup}<mo${grows}>)</mo></mrow>`;
}

function leaf(tag: "mi" | "mn", text: string): string {
  return `<${tag}>${escapeText(text)}</${tag}>`;
}

/** A letter of print for what TeX writes: `\beta` is β, `\mathrm{word}` the word in code. */
function letter(base: string, code: string): string {
  if (base.startsWith("\\mathrm")) {
    return code;
  }
  return base.startsWith("\\") ? (greek[base.slice(1)] ?? code) : base;
}

function number(value: number): [string, number] {
  const exponential = /^(.+)e\+?(-?\d+)$/.exec(String(value));
  if (exponential === null) {
    return [leaf("mn", String(value)), strength.atom];
  }
  const [, mantissa, exponent] = exponential;
  const sign = exponent.startsWith("-") ? "<mo>−</mo>" : "";
  const power = `<msup><mn>10</mn><mrow>${sign}${leaf("mn", exponent.replace("-", ""))}</mrow></msup>`;
  return mantissa === "1" ? [power, strength.power] : [`${leaf("mn", mantissa)}<mo>·</mo>${power}`, strength.product];
}
