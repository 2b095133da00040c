import { HyperError, suggest, suggestName } from "../core/errors.ts";
import type { PrunerKind } from "./pruner.ts";
import { pruners } from "./pruners/index.generated.ts";
import type { SamplerKind } from "./sampler.ts";
import { samplers } from "./samplers/index.generated.ts";

export { pruners, samplers };

function named<T extends { readonly name: string; readonly label: string }>(
  what: string,
  known: readonly T[],
  name: string,
): T {
  const wanted = name.toLowerCase();
  const found = known.find((kind) => kind.name === wanted || kind.label.toLowerCase() === wanted);
  if (found === undefined) {
    const names = known.map((kind) => kind.name);
    throw new HyperError({
      en: `${what}: must be a known name, got "${name}". ${suggest(name, names)}`,
      ja: `${what}: "${name}" という名前のものはありません。${suggestName(name, names).ja}`,
    });
  }
  return found;
}

/** The sampler of that name, whatever its case. @throws HyperError that suggests the nearest */
export function samplerNamed(name: string): SamplerKind {
  return named("sampler", samplers, name);
}

/** The pruner of that name, whatever its case. @throws HyperError that suggests the nearest */
export function prunerNamed(name: string): PrunerKind {
  return named("pruner", pruners, name);
}
