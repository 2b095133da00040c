import type { RunNote } from "../core/note.ts";
import { inLanguage, type Text } from "../core/text.ts";
import { shortNumber } from "./lesson-numbers.ts";

const curveNames: Readonly<Record<string, { readonly en: string; readonly ja: string }>> = {
  loss: { en: "loss", ja: "損失" },
  trainAccuracy: { en: "training accuracy", ja: "訓練データの精度" },
  testAccuracy: { en: "test accuracy", ja: "テストデータの精度" },
  valAccuracy: { en: "validation accuracy", ja: "検証データの精度" },
};

/** What happened, for a reader; undefined for notes that are for programs only. */
export function noteText(note: RunNote): Text | undefined {
  const { run, tags } = note;
  const told = Object.entries(tags).map(
    ([key, value]) => `${key}=${typeof value === "number" ? Number(value.toPrecision(3)) : value}`,
  );
  const name = told.length === 0 ? run : `${run} (${told.join(", ")})`;
  switch (note.kind) {
    case "diverged":
      // A point on a surface: no network, no weights.
      if (note.layer === "position") {
        return {
          en: `${name}: the position must be finite, got NaN or Infinity at step ${note.step}. Lower its lr.`,
          ja: `${name}: ステップ ${note.step} で位置が有限の値でなくなりました(NaN または Infinity)。この更新則の lr を小さくしてください。`,
        };
      }
      if (note.raisedLr !== undefined) {
        const lr = shortNumber(note.raisedLr);
        return {
          en: `${name}: the loss blew up at step ${note.step}, where lr had come to ${lr} (NaN or Infinity in ${note.layer}). That ends its test: take a smaller rate.`,
          ja: `${name}: lr を ${lr} まで上げたステップ ${note.step} で損失が発散しました(${note.layer} の出力が NaN または Infinity)。この更新則の測定はここまでです。これより小さい lr を使ってください。`,
        };
      }
      return {
        en: `${name}: every activation must be finite, got NaN or Infinity in ${note.layer} at step ${note.step}. Lower lr or the initial weights.`,
        ja: `${name}: ステップ ${note.step} で ${note.layer} の出力が有限の値でなくなりました(NaN または Infinity)。lr か重みの初期値を小さくしてください。`,
      };
    case "failed":
      return {
        en: `${name}: failed. ${inLanguage(saidIn(note), "en")}`.trim(),
        ja: `${name}: 失敗しました。${inLanguage(saidIn(note), "ja")}`,
      };
    case "horizon": {
      const curve = curveNames[note.metric] ?? { en: note.metric, ja: note.metric };
      return {
        en: `${name}, ${curve.en}: horizon at iteration ${note.step}. From there on one unit in the last place of the initial weights shows: two computers would disagree.`,
        ja: `${name} の${curve.ja}: 更新 ${note.step} 回目が再現限界です。ここから先は初期値の最下位の1単位の違いが現れ、コンピュータによって値が変わります。`,
      };
    }
    case "continued":
      return {
        en: `The network went on from iteration ${note.step} with changed data: these settings alone do not give the same numbers.`,
        ja: `データを変えたあと、更新 ${note.step} 回目のネットワークから学習を続けました。設定だけからは同じ値になりません。`,
      };
    case "interrupted":
      return {
        en: `The run was interrupted here. ${inLanguage(saidIn(note), "en")}`.trim(),
        ja: `ここで実行が中断されました。${inLanguage(saidIn(note), "ja")}`,
      };
    case "damaged":
      return saidIn(note);
    case "confusion":
    case "diagnostic":
      return undefined;
    case "other":
      return note.message;
  }
}

/** Old records tell it in English only. */
function saidIn({ text, message }: { readonly text?: Text; readonly message?: string }): Text {
  return text ?? message ?? "";
}
