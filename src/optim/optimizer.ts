import { HyperError } from "../core/errors.ts";
import type { Hyper, HyperSet } from "../core/hyper.ts";
import type { Text } from "../core/text.ts";
import { type Typed, typed, withDefaults } from "../core/typed.ts";
import { check, given } from "../formula/check.ts";
import { parse } from "../formula/parse.ts";
import type { Program } from "../formula/program.ts";

/** Where a technique was published. */
export interface Paper {
  readonly title: string;
  readonly authors: string;
  readonly year: number;
  /** The part of the paper that holds the rule. */
  readonly where: string;
  /** How the rule departs from the paper. */
  readonly differs?: string;
}

export interface OptimizerDefinition<S extends HyperSet = HyperSet, L extends string = string> {
  /** camelCase, unique: `adam` */
  readonly name: string;
  /** As it is written in print: `Adam` */
  readonly label: L;
  /** One sentence: the idea. */
  readonly about: Text;
  /** Absent for rules typed by hand. */
  readonly paper?: Paper;
  readonly hyper: S;
  /** Vectors kept from step to step, as long as the parameters and zero at the start; below `core/tiny.ts` they are 0. */
  readonly slots: readonly string[];
  /** Numbers kept from step to step, and what they are before the first. */
  readonly state?: Readonly<Record<string, number>>;
  /** The slot with the weights to evaluate with, where they are not those that are trained. */
  readonly averaged?: string;
  /** The update of each parameter w from its gradient g at step t = 1, 2, …; see `formula/ast.ts` for the language. */
  readonly rule: string;
}

/** An update rule: its definition, and what follows from its formula. */
export interface Optimizer<S extends HyperSet = HyperSet, L extends string = string> extends OptimizerDefinition<S, L> {
  readonly program: Program;
}

/** An optimizer that can be given its values: `adam({ lr: 0.01 })` is Adam with 0.01 for its default. */
export type TypedOptimizer<S extends HyperSet, L extends string = string> = Typed<Optimizer<S, L>, S, Optimizer<S, L>>;

/** The hyper-parameters of rules as an experiment names them: `Adam.lr`. */
export type RunSettingOf<O> = O extends Optimizer<infer S, infer L> ? `${L}.${keyof S & string}` : never;

const hyperKinds: readonly Hyper["kind"][] = ["real", "integer"];

/**
 * Makes an optimizer of its formula.
 * @throws FormulaError when the rule has no meaning, with line and column
 * @throws HyperError when a name is taken twice or a hyper-parameter is not a number
 */
export function defineOptimizer<S extends HyperSet, const L extends string>(
  definition: OptimizerDefinition<S, L>,
): TypedOptimizer<S, L> {
  const { name, hyper, slots, state = {}, averaged } = definition;
  const taken = new Set<string>(Object.values(given));
  for (const word of [...Object.keys(hyper), ...slots, ...Object.keys(state)]) {
    if (taken.has(word)) {
      throw new HyperError({
        en: `optimizer ${name}: every name must be used once, got ${word} twice. Rename one.`,
        ja: `optimizer ${name}: 名前 ${word} が2回使われています。どちらかを変えてください。`,
      });
    }
    taken.add(word);
  }
  for (const [word, { kind }] of Object.entries(hyper)) {
    if (!hyperKinds.includes(kind)) {
      throw new HyperError({
        en: `optimizer ${name}: hyper-parameters must be numbers, got ${word} of kind ${kind}.`,
        ja: `optimizer ${name}: ハイパーパラメータは数です(${word} が ${kind} でした)。`,
      });
    }
  }
  if (averaged !== undefined && !slots.includes(averaged)) {
    throw new HyperError({
      en: `optimizer ${name}: averaged must be a slot, got ${averaged}. The slots are ${slots.join(", ") || "none"}.`,
      ja: `optimizer ${name}: averaged は状態の名前でなければなりません(${averaged} でした)。状態は ${slots.join("、") || "ありません"}。`,
    });
  }
  const program = check(parse(definition.rule), { slots, hyper: Object.keys(hyper), state: Object.keys(state) });
  const optimizer: Optimizer<S, L> = { ...definition, program };
  return typed(optimizer, (values) => ({ ...optimizer, hyper: withDefaults(hyper, values) }));
}
