import type { Text } from "../core/text.ts";

/** Of what series record, by the name that files and options have for it. */
const names: Readonly<Record<string, Text>> = {
  loss: { en: "loss", ja: "損失" },
  trainLoss: { en: "training loss", ja: "訓練データの損失" },
  testLoss: { en: "test loss", ja: "テストデータの損失" },
  valLoss: { en: "validation loss", ja: "検証損失" },
  trainAccuracy: { en: "training accuracy", ja: "訓練データの精度" },
  testAccuracy: { en: "test accuracy", ja: "テストデータの精度" },
  valAccuracy: { en: "validation accuracy", ja: "検証精度" },
  valF1: { en: "validation F1", ja: "検証 F1" },
  valRmse: { en: "validation RMSE", ja: "検証 RMSE" },
  valR2: { en: "validation R²", ja: "検証 R²" },
};

/** What people call a metric; one that nobody has named is called as it is recorded. */
export function metricName(metric: string): Text {
  return Object.hasOwn(names, metric) ? names[metric] : metric;
}
