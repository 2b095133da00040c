import { integer } from "../core/hyper.ts";

/** Settings that several pruners share. */
export const startupTrials = integer({
  default: 5,
  min: 0,
  max: 1e6,
  about: { en: "complete trials before any is pruned", ja: "枝刈りを始めるまでに完了しているべき試行の数" },
});

export const times = {
  warmupSteps: integer({
    default: 0,
    min: 0,
    max: 1e9,
    about: { en: "steps of a trial before it may be pruned", ja: "1つの試行で枝刈りの対象になるまでのステップ数" },
  }),
  intervalSteps: integer({
    default: 1,
    min: 1,
    max: 1e9,
    about: { en: "steps between two decisions", ja: "判定と判定の間のステップ数" },
  }),
};

export const minTrials = integer({
  default: 1,
  min: 1,
  max: 1e6,
  about: {
    en: "complete trials that must have reported the step",
    ja: "そのステップで値を報告しているべき完了試行の数",
  },
});

export const reductionFactor = (value: number) =>
  integer({
    default: value,
    min: 2,
    max: 1000,
    about: {
      en: "one of so many trials goes on at each rung; rungs lie so many times further apart",
      ja: "各段で何本に1本が先へ進むか。段の間隔もこの倍率で広がる",
    },
  });

export const bootstrapCount = integer({
  default: 0,
  min: 0,
  max: 1e6,
  about: {
    en: "trials that must have reached a rung before one goes on from it",
    ja: "その段から先へ進む試行を選ぶ前に到達しているべき試行の数",
  },
});
