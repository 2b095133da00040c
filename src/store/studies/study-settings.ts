import { DataError } from "../../core/errors.ts";
import { canonicalText, jsonText } from "../../core/plain-json.ts";
import type { StudySpec } from "./study-store.ts";

/** The settings of a study as a row holds them; equal text is equal settings. */
export function studyTexts(spec: StudySpec) {
  return {
    direction: spec.direction,
    seed: spec.seed,
    sampler: canonicalText(spec.sampler),
    pruner: canonicalText(spec.pruner),
    // The order in which parameters are declared is part of a space: samplers draw in it.
    space: jsonText(spec.space),
    objective: canonicalText(spec.objective),
    constraints: spec.constraints,
  };
}

type StudyTexts = ReturnType<typeof studyTexts>;

/**
 * Whether a study that is there may be opened by settings.
 * @param existing what to do with one that is there
 * @throws DataError when it may not be, or which setting differs
 */
export function checkReopened(name: string, existing: "refuse" | "open", kept: StudyTexts, asked: StudyTexts): void {
  if (existing === "refuse") {
    throw new DataError({
      en: `study ${name}: its name must be new, got one that is taken. Resume it or give another name.`,
      ja: `study ${name}: 同じ名前の study がすでにあります。再開するか、別の名前を指定してください。`,
    });
  }
  for (const [setting, text] of Object.entries(asked)) {
    const before = kept[setting as keyof StudyTexts];
    if (before !== text) {
      throw new DataError({
        en: `study ${name}: ${setting} must be as when it began, ${before}, got ${text}. Give the same, or another study name; nothing was changed.`,
        ja: `study ${name}: ${setting} は開始時と同じ値にしてください(開始時: ${before}、指定された値: ${text})。別の study 名を付けることもできます。何も変更していません。`,
      });
    }
  }
}
