import type { Optimizer } from "../../optim/optimizer.ts";
import { optimizerNamed } from "../../optim/registry.ts";
import type { Settings } from "../../runs/experiment.ts";
import { customRuleOf } from "../custom-rule.ts";
import { settingsOfRun } from "../per-run.ts";
import { SandboxSettingError, typedRule, valuesOf } from "./settings.ts";

/** The optimizer that the settings name, and its hyper-parameters. @throws HyperError, FormulaError */
export function optimizerOf(settings: Settings): { optimizer: Optimizer; hyper: Record<string, number> } {
  const label = String(settings.optimizer);
  if (label !== typedRule) {
    return { optimizer: optimizerNamed(label), hyper: settingsOfRun(settings, label) };
  }
  const custom = customRuleOf(settings);
  if (custom === null) {
    throw new SandboxSettingError({
      en: "rule: must be an update rule for optimizer custom, got nothing. Type one, such as w = w - lr * g.",
      ja: "更新則 custom を使うには、規則を書いてください(例: w = w - lr * g)。",
    });
  }
  return { optimizer: custom.optimizer, hyper: custom.task.hyper };
}

/** @throws HyperError where the rate is to change and the rule has none */
export function checkRate(settings: Settings, { optimizer, hyper }: ReturnType<typeof optimizerOf>): void {
  const { schedule } = valuesOf(settings);
  if (schedule !== "constant" && hyper.lr === undefined) {
    throw new SandboxSettingError({
      en: `schedule: ${schedule} changes lr, got a rule without lr (${optimizer.name}). Name lr in the rule, or choose constant.`,
      ja: `スケジュール ${schedule} は lr を変えますが、更新則(${optimizer.name})に lr がありません。規則で lr を使うか、constant を選んでください。`,
    });
  }
}
