import { optionOf, refuse } from "../core/checks.ts";
import { HyperError, suggestName } from "../core/errors.ts";
import { type Hyper, real } from "../core/hyper.ts";
import { type Assignment, type Expression, limits, type Name } from "../formula/ast.ts";
import { given } from "../formula/check.ts";
import { FormulaError } from "../formula/formula-error.ts";
import { parse } from "../formula/parse.ts";
import { defineOptimizer, type Optimizer } from "./optimizer.ts";
import { usual } from "./usual.ts";

/** The hyper-parameters that a typed rule may name without giving them a value. */
export const usualHyper = {
  lr: usual.lr(0.01),
  momentum: usual.momentum(0.9),
  decay: usual.decay(0.99),
  beta1: usual.beta1(0.9),
  beta2: usual.beta2(0.999),
  eps: usual.eps(1e-7),
  weightDecay: real({
    default: 0.0001,
    min: 0,
    scale: "log",
    about: { en: "share of the weights lost each step", ja: "1ステップで失う重みの割合" },
  }),
} satisfies Readonly<Record<string, Hyper<number>>>;

const known: Readonly<Record<string, Hyper<number>>> = usualHyper;
const anyNumber = real({ default: 0 });

/**
 * Makes an optimizer of a rule that a person typed. Its slots are the names that are read before they are assigned,
 * its hyper-parameters the names that are never assigned.
 * @param hyper defaults of the hyper-parameters; the usual ones (lr, momentum, decay, beta1, beta2, eps, weightDecay)
 *   need none
 * @throws FormulaError when the rule has no meaning, with line and column
 * @throws HyperError when a hyper-parameter has no value, or one that is no number
 */
export function optimizerFromText(name: string, rule: string, hyper: Readonly<Record<string, number>> = {}): Optimizer {
  for (const [what, text] of Object.entries({ name, rule })) {
    if (typeof text !== "string") {
      refuse(optionOf("optimizerFromText", what), { en: "a text", ja: "文字列" }, text, {
        en: 'Write optimizerFromText("mine", "w = w - lr * g", { lr: 0.1 }).',
        ja: 'optimizerFromText("mine", "w = w - lr * g", { lr: 0.1 }) のように書きます。',
      });
    }
  }
  const assignments = parse(rule);
  const { slots, free } = namesOf(assignments);
  const defaults: Record<string, Hyper<number>> = {};
  for (const word of new Set([...free, ...Object.keys(hyper)])) {
    const value = Object.hasOwn(hyper, word) ? hyper[word] : known[word]?.default;
    if (value === undefined) {
      throw new HyperError({
        en: `optimizer ${name}: every name must be assigned in the rule or have a value, got ${word} with neither. Give it one, or assign it first.`,
        ja: `optimizer ${name}: ${word} は規則の中で代入されておらず、値もありません。値を与えるか、先に代入してください。`,
      });
    }
    defaults[word] = real({ default: anyNumber.check(value, `optimizer ${name}: ${word}`) });
  }
  return defineOptimizer({
    name,
    label: name,
    about: { en: "A rule typed by hand.", ja: "手で書かれた更新則です。" },
    hyper: defaults,
    slots,
    rule,
  });
}

/**
 * Makes an optimizer of a rule that names no hyper-parameters but the usual ones, and gives it only those it names.
 * @throws FormulaError with line and column, for a name without a value too
 */
export function optimizerOfRule(name: string, rule: string): Optimizer {
  const assignments = parse(rule);
  const { slots, free } = namesOf(assignments);
  for (const word of free) {
    if (!Object.hasOwn(known, word)) {
      const place = assignments.flatMap(({ value }) => namesIn(value)).find((found) => found.name === word)!.place;
      const suggestion = suggestName(word, [...Object.values(given), ...slots, ...Object.keys(known)]);
      throw new FormulaError(place, {
        en: `${word} has no value: assign it in a line above, or use a name that has one. ${suggestion.en}`,
        ja: `${word} には値がありません。上の行で代入するか、値のある名前を使ってください。${suggestion.ja}`,
      });
    }
  }
  return optimizerFromText(name, rule);
}

function namesOf(assignments: readonly Assignment[]): { slots: string[]; free: string[] } {
  const words = new Set<string>(Object.values(given));
  const assigned = new Set(assignments.map(({ target }) => target.name));
  const defined = new Set<string>();
  const slots = new Set<string>();
  const free = new Set<string>();
  for (const { target, value } of assignments) {
    for (const { name: word } of namesIn(value)) {
      if (words.has(word) || defined.has(word)) {
        continue;
      }
      (assigned.has(word) ? slots : free).add(word);
    }
    defined.add(target.name);
  }
  if (slots.size > limits.slots) {
    const [surplus] = [...slots].slice(limits.slots);
    const { place } = assignments.find(({ target }) => target.name === surplus)!.target;
    throw new FormulaError(place, {
      en: `a rule keeps at most ${limits.slots} vectors from step to step, got ${slots.size}. Keep fewer.`,
      ja: `次のステップへ引き継げるベクトルは${limits.slots}個までです(現在${slots.size}個)。減らしてください。`,
    });
  }
  return { slots: [...slots], free: [...free] };
}

function namesIn(expression: Expression): Name[] {
  switch (expression.kind) {
    case "number":
      return [];
    case "name":
      return [expression];
    case "negation":
      return namesIn(expression.of);
    case "operation":
      return [...namesIn(expression.left), ...namesIn(expression.right)];
    case "call":
      return expression.args.flatMap(namesIn);
  }
}
