import { text } from "../core/hyper.ts";
import type { RunRecord } from "../core/record.ts";
import { plainText } from "../formula/plain-text.ts";
import { optimizerOfRule, usualHyper } from "../optim/from-text.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import { optimizerNamed } from "../optim/registry.ts";
import type { FormulaNote, Settings } from "../runs/experiment.ts";
import { customStyle, optimizersInOrder } from "./optimizers-in-order.ts";
import { perRun, rulesOf, settingsOfRun } from "./per-run.ts";

/** The run whose update rule a person typed. */
export const customRun = "custom";

/** A task's update rule: one that is known by name, or one that was typed. */
export interface RuleOfTask {
  readonly optimizer: string;
  /** Present when the rule was typed. */
  readonly rule?: string;
  readonly hyper: Readonly<Record<string, number>>;
}

/** The setting `rule`, and the hyper-parameters that a typed rule may name: `custom.lr`, `custom.momentum` … */
export function customRuleSettings(defaults: Readonly<Record<string, number>> = {}) {
  return {
    rule: text({
      default: "",
      range: {
        en: "an update rule such as v = momentum * v - lr * g; w = w + v, or nothing",
        ja: "v = momentum * v - lr * g; w = w + v のような更新則(空でもよい)",
      },
      validate: (rule) => {
        if (rule.trim() !== "") {
          optimizerOfRule(customRun, rule);
        }
      },
      plain: plainText,
      about: {
        en: "an update rule of your own, run as custom; a line or ; ends a statement",
        ja: "自分で書く更新則(custom として実行)。文は改行か ; で区切る",
      },
    }),
    ...perRun<`${typeof customRun}.${keyof typeof usualHyper}`>([{ label: customRun, hyper: usualHyper }], {
      [customRun]: defaults,
    }),
  };
}

/** The typed rule as an optimizer, with its hyper-parameters' values; null when the settings hold none. */
export function customRuleOf(settings: Settings): { optimizer: Optimizer; task: RuleOfTask } | null {
  const rule = String(settings.rule ?? "");
  if (rule.trim() === "") {
    return null;
  }
  const optimizer = optimizerOfRule(customRun, rule);
  const values = settingsOfRun(settings, customRun);
  const hyper = Object.fromEntries(Object.keys(optimizer.hyper).map((name) => [name, values[name]]));
  return { optimizer, task: { optimizer: customRun, rule, hyper } };
}

/** @throws FormulaError, HyperError */
export function optimizerOfTask({ optimizer, rule }: Pick<RuleOfTask, "optimizer" | "rule">): Optimizer {
  return rule === undefined ? optimizerNamed(optimizer) : optimizerOfRule(optimizer, rule);
}

/** The update rules of the runs in a record; the typed one last. */
export function rulesWithCustom(record: Pick<RunRecord, "series" | "settings">): FormulaNote[] {
  const custom = customRuleOf(record.settings);
  return rulesOf(record, custom === null ? optimizersInOrder : [...optimizersInOrder, custom.optimizer]);
}

/** An optimizer looks the same in every figure, the typed one too; runs by other names take the next styles. */
export function styleOfRun(run: string, position: number): number {
  const known = optimizersInOrder.findIndex(({ label }) => label === run);
  if (known >= 0) {
    return known < customStyle ? known : known + 1;
  }
  return run === customRun ? customStyle : position;
}
