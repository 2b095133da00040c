import { named } from "../core/checks.ts";
import type { Optimizer } from "./optimizer.ts";
import { optimizers } from "./rules/index.generated.ts";

export { optimizers };

/** The optimizer of that name, whatever its case. @throws HyperError that suggests the nearest */
export function optimizerNamed(name: string): Optimizer {
  return named("optimizer", "更新則", optimizers, name);
}
