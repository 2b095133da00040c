import { fraction, real } from "../core/hyper.ts";
import type { Text } from "../core/text.ts";

const size = (about: Text) => (value: number) => real({ default: value, min: 0, scale: "log", about });
const share = (about: Text) => (value: number) => fraction(value, about);

/** The hyper-parameters that many rules have, each with its default: the same name means the same everywhere. */
export const usual = {
  lr: size({ en: "learning rate", ja: "学習率" }),
  momentum: share({ en: "share of the velocity that is kept each step", ja: "1ステップごとに残す速度の割合" }),
  decay: share({
    en: "share of the mean square that is kept each step",
    ja: "1ステップごとに残す二乗平均の割合",
  }),
  beta1: share({
    en: "share of the mean gradient that is kept each step",
    ja: "1ステップごとに残す勾配平均の割合",
  }),
  beta2: share({
    en: "share of the mean square that is kept each step",
    ja: "1ステップごとに残す二乗平均の割合",
  }),
  eps: size({ en: "keeps the divisor from 0", ja: "0で割らないための小さな値" }),
  /** Of a rule that takes it from the weights themselves; biases and normalizations are spared, see `parameter-groups.ts`. */
  weightDecay: size({
    en: "share of the weights lost a step, times lr; not of biases, γ and β",
    ja: "1ステップで失う重みの割合(lr 倍される)。バイアス、γ、β には働かない",
  }),
  /** Of a rule that adds it to the gradient, as L2 does. */
  l2: size({
    en: "λ of λ·w added to the gradient; not of biases, γ and β",
    ja: "勾配に加える λ·w の λ。バイアス、γ、β には働かない",
  }),
} as const;
