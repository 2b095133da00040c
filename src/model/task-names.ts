import type { Told } from "../core/text.ts";
import type { ModelTask } from "./model-state.ts";

/** What a model does, for people. */
export const taskNames: Readonly<Record<ModelTask, Told>> = {
  classification: { en: "classification", ja: "分類" },
  binary: { en: "classification of two", ja: "2値分類" },
  multilabel: { en: "several yes or no", ja: "複数の「はい/いいえ」" },
  regression: { en: "regression", ja: "回帰" },
};
