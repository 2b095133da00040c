import type { Expression } from "./ast.ts";
import { parse } from "./parse.ts";

const symbols: Readonly<Record<string, string>> = {
  lr: "\\eta",
  lr_t: "\\eta_t",
  eps: "\\varepsilon",
  momentum: "\\alpha",
  decay: "\\rho",
  beta1: "\\beta_1",
  beta2: "\\beta_2",
  weightDecay: "\\lambda",
};

/** How tightly an expression binds; what binds less than its place needs is put in brackets. */
const strength = { sum: 1, product: 2, sign: 3, power: 4, atom: 5 } as const;

/** A rule's text as TeX: one aligned line an assignment. @throws FormulaError when it has no meaning */
export function ruleTex(rule: string): string {
  const lines = parse(rule).map(({ target, value }) => `${name(target.name)} &\\leftarrow ${print(value, 0)}`);
  return `\\begin{aligned}${lines.join(" \\\\ ")}\\end{aligned}`;
}

/** A name of code as a symbol: `beta1` is β₁, a long word stands upright. */
export function name(code: string): string {
  if (Object.hasOwn(symbols, code)) {
    return symbols[code];
  }
  const numbered = /^([A-Za-z])_?(\d+|[A-Za-z])$/.exec(code);
  if (numbered !== null) {
    return `${numbered[1]}_{${numbered[2]}}`;
  }
  return code.length === 1 ? code : `\\mathrm{${code.replaceAll("_", "\\_")}}`;
}

function print(expression: Expression, needed: number): string {
  const [text, bound] = render(expression);
  return bound < needed ? `\\left(${text}\\right)` : text;
}

function render(expression: Expression): [text: string, strength: number] {
  switch (expression.kind) {
    case "number":
      return number(expression.value);
    case "name":
      return [name(expression.name), strength.atom];
    case "negation":
      return [`-${print(expression.of, strength.sign)}`, strength.sign];
    case "operation":
      return operation(expression);
    case "call": {
      const args = expression.args.map((arg) => print(arg, 0));
      switch (expression.callee) {
        case "where": {
          const [yes, no] = [args[1], args[2]];
          return [
            `\\begin{cases} ${yes} & ${condition(expression.args[0])} \\\\ ${no} & \\text{else} \\end{cases}`,
            strength.sum,
          ];
        }
        case "sum":
          return [`\\textstyle\\sum ${print(expression.args[0], strength.product)}`, strength.sum];
        case "orthogonal":
          return [`\\operatorname{orthogonal}\\left(${args[0]}\\right)`, strength.atom];
        case "sqrt":
          return [`\\sqrt{${args[0]}}`, strength.atom];
        case "abs":
          return [`\\left|${args[0]}\\right|`, strength.atom];
        case "norm":
          return [`\\left\\lVert ${args[0]}\\right\\rVert`, strength.atom];
        case "sign":
          return [`\\operatorname{sign}\\left(${args[0]}\\right)`, strength.atom];
        default:
          return [`\\${expression.callee}\\left(${args.join(", ")}\\right)`, strength.atom];
      }
    }
  }
}

/** What must be above 0 for the first branch: of a difference, the greater side. */
function condition(of: Expression): string {
  return of.kind === "operation" && of.operator === "-"
    ? `${print(of.left, strength.sum)} > ${print(of.right, strength.product)}`
    : `${print(of, 0)} > 0`;
}

function operation({ operator, left, right }: Expression & { kind: "operation" }): [string, number] {
  switch (operator) {
    case "+":
      return [`${print(left, strength.sum)} + ${print(right, strength.sum)}`, strength.sum];
    case "-":
      return [`${print(left, strength.sum)} - ${print(right, strength.product)}`, strength.sum];
    case "*": {
      const factor = print(right, strength.product);
      // 2·3 written without a sign would read 23.
      const sign = /^[\d-]/.test(factor) ? "\\cdot " : "\\,";
      return [`${print(left, strength.product)}${sign}${factor}`, strength.product];
    }
    case "/":
      return [`\\frac{${print(left, 0)}}{${print(right, 0)}}`, strength.product];
    case "^":
      return [`${print(left, strength.atom)}^{${print(right, 0)}}`, strength.power];
  }
}

function number(value: number): [string, number] {
  const exponential = /^(.+)e\+?(-?\d+)$/.exec(String(value));
  if (exponential === null) {
    return [String(value), strength.atom];
  }
  const [, mantissa, exponent] = exponential;
  return mantissa === "1"
    ? [`10^{${exponent}}`, strength.power]
    : [`${mantissa} \\cdot 10^{${exponent}}`, strength.product];
}
