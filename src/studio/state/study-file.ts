import { DataError, saidBy } from "../../core/errors.ts";
import { inLanguage } from "../../core/text.ts";
import type { Direction, TrialRecord } from "../../core/trial.ts";
import { fromTrialJson } from "../../core/trial-json.ts";
import { sharedSpaces } from "../../search/shared-spaces.ts";
import type { StudySpec } from "../../store/studies/study-store.ts";
import type { OpenStudy } from "../../web/served/study-source.ts";

/** The parts of a `study.json` that views need, checked: a file may come from anywhere. @throws DataError */
export function studyOfFile(text: string): OpenStudy {
  const refuse = (en: string, ja: string): never => {
    throw new DataError({
      en: `study file: must be a study.json of tanren search or tanren study export, got ${en}. Choose another file.`,
      ja: `探索ファイル: tanren search か tanren study export の study.json を選んでください(${ja})。`,
    });
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return text.trim() === ""
      ? refuse("an empty file", "ファイルが空です")
      : refuse("text that is not JSON", "JSON として読めません");
  }
  const { study, trials } = (parsed ?? {}) as { study?: Partial<StudySpec>; trials?: unknown };
  const direction = study?.direction as Direction | undefined;
  if (typeof study?.name !== "string" || (direction !== "minimize" && direction !== "maximize")) {
    return refuse("JSON without a study", "JSON に study がありません");
  }
  if (!Array.isArray(trials)) {
    return refuse("JSON without trials", "JSON に trials がありません");
  }
  let read: TrialRecord[];
  try {
    const shared = sharedSpaces();
    read = trials.map((trial) => {
      const one = fromTrialJson(trial);
      return { ...one, distributions: shared(one.distributions) };
    });
  } catch (error) {
    const what = saidBy(error);
    return refuse(
      `JSON with a damaged trial (${inLanguage(what, "en")})`,
      `壊れた試行があります: ${inLanguage(what, "ja")}`,
    );
  }
  return {
    study: {
      seed: 0,
      sampler: null,
      pruner: null,
      space: null,
      objective: null,
      constraints: 0,
      ...study,
    } as StudySpec,
    data: { trials: read, direction },
    running: false,
  };
}
