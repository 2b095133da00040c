import type { Text } from "../../core/text.ts";
import type { ParameterValue, TrialRecord } from "../../core/trial.ts";
import { parametersOf, shownName } from "./parameter.ts";
import { pedAnova } from "./ped-anova.ts";
import type { StudyData } from "./study-view.ts";

/** Hyper-parameters that a table has columns for; of more, those that decide most. */
const most = 20;

/** The hyper-parameters as columns of a table of trials: their heads, and a trial's cells. */
export function parameterColumns<T>(
  study: StudyData,
  cellOf: (value: ParameterValue) => T,
): { readonly columns: Text[]; cells(trial: TrialRecord): (T | null)[] } {
  const names = shownNames(study);
  const left = parametersOf(study.trials).length - names.length;
  return {
    columns: [
      ...names.map(shownName),
      ...(left === 0 ? [] : [{ en: `(${left} more: trials.csv)`, ja: `(ほか ${left} 個は trials.csv)` }]),
    ],
    cells: ({ params }) => [
      ...names.map((name) => (Object.hasOwn(params, name) ? cellOf(params[name]) : null)),
      ...(left === 0 ? [] : [null]),
    ],
  };
}

function shownNames(study: StudyData): string[] {
  const all = parametersOf(study.trials).map(({ name }) => name);
  if (all.length <= most) {
    return all;
  }
  const byImportance = new Set([...pedAnova(study).map(({ name }) => name), ...all]);
  const chosen = new Set([...byImportance].slice(0, most));
  return all.filter((name) => chosen.has(name));
}
