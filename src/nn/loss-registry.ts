import { type Loss, lossAmong } from "./loss.ts";
import { losses } from "./losses/index.generated.ts";

export { losses };

/** The loss of that name, whatever its case, with its settings. @throws HyperError that suggests the nearest */
export function lossNamed(name: string, values: Readonly<Record<string, number>> = {}): Loss {
  return lossAmong(losses, name, values);
}
