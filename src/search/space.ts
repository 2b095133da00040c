import { checkOptions, type OptionNames } from "../core/checks.ts";
import { HyperError } from "../core/errors.ts";
import { quoted, type Told } from "../core/text.ts";
import type { Distribution, ParameterValue, SearchSpace } from "../core/trial.ts";
import { highestOnStep, isOnStep } from "./decimal-step.ts";

/** The bounds of a real or an integer hyper-parameter, both included. */
export interface RangeOptions {
  readonly min: number;
  readonly max: number;
  /** `log` draws as many values between 1e-4 and 1e-3 as between 1e-3 and 1e-2; needs min > 0 and takes no step. */
  readonly scale?: "linear" | "log";
  /** Only min, min + step, … are drawn. */
  readonly step?: number;
}

const rangeNames: OptionNames<RangeOptions> = { min: true, max: true, scale: true, step: true };

const kinds = ["real", "int", "category"];

function refuse(name: string, what: Told, got: unknown, advice: Told): never {
  const shown = JSON.stringify(got) ?? String(got);
  throw new HyperError({
    en: `${name}: ${what.en}, got ${shown}. ${advice.en}`,
    ja: `${name}: ${what.ja}(指定された値: ${shown})。${advice.ja}`,
  });
}

/**
 * The distribution itself when it can be drawn from, its `high` lowered to the last value on the step.
 * @param name of the hyper-parameter, for the error
 * @throws HyperError on bounds that are not finite or in the wrong order, a step or a scale that does not fit, no choices
 */
export function checkDistribution(name: string, distribution: Distribution): Distribution {
  if (distribution === null || typeof distribution !== "object" || !kinds.includes(distribution.kind)) {
    return refuse(
      name,
      { en: `must be one of ${kinds.join(", ")}`, ja: `${kinds.join("、")} のいずれかにしてください` },
      distribution,
      { en: 'Write { kind: "real", low: 0, high: 1 }.', ja: '{ kind: "real", low: 0, high: 1 } のように書きます。' },
    );
  }
  return distribution.kind === "category" ? checkCategory(name, distribution) : checkRange(name, distribution);
}

function checkCategory(name: string, distribution: Extract<Distribution, { kind: "category" }>): Distribution {
  checkOptions(name, distribution, { kind: true, choices: true });
  const { choices } = distribution;
  if (!Array.isArray(choices) || choices.length === 0) {
    return refuse(name, { en: "must have at least one choice", ja: "選択肢が1つ以上必要です" }, choices, {
      en: "List the values it may take.",
      ja: "とりうる値を並べてください。",
    });
  }
  const before = new Set<unknown>();
  for (const choice of choices) {
    const plain = choice === null || ["string", "boolean"].includes(typeof choice) || Number.isFinite(choice);
    if (!plain) {
      refuse(
        name,
        {
          en: "choices must be numbers, strings, true, false or null",
          ja: "選択肢には数、文字列、true、false、null だけを使えます",
        },
        choice,
        { en: "Choose by a name instead.", ja: "代わりに名前で選んでください。" },
      );
    }
    if (before.has(choice)) {
      refuse(name, { en: "each choice may stand once", ja: "同じ選択肢が2回あります" }, choice, {
        en: "Leave one out.",
        ja: "片方を外してください。",
      });
    }
    before.add(choice);
  }
  return distribution;
}

function checkRange(name: string, distribution: Extract<Distribution, { kind: "real" | "int" }>): Distribution {
  checkOptions(name, distribution, { kind: true, low: true, high: true, scale: true, step: true });
  const { kind, low, high, scale = "linear", step } = distribution;
  const fits = kind === "int" ? Number.isSafeInteger : Number.isFinite;
  const noun = kind === "int" ? { en: "whole numbers", ja: "整数" } : { en: "finite numbers", ja: "有限の数" };
  if (!fits(low) || !fits(high)) {
    return refuse(
      name,
      { en: `min and max must be ${noun.en}`, ja: `min と max には${noun.ja}を指定してください` },
      `${low}, ${high}`,
      { en: "Give both bounds.", ja: "両方とも必要です。" },
    );
  }
  if (low > high) {
    return refuse(name, { en: "min must be ≤ max", ja: "min は max 以下にしてください" }, `${low}, ${high}`, {
      en: "Swap them.",
      ja: "入れ替えてください。",
    });
  }
  if (!Number.isFinite(high - low)) {
    return refuse(
      name,
      { en: "max − min must be a finite number", ja: "max − min が有限の数になりません" },
      `${low}, ${high}`,
      { en: "Narrow the range, or use a log scale.", ja: "範囲を狭めるか、log スケールを使ってください。" },
    );
  }
  if (!["linear", "log"].includes(scale)) {
    return refuse(name, { en: "scale must be linear or log", ja: "scale は linear か log にしてください" }, scale, {
      en: "Leave it out for linear.",
      ja: "省くと linear になります。",
    });
  }
  if (step !== undefined && !(fits(step) && step > 0)) {
    return refuse(
      name,
      {
        en: `step must be ${kind === "int" ? "a whole number" : "a number"} > 0`,
        ja: `step には0より大きい${kind === "int" ? "整数" : "数"}を指定してください`,
      },
      step,
      { en: "Leave it out.", ja: "省くこともできます。" },
    );
  }
  if (scale === "log") {
    if (low <= 0) {
      return refuse(
        name,
        { en: "a log scale needs min > 0", ja: "log スケールでは min を0より大きくしてください" },
        low,
        { en: "Raise min or use the linear scale.", ja: "min を上げるか、linear スケールを使ってください。" },
      );
    }
    if (step !== undefined && !(kind === "int" && step === 1)) {
      return refuse(name, { en: "a log scale takes no step", ja: "log スケールでは step を使えません" }, step, {
        en: "Leave the step or the scale out.",
        ja: "step か scale を外してください。",
      });
    }
  }
  return step === undefined ? distribution : { ...distribution, high: highestOnStep(low, high, step) };
}

