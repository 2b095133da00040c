import { HyperError } from "../../core/errors.ts";
import { eachOnce, numberOf } from "../../core/hyper.ts";
import type { Distribution, ParameterValue, SearchSpace } from "../../core/trial.ts";
import { checkDistribution } from "../space.ts";

const form = "name=low..high[:log][:step=s] or name=a,b,c";
const formJa = "name=low..high[:log][:step=s] または name=a,b,c";

/** What is known of a hyper-parameter beside what was typed. */
export interface SpaceHint {
  /** Whether a range holds whole numbers; guessed from the bounds when absent. */
  readonly whole?: boolean;
  /** Whether numbers may stand beside names in a list; they are words there when absent. */
  readonly mixed?: boolean;
}

/**
 * A hyper-parameter's distribution as a person types it: `lr=1e-5..1e-1:log`, `hidden=16..256`, `dropRatio=0..0.5:step=0.1`,
 * `optimizer=sgd,adam`. A range whose bounds and step are whole numbers without a point holds whole numbers unless `hint`
 * says otherwise.
 * @throws HyperError that says what is wrong and how it is written
 */
export function parseSpace(
  text: string,
  hint: (name: string) => SpaceHint = () => ({}),
): [name: string, distribution: Distribution] {
  const at = text.indexOf("=");
  const name = text.slice(0, Math.max(0, at)).trim();
  const body = text.slice(at + 1).trim();
  if (at < 1 || name === "" || body === "") {
    throw new HyperError({
      en: `--space: must be ${form}, got "${text}". For example lr=1e-5..1e-1:log.`,
      ja: `--space: ${formJa} の形で指定してください(指定された値: "${text}")。例: lr=1e-5..1e-1:log`,
    });
  }
  return [
    name,
    checkDistribution(name, body.includes("..") ? range(name, body, hint(name)) : choices(name, body, hint(name))),
  ];
}

/** A space as a person types it, each name once. @throws HyperError as `parseSpace`, and on a name that comes twice */
export function spaceOf(texts: readonly string[], hint?: (name: string) => SpaceHint): SearchSpace {
  return eachOnce(
    "--space",
    texts.map((text) => parseSpace(text, hint)),
  );
}

function range(name: string, body: string, { whole }: SpaceHint): Distribution {
  const [bounds, ...options] = body.split(":").map((part) => part.trim());
  const ends = bounds.split("..");
  const [low, high] = ends.map((end) => numberIn(name, end, body));
  if (ends.length !== 2) {
    throw new HyperError({
      en: `--space ${name}: must be ${form}, got "${body}". Give one low and one high bound.`,
      ja: `--space ${name}: ${formJa} の形で指定してください(指定された値: "${body}")。下限と上限を1つずつ書きます。`,
    });
  }
  let scale: "log" | undefined;
  let step: number | undefined;
  for (const option of options) {
    if (option === "log") {
      scale = "log";
    } else if (option.startsWith("step=")) {
      step = numberIn(name, option.slice("step=".length), body);
    } else if (option !== "linear") {
      throw new HyperError({
        en: `--space ${name}: options must be log, linear or step=s, got "${option}". Take one of them.`,
        ja: `--space ${name}: オプションは log、linear、step=s のいずれかです(指定された値: "${option}")。`,
      });
    }
  }
  const typed = [...ends, ...(step === undefined ? [] : [String(step)])];
  const kind = (whole ?? typed.every((end) => /^\s*[+-]?\d+\s*$/.test(end))) ? "int" : "real";
  return { kind, low, high, ...(scale === undefined ? {} : { scale }), ...(step === undefined ? {} : { step }) };
}

function numberIn(name: string, text: string, body: string): number {
  const value = numberOf(text);
  if (!Number.isFinite(value)) {
    throw new HyperError({
      en: `--space ${name}: bounds must be numbers, got "${text}" in "${body}". Write ${form}.`,
      ja: `--space ${name}: 範囲は数で指定してください("${body}" の "${text}" は数ではありません)。書き方: ${formJa}。`,
    });
  }
  return value;
}

/** Numbers where all are numbers, true and false, else words, numbers among them where the hint allows it. */
function choices(name: string, body: string, { mixed = false }: SpaceHint): Distribution {
  const words = body.split(",").map((word) => word.trim());
  if (words.includes("")) {
    throw new HyperError({
      en: `--space ${name}: choices must not be empty, got "${body}". Write ${form}.`,
      ja: `--space ${name}: 空の選択肢があります(指定された値: "${body}")。書き方: ${formJa}。`,
    });
  }
  const numbers = words.map(Number);
  const values: ParameterValue[] = numbers.every(Number.isFinite)
    ? numbers
    : words.every((word) => word === "true" || word === "false")
      ? words.map((word) => word === "true")
      : words.map((word, i) => (mixed && Number.isFinite(numbers[i]) ? numbers[i] : word));
  return { kind: "category", choices: values };
}
