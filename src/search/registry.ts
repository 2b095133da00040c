import { named } from "../core/checks.ts";
import type { PrunerKind } from "./pruner.ts";
import { pruners } from "./pruners/index.generated.ts";
import type { SamplerKind } from "./sampler.ts";
import { samplers } from "./samplers/index.generated.ts";

export { pruners, samplers };

/** The sampler of that name, whatever its case. @throws HyperError that suggests the nearest */
export function samplerNamed(name: string): SamplerKind {
  return named("sampler", "サンプラー", samplers, name);
}

/** The pruner of that name, whatever its case. @throws HyperError that suggests the nearest */
export function prunerNamed(name: string): PrunerKind {
  return named("pruner", "枝刈りの方法", pruners, name);
}
