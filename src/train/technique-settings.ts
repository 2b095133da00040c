import { HyperError } from "../core/errors.ts";
import { choice, eachOnce, fraction, type HyperSet, integer, real, text, type ValuesOf } from "../core/hyper.ts";
import type { ParameterGroup } from "../optim/parameter-groups.ts";
import type { Techniques } from "./techniques.ts";

/**
 * The techniques of training as settings: one value each, at its default where the technique is off. Flags, settings
 * files, the sandbox's controls, search ranges and docs are made from this; {@link techniquesOf} is what training takes.
 */
export const techniqueSettings = {
  clipNorm: real({
    default: 0,
    min: 0,
    about: {
      en: "largest norm of all gradients together; 0: any",
      ja: "全勾配をまとめたノルムの上限(0 は制限なし)",
    },
  }),
  clipValue: real({
    default: 0,
    min: 0,
    about: { en: "largest size of each gradient's elements; 0: any", ja: "勾配の各要素の大きさの上限(0 は制限なし)" },
  }),
  accumulate: integer({
    default: 1,
    min: 1,
    max: 1_000_000,
    about: {
      en: "minibatches whose rows' mean gradient makes one update",
      ja: "1回の更新で勾配を(全行で)平均するミニバッチの数",
    },
  }),
  emaDecay: fraction(0, {
    en: "share that the moving average of the weights keeps at each update; 0: none is kept",
    ja: "重みの移動平均が更新ごとに残す割合(0 は平均しない)",
  }),
  swaFrom: integer({
    default: 0,
    min: 0,
    about: {
      en: "first update whose weights go into the plain mean to be judged by; 0: none is kept",
      ja: "評価に使う単純平均に重みを加え始める更新(0 は平均しない)",
    },
  }),
  swaEvery: integer({
    default: 1,
    min: 1,
    about: { en: "updates between two weights of that mean", ja: "その平均に重みを加える間隔(更新回数)" },
  }),
  lookahead: integer({
    default: 0,
    min: 0,
    about: {
      en: "updates between two steps of Lookahead's slow weights; 0: without",
      ja: "Lookahead の遅い重みを動かす間隔(更新回数。0 は使わない)",
    },
  }),
  lookaheadAlpha: real({
    default: 0.5,
    above: 0,
    max: 1,
    about: { en: "share of the way that the slow weights go", ja: "遅い重みが進む割合" },
  }),
  maxNorm: real({
    default: 0,
    min: 0,
    about: {
      en: "largest norm of the weights that come into a unit; 0: any",
      ja: "1つのユニットに入る重みのノルムの上限(0 は制限なし)",
    },
  }),
  l1: real({ default: 0, min: 0, about: { en: "λ of λ·Σ|W| in the loss", ja: "損失に加える L1(λ·Σ|W|)の係数" } }),
  decayOf: choice({
    options: ["weights", "all"],
    default: "weights",
    about: {
      en: "what the rule's own weightDecay reaches: weights, or biases, γ and β too",
      ja: "更新則の weightDecay の対象(weights は重みだけ、all はバイアス・γ・β も)",
    },
  }),
  groups: text({
    default: "",
    range: {
      en: "parameters with values of their own, such as 'affine1.* lr=0.001; *.b lrFactor=2'",
      ja: "'affine1.* lr=0.001; *.b lrFactor=2' のような、独自の値をもつパラメータ",
    },
    validate: parseGroups,
    about: {
      en: "parameters with values of their own: 'affine1.* lr=0.001; *.b lrFactor=2'",
      ja: "独自の値をもつパラメータ。例: 'affine1.* lr=0.001; *.b lrFactor=2'",
    },
  }),
} satisfies HyperSet;

export type TechniqueValues = ValuesOf<typeof techniqueSettings>;

/**
 * What training takes of the settings; what is off is left out, so that nothing is reckoned for it.
 * @throws HyperError where two means of the weights are asked for, or groups cannot be read
 */
export function techniquesOf(values: Partial<TechniqueValues>): Techniques {
  const { clipNorm = 0, clipValue = 0, accumulate = 1, emaDecay = 0, swaFrom = 0, swaEvery = 1 } = values;
  const { lookahead = 0, lookaheadAlpha = 0.5, maxNorm = 0, l1 = 0, decayOf = "weights", groups = "" } = values;
  if (emaDecay > 0 && swaFrom > 0) {
    throw new HyperError({
      en: `average: the weights have one mean, got emaDecay ${emaDecay} and swaFrom ${swaFrom}. Leave one at 0.`,
      ja: `average: 重みの平均は1種類だけです(emaDecay ${emaDecay} と swaFrom ${swaFrom} がありました)。どちらかを 0 にしてください。`,
    });
  }
  return {
    ...(l1 > 0 ? { l1 } : {}),
    ...(groups.trim() === "" ? {} : { groups: parseGroups(groups) }),
    ...(decayOf === "weights" ? {} : { decayOf }),
    ...(clipNorm > 0 || clipValue > 0
      ? { clip: { ...(clipValue > 0 ? { value: clipValue } : {}), ...(clipNorm > 0 ? { norm: clipNorm } : {}) } }
      : {}),
    ...(accumulate > 1 ? { accumulate } : {}),
    ...(emaDecay > 0 ? { average: { kind: "ema", decay: emaDecay } as const } : {}),
    ...(swaFrom > 0 ? { average: { kind: "swa", from: swaFrom, every: swaEvery } as const } : {}),
    ...(lookahead > 0 ? { lookahead: { every: lookahead, alpha: lookaheadAlpha } } : {}),
    ...(maxNorm > 0 ? { maxNorm } : {}),
  };
}

/** `affine1.*,affine2.* lr=0.001; *.b lrFactor=2` as groups. @throws HyperError */
export function parseGroups(given: string): ParameterGroup[] {
  return given
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const [names, ...values] = part.split(/\s+/);
      const pairs = values.map((pair) => {
        const [, name, number] = /^(\w+)=(\S+)$/.exec(pair) ?? [];
        const value = number === undefined ? Number.NaN : Number(number);
        if (!Number.isFinite(value)) {
          throw new HyperError({
            en: `groups: each must be names and values such as "affine1.* lr=0.001", got "${pair}" in "${part}". Write name=number.`,
            ja: `groups: "affine1.* lr=0.001" のように名前と値を書いてください("${part}" の "${pair}")。`,
          });
        }
        return [name, value] as const;
      });
      if (pairs.length === 0) {
        throw new HyperError({
          en: `groups: "${part}" must say a value, got none. Write one such as "${names} lrFactor=0.1".`,
          ja: `groups: "${part}" に値がありません。"${names} lrFactor=0.1" のように書いてください。`,
        });
      }
      const { lrFactor, ...hyper } = eachOnce(`groups: ${names}`, pairs);
      return {
        parameters: names.split(","),
        ...(Object.keys(hyper).length === 0 ? {} : { hyper }),
        ...(lrFactor === undefined ? {} : { lrFactor }),
      };
    });
}
