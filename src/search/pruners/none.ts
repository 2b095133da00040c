import { definePruner } from "../pruner.ts";

export const none = definePruner({
  name: "none",
  label: "None",
  about: { en: "Lets every trial run to its end.", ja: "どの試行も最後まで実行します。" },
  hyper: {},
  open: () => ({ name: "none", judge: () => ({ prune: false }) }),
});
