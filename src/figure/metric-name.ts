import type { Text } from "../core/text.ts";

/** Of what series record and evaluations measure, by the name that files and options have for it. */
const names: Readonly<Record<string, Text>> = {
  loss: { en: "loss", ja: "損失" },
  trainLoss: { en: "training loss", ja: "訓練データの損失" },
  testLoss: { en: "test loss", ja: "テストデータの損失" },
  valLoss: { en: "validation loss", ja: "検証損失" },
  accuracy: { en: "accuracy", ja: "正解率" },
  trainAccuracy: { en: "training accuracy", ja: "訓練データの精度" },
  testAccuracy: { en: "test accuracy", ja: "テストデータの精度" },
  valAccuracy: { en: "validation accuracy", ja: "検証精度" },
  top3: { en: "top-3 accuracy", ja: "上位3クラスの正解率" },
  exact: { en: "exact match", ja: "完全一致率" },
  precision: { en: "precision", ja: "適合率" },
  recall: { en: "recall", ja: "再現率" },
  f1: "F1",
  valF1: { en: "validation F1", ja: "検証 F1" },
  auc: "AUC",
  calibrationError: { en: "calibration error", ja: "較正誤差" },
  rmse: "RMSE",
  valRmse: { en: "validation RMSE", ja: "検証 RMSE" },
  mae: "MAE",
  r2: { en: "R²", ja: "決定係数 R²" },
  valR2: { en: "validation R²", ja: "検証 R²" },
  rows: { en: "rows", ja: "行数" },
};

/** What people call a metric; one that nobody has named is called as it is recorded. */
export function metricName(metric: string): Text {
  return Object.hasOwn(names, metric) ? names[metric] : metric;
}
