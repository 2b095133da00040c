import { checkOptions } from "../core/checks.ts";
import type { HyperValue } from "../core/hyper.ts";
import type { Json } from "../store/studies/study-store.ts";
import type { Choice } from "./choice.ts";
import type { Pruner } from "./pruner.ts";
import { prunerNamed, samplerNamed } from "./registry.ts";
import type { Sampler, SamplerSetting } from "./sampler.ts";

type Described<T> = { readonly opened: T; readonly description: { readonly name: string; readonly settings: Json } };
type ByName = string | Choice;

function byName(given: ByName, where: string): { name: string; settings: Readonly<Record<string, HyperValue>> } {
  // A kind itself is a function, and given with its usual settings.
  if (typeof given !== "string" && typeof given !== "function") {
    checkOptions(where, given, { name: true, settings: true });
  }
  return typeof given === "string"
    ? { name: given, settings: {} }
    : { name: given.name, settings: given.settings ?? {} };
}

/** Opens a sampler by name; one of your own is taken as it is. @throws HyperError */
export function openSampler(given: ByName | Sampler, setting: SamplerSetting): Described<Sampler> {
  if (typeof given === "object" && "begin" in given) {
    return { opened: given, description: { name: given.name, settings: {} } };
  }
  const { name, settings } = byName(given, "sampler");
  const kind = samplerNamed(name);
  return { opened: kind.open(setting, settings), description: { name: kind.name, settings } };
}

/** Opens a pruner by name; one of your own is taken as it is. @throws HyperError */
export function openPruner(given: ByName | Pruner): Described<Pruner> {
  if (typeof given === "object" && "judge" in given) {
    return { opened: given, description: { name: given.name, settings: {} } };
  }
  const { name, settings } = byName(given, "pruner");
  const kind = prunerNamed(name);
  return { opened: kind.open(settings), description: { name: kind.name, settings } };
}
