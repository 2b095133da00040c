import { named } from "../core/checks.ts";
import type { AnyLossKind, Loss } from "./loss.ts";
import { losses } from "./losses/index.generated.ts";

export { losses };

/** The loss of that name, whatever its case, with its settings. @throws HyperError that suggests the nearest, or on a value out of range */
export function lossNamed(name: string, values: Readonly<Record<string, number>> = {}): Loss {
  const kind: AnyLossKind = named("loss", "損失", losses, name);
  return kind(values as Readonly<Record<string, never>>);
}
