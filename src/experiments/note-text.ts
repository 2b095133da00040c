import type { RunNote } from "../core/record.ts";
import { inLanguage, type Text } from "../core/text.ts";

const curveNames: Readonly<Record<string, { readonly en: string; readonly ja: string }>> = {
  loss: { en: "loss", ja: "損失" },
  trainAccuracy: { en: "training accuracy", ja: "訓練データの精度" },
  testAccuracy: { en: "test accuracy", ja: "テストデータの精度" },
  valAccuracy: { en: "validation accuracy", ja: "検証データの精度" },
};

/** What happened, for a reader; undefined for notes that are for programs only. */
export function noteText({ kind, run, step, layer, message, tags, text, metric }: RunNote): Text | undefined {
  const told = Object.entries(tags).map(
    ([key, value]) => `${key}=${typeof value === "number" ? Number(value.toPrecision(3)) : value}`,
  );
  const name = told.length === 0 ? run : `${run} (${told.join(", ")})`;
  // A page says why a task failed in both languages, a thread of Node in English only.
  const said = (text as Text | undefined) ?? message ?? "";
  switch (kind) {
    case "diverged":
      return {
        en: `${name}: every activation must be finite, got NaN or Infinity in ${layer} at step ${step}. Lower lr or the initial weights.`,
        ja: `${name}: ステップ ${step} で ${layer} の出力が有限の値でなくなりました(NaN または Infinity)。lr か重みの初期値を小さくしてください。`,
      };
    case "failed":
      return {
        en: `${name}: failed. ${inLanguage(said, "en")}`.trim(),
        ja: `${name}: 失敗しました。${inLanguage(said, "ja")}`,
      };
    case "horizon": {
      const curve = curveNames[String(metric)] ?? { en: String(metric), ja: String(metric) };
      return {
        en: `${name}, ${curve.en}: horizon at iteration ${step}. From there on one unit in the last place of the initial weights shows: two computers would disagree.`,
        ja: `${name} の${curve.ja}: 更新 ${step} 回目が再現限界です。ここから先は初期値の最下位の1単位の違いが現れ、コンピュータによって値が変わります。`,
      };
    }
    case "continued":
      return {
        en: `The network went on from iteration ${step} with changed data: these settings alone do not give the same numbers.`,
        ja: `データを変えたあと、更新 ${step} 回目のネットワークから学習を続けました。設定だけからは同じ値になりません。`,
      };
    case "interrupted":
      return {
        en: `The run was interrupted here. ${inLanguage(said, "en")}`.trim(),
        ja: `ここで実行が中断されました。${inLanguage(said, "ja")}`,
      };
    case "damaged":
      return said;
    default:
      return message;
  }
}
