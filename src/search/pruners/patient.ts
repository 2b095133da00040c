import { HyperError } from "../../core/errors.ts";
import { choice, integer, real, resolve } from "../../core/hyper.ts";
import { bestReported } from "../intermediate.ts";
import { definePruner, type Pruner } from "../pruner.ts";
import { hyperband } from "./hyperband.ts";
import { median } from "./median.ts";
import { percentile } from "./percentile.ts";
import { successiveHalving } from "./successive-halving.ts";

const wrapped: Record<string, () => Pruner> = {
  median: () => median.open(),
  percentile: () => percentile.open(),
  "successive-halving": () => successiveHalving.open(),
  hyperband: () => hyperband.open(),
};

const hyper = {
  patience: integer({
    default: 3,
    min: 0,
    max: 1e9,
    about: { en: "reports without progress that are forgiven", ja: "改善がなくても見逃す報告の回数" },
  }),
  minDelta: real({
    default: 0,
    min: 0,
    about: { en: "what counts as progress, at least", ja: "改善とみなす最小の変化量" },
  }),
  pruner: choice({
    options: ["none", "median", "percentile", "successive-halving", "hyperband"],
    default: "none",
    about: {
      en: "who decides once patience is at an end; none ends the trial at once",
      ja: "忍耐が尽きたあとの判定役。none ならすぐに打ち切る",
    },
  }),
};

/** Asks another pruner only when a trial has made no progress for a while. @throws HyperError */
export function patiently(inner: Pruner | undefined, settings: { patience: number; minDelta?: number }): Pruner {
  const { patience, minDelta = 0 } = settings;
  if (!Number.isSafeInteger(patience) || patience < 0) {
    throw new HyperError({
      en: `patient: patience must be a whole number ≥ 0, got ${patience}. Count reports.`,
      ja: `patient: patience には0以上の整数を指定してください(指定された値: ${patience})。報告の回数です。`,
    });
  }
  return {
    name: "patient",
    peers: inner?.peers?.bind(inner),
    judge: (view) => {
      const { trial, direction } = view;
      const all = trial.intermediate;
      // Not a number as long as there is nothing before: no trial is stuck then.
      const before = bestReported(all.slice(0, -patience - 1), direction);
      const after = bestReported(all.slice(-patience - 1), direction);
      const stuck = direction === "minimize" ? before + minDelta < after : before - minDelta > after;
      return stuck ? (inner?.judge(view) ?? { prune: true }) : { prune: false };
    },
  };
}

export const patient = definePruner({
  name: "patient",
  label: "Patient",
  about: {
    en: "Leaves a trial alone while it makes progress, then lets another pruner decide.",
    ja: "改善が続く間は見守り、止まってから別の枝刈りに判定を任せます。",
  },
  hyper,
  open: (values = {}) => {
    const { pruner, ...settings } = resolve(hyper, values);
    return patiently(wrapped[pruner]?.(), settings);
  },
});
