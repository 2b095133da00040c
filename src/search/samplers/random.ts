import { drawUniform } from "../draw.ts";
import { defineSampler } from "../sampler.ts";

export const random = defineSampler({
  name: "random",
  label: "Random",
  about: {
    en: "Draws every value uniformly from its range, whatever came before: the yardstick of all searches.",
    ja: "これまでの結果によらず、範囲から一様に引きます。どの探索もまずこれと比べます。",
  },
  hyper: {},
  open: () => ({
    name: "random",
    learns: false,
    begin: ({ startup }) => ({ suggest: (_name, distribution) => drawUniform(distribution, startup) }),
  }),
});
