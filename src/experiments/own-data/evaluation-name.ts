import type { Text } from "../../core/text.ts";

/** Of what an evaluation holds, by the name that `evaluation.json` has for it. */
const names: Readonly<Record<string, Text>> = {
  rows: { en: "rows", ja: "行数" },
  loss: { en: "loss", ja: "損失" },
  accuracy: { en: "accuracy", ja: "正解率" },
  top3: { en: "top-3 accuracy", ja: "上位3クラスの正解率" },
  exact: { en: "exact match", ja: "完全一致率" },
  precision: { en: "precision", ja: "適合率" },
  recall: { en: "recall", ja: "再現率" },
  f1: "F1",
  auc: "AUC",
  calibrationError: { en: "calibration error", ja: "較正誤差" },
  rmse: "RMSE",
  mae: "MAE",
  r2: { en: "R²", ja: "決定係数 R²" },
};

/** What people call a figure of an evaluation; one that nobody has named is called as in the file. */
export function evaluationName(figure: string): Text {
  return Object.hasOwn(names, figure) ? names[figure] : figure;
}
