import { defineSchedule } from "../schedule.ts";

export const constant = defineSchedule({
  name: "constant",
  about: { en: "The same rate from first to last.", ja: "最初から最後まで同じ学習率を使います。" },
  tex: "\\eta_t = \\eta_0",
  hyper: {},
  open: (_, { lr }) => ({ rate: () => lr }),
});
