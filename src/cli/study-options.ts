import { HyperError, suggest, suggestName } from "../core/errors.ts";
import { type HyperSet, type HyperValue, resolve } from "../core/hyper.ts";
import type { Choice } from "../search/choice.ts";
import { prunerNamed, samplerNamed } from "../search/registry.ts";

/** `tpe`, `tpe:multivariate=true:candidates=32`. @throws HyperError on an unknown name, setting or value */
export function samplerChoice(text: string): Choice {
  return choiceOf("--sampler", text, samplerNamed);
}

/** `median`, `successive-halving:reductionFactor=3`. @throws HyperError on an unknown name, setting or value */
export function prunerChoice(text: string): Choice {
  return choiceOf("--pruner", text, prunerNamed);
}

function choiceOf(
  option: string,
  text: string,
  named: (name: string) => { readonly name: string; readonly hyper: HyperSet },
): Choice {
  const [word, ...parts] = text.split(":");
  const { name, hyper } = named(word.trim());
  const given: Record<string, HyperValue> = {};
  for (const part of parts) {
    const at = part.indexOf("=");
    const setting = part.slice(0, Math.max(0, at)).trim();
    if (at < 1) {
      throw new HyperError({
        en: `${option}: must be ${name}:setting=value, got "${text}". Settings of ${name}: ${Object.keys(hyper).join(", ") || "none"}.`,
        ja: `${option}: ${name}:setting=value の形で指定してください(指定された値: "${text}")。${name} の設定: ${Object.keys(hyper).join("、") || "なし"}。`,
      });
    }
    if (!Object.hasOwn(hyper, setting)) {
      throw new HyperError({
        en: `${option}: ${name} must have the setting, got "${setting}". ${Object.keys(hyper).length === 0 ? "It has none." : suggest(setting, Object.keys(hyper))}`,
        ja: `${option}: ${name} に "${setting}" という設定はありません。${Object.keys(hyper).length === 0 ? "設定は1つもありません。" : suggestName(setting, Object.keys(hyper)).ja}`,
      });
    }
    given[setting] = hyper[setting].parse(part.slice(at + 1), `${option} ${setting}`);
  }
  resolve(hyper, given);
  return Object.keys(given).length === 0 ? { name } : { name, settings: given };
}