/** A real hyper-parameter's distribution. @throws HyperError */
export function realDistribution(name: string, options: RangeOptions): Distribution {
  checkOptions(name, options, rangeNames);
  const { min, max, scale, step } = options;
  return checkDistribution(name, { kind: "real", low: min, high: max, ...optional(scale, step) });
}

/** A whole-number hyper-parameter's distribution. @throws HyperError */
export function intDistribution(name: string, options: RangeOptions): Distribution {
  checkOptions(name, options, rangeNames);
  const { min, max, scale, step } = options;
  return checkDistribution(name, { kind: "int", low: min, high: max, ...optional(scale, step) });
}

/** The distribution of one of a few values. @throws HyperError */
export function categoryDistribution(name: string, choices: readonly ParameterValue[]): Distribution {
  return checkDistribution(name, { kind: "category", choices });
}

function optional(scale: RangeOptions["scale"], step: number | undefined) {
  return { ...(scale === undefined || scale === "linear" ? {} : { scale }), ...(step === undefined ? {} : { step }) };
}

/** The space itself when every distribution can be drawn from. @throws HyperError naming the hyper-parameter */
export function checkSpace(space: SearchSpace): SearchSpace {
  const checked = Object.entries(space).map(([name, distribution]) => [name, checkDistribution(name, distribution)]);
  if (checked.length === 0) {
    throw new HyperError({
      en: "space: must name at least one hyper-parameter, got none. Name what to search.",
      ja: "space: 探索するハイパーパラメータがありません。1つ以上指定してください。",
    });
  }
  return Object.fromEntries(checked);
}

/** Whether only one value can be drawn. */
export function isSingle(distribution: Distribution): boolean {
  if (distribution.kind === "category") {
    return distribution.choices.length === 1;
  }
  const { kind, low, high, step } = distribution;
  const width = step ?? (kind === "int" ? 1 : undefined);
  return low === high || (width !== undefined && highestOnStep(low, high, width) === low);
}

/** Whether `value` can have been drawn from the distribution. */
export function contains(distribution: Distribution, value: ParameterValue): boolean {
  if (distribution.kind === "category") {
    return distribution.choices.includes(value);
  }
  const { kind, low, high, step } = distribution;
  return (
    typeof value === "number" &&
    value >= low &&
    value <= high &&
    (kind === "real" || Number.isSafeInteger(value)) &&
    (step === undefined || isOnStep(value, low, step))
  );
}

/** Whether two distributions draw the same values in the same way. */
export function sameDistribution(a: Distribution | undefined, b: Distribution | undefined): boolean {
  if (a === b || a === undefined || b === undefined) {
    return a === b;
  }
  if (a.kind === "category" || b.kind === "category") {
    return (
      a.kind === "category" &&
      b.kind === "category" &&
      a.choices.length === b.choices.length &&
      a.choices.every((choice, i) => choice === b.choices[i])
    );
  }
  const unit = (d: typeof a) => d.step ?? (d.kind === "int" ? 1 : undefined);
  return (
    a.kind === b.kind &&
    a.low === b.low &&
    a.high === b.high &&
    (a.scale ?? "linear") === (b.scale ?? "linear") &&
    unit(a) === unit(b)
  );
}

/** Choices that are named; of more, so many and their number. */
const namedChoices = 20;

/** A distribution in words: `real [0.00001, 0.1] log`. */
export function describeDistribution(distribution: Distribution): string {
  if (distribution.kind === "category") {
    const { choices } = distribution;
    const named = choices.slice(0, namedChoices).map(quoted);
    return `category {${[...named, ...(choices.length > namedChoices ? [`… ${choices.length} in all`] : [])].join(", ")}}`;
  }
  const { kind, low, high, scale, step } = distribution;
  return `${kind} [${low}, ${high}]${scale === "log" ? " log" : ""}${step === undefined ? "" : ` step ${step}`}`;
}
