import { HyperError } from "../core/errors.ts";
import { type Hyper, real } from "../core/hyper.ts";
import type { Assignment, Expression } from "../formula/ast.ts";
import { given } from "../formula/check.ts";
import { parse } from "../formula/parse.ts";
import { defineOptimizer, type Optimizer } from "./optimizer.ts";

/** Values of hyper-parameters that a typed rule names and the caller does not give. */
const usual: Readonly<Record<string, number>> = {
  lr: 0.01,
  momentum: 0.9,
  decay: 0.99,
  beta1: 0.9,
  beta2: 0.999,
  eps: 1e-7,
  weightDecay: 0.0001,
};

/**
 * Makes an optimizer of a rule that a person typed. Its slots are the names that are read before they are assigned,
 * its hyper-parameters the names that are never assigned.
 * @param hyper defaults of the hyper-parameters; the usual ones (lr, momentum, decay, beta1, beta2, eps, weightDecay)
 *   need none
 * @throws FormulaError when the rule has no meaning, with line and column
 * @throws HyperError when a hyper-parameter has no value
 */
export function optimizerFromText(name: string, rule: string, hyper: Readonly<Record<string, number>> = {}): Optimizer {
  const assignments = parse(rule);
  const { slots, free } = namesOf(assignments);
  const defaults: Record<string, Hyper<number>> = {};
  for (const word of new Set([...free, ...Object.keys(hyper)])) {
    const value = Object.hasOwn(hyper, word) ? hyper[word] : usual[word];
    if (value === undefined) {
      throw new HyperError(
        `optimizer ${name}: every name must be assigned in the rule or have a value, got ${word} with neither. Give it one, or assign it first.`,
      );
    }
    defaults[word] = real({ default: value });
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

function namesOf(assignments: readonly Assignment[]): { slots: string[]; free: string[] } {
  const words = new Set<string>(Object.values(given));
  const assigned = new Set(assignments.map(({ target }) => target.name));
  const defined = new Set<string>();
  const slots = new Set<string>();
  const free = new Set<string>();
  for (const { target, value } of assignments) {
    for (const word of readBy(value)) {
      if (words.has(word) || defined.has(word)) {
        continue;
      }
      (assigned.has(word) ? slots : free).add(word);
    }
    defined.add(target.name);
  }
  return { slots: [...slots], free: [...free] };
}

function readBy(expression: Expression): string[] {
  switch (expression.kind) {
    case "number":
      return [];
    case "name":
      return [expression.name];
    case "negation":
      return readBy(expression.of);
    case "operation":
      return [...readBy(expression.left), ...readBy(expression.right)];
    case "call":
      return expression.args.flatMap(readBy);
  }
}
