import type { Text, Told } from "../../core/text.ts";
import { thrownAt, trialErrorText } from "../../core/trial-errors.ts";
import { version } from "../../core/version.ts";
import type { ReportSpec, ReportTable } from "../../figure/report-spec.ts";
import type { StudySpec } from "../../store/studies/study-store.ts";
import { describeDistribution } from "../space.ts";
import { edgeFindings } from "./edge.ts";
import { studyViews } from "./index.ts";
import { parametersOf, parameterText, shownName } from "./parameter.ts";
import { parameterColumns } from "./parameter-columns.ts";
import { pedAnova } from "./ped-anova.ts";
import { type StudyData, trialWord, valueNameOf } from "./study-view.ts";
import { bestTable, summarize, summaryText } from "./summary.ts";

const mostRows = 1000;
/** Reasons of failed trials that are told. */
const mostReasons = 20;

/** A study with its trials. */
export interface WholeStudy {
  readonly study: StudySpec;
  readonly data: StudyData;
  /** The command that goes on with it; absent where there is none. */
  readonly command?: string;
}

/** The page of a study: every view it has something for, the best trials, the space, all trials. */
export function studyReport({ study, data, command }: WholeStudy): ReportSpec {
  const summary = summarize(data);
  const { best } = summary;
  const figures = studyViews.map((view) => view.draw(data)).filter((figure) => figure !== null);
  const told = summaryText(summary);
  return {
    title: { en: `Study ${study.name}`, ja: `探索 ${study.name}` },
    provenance: {
      en: `Tanren ${version} · ${samplerText(study)} · seed ${study.seed}`,
      ja: `Tanren ${version} · ${samplerText(study)} · シード ${study.seed}`,
    },
    sections: [
      {
        id: "study",
        title: { en: "Results", ja: "探索の結果" },
        summary: told,
        prose: { en: "", ja: "" },
        figures,
        table: bestTable(data, { rows: 20 }),
        details: [spaceTable(data), trialTable(data)].filter(({ rows }) => rows.length > 0),
        findings: edgeFindings(data),
        notes: failureNotes(data),
        formulas: [],
        settings: [],
        facts: [
          ...(command === undefined ? [] : [{ name: { en: "command", ja: "コマンド" }, value: command }]),
          { name: { en: "direction", ja: "方向" }, value: study.direction },
          { name: { en: "sampler", ja: "サンプラー" }, value: samplerText(study) },
          { name: { en: "pruner", ja: "枝刈り" }, value: choiceText(study.pruner) },
          { name: { en: "seed", ja: "シード" }, value: String(study.seed) },
          { name: { en: "objective", ja: "目的関数" }, value: JSON.stringify(study.objective) },
          ...(best === undefined
            ? []
            : [
                {
                  name: { en: "best", ja: "最良" },
                  value: `${best.value} (${Object.entries(best.params)
                    .map(([name, value]) => `${name}=${parameterText(value)}`)
                    .join(", ")})`,
                },
              ]),
          { name: { en: "time", ja: "所要時間" }, value: `${(summary.elapsed / 1000).toFixed(1)} s` },
        ],
      },
    ],
  };
}

/** The sampler as it is typed: `tpe:multivariate=true`. */
export function samplerText({ sampler }: Pick<StudySpec, "sampler">): string {
  return choiceText(sampler);
}

/** A sampler or pruner as it is typed. */
export function choiceText(choice: StudySpec["sampler"]): string {
  if (choice === null || typeof choice !== "object" || !("name" in choice)) {
    return "none";
  }
  const { name, settings } = choice as { name: string; settings?: Record<string, unknown> };
  return [name, ...Object.entries(settings ?? {}).map(([key, value]) => `${key}=${String(value)}`)].join(":");
}

/** What was searched, with what it decides. */
function spaceTable(data: StudyData): ReportTable & { readonly title: Text } {
  const shares = new Map(pedAnova(data).map(({ name, importance }) => [name, importance]));
  return {
    title: { en: "What was searched", ja: "探索した範囲" },
    columns: [
      { en: "hyper-parameter", ja: "ハイパーパラメータ" },
      { en: "range", ja: "範囲" },
      { en: "importance", ja: "重要度" },
    ],
    rows: parametersOf(data.trials).map(({ name, distribution }) => [
      shownName(name),
      describeDistribution(distribution),
      shares.get(name) ?? null,
    ]),
  };
}

function trialTable(data: StudyData): ReportTable & { readonly title: Text } {
  const { columns, cells } = parameterColumns(data, parameterText);
  const shown = [...data.trials].sort((a, b) => a.number - b.number).slice(0, mostRows);
  const cut = shown.length < data.trials.length;
  return {
    title: cut
      ? { en: `The first ${mostRows} trials; trials.csv has all`, ja: `最初の ${mostRows} 試行(全件は trials.csv)` }
      : { en: "All trials", ja: "全試行" },
    columns: [trialWord, { en: "state", ja: "状態" }, valueNameOf(data), ...columns],
    rows: shown.map((trial) => [String(trial.number), trial.state, trial.value, ...cells(trial)]),
  };
}

/** Each reason for which trials failed, once; of very many reasons the most frequent. */
export function failureNotes({ trials }: Pick<StudyData, "trials">): Text[] {
  const reasons = new Map<string, { said: Told; count: number; first: number[] }>();
  for (const { state, error = "?", number, attributes } of trials) {
    if (state === "failed") {
      const place = attributes[thrownAt];
      const where = typeof place === "string" ? place : "";
      const reason = `${error}\n${where}`;
      const known = reasons.get(reason) ?? { said: saidAt(trialErrorText(error), where), count: 0, first: [] };
      known.count++;
      if (known.first.length < 5) {
        known.first.push(number);
      }
      reasons.set(reason, known);
    }
  }
  const most = [...reasons].sort(([, a], [, b]) => b.count - a.count);
  const notes = most.slice(0, mostReasons).map(([, { said, count, first }]): Text => {
    const which = `${first.join(", ")}${count > first.length ? ", …" : ""}`;
    return {
      en: `${count} ${count === 1 ? "trial" : "trials"} failed (${which}): ${said.en}`,
      ja: `${count} 試行が失敗しました(${which}): ${said.ja}`,
    };
  });
  const left = most.slice(mostReasons).reduce((sum, [, { count }]) => sum + count, 0);
  return left === 0
    ? notes
    : [
        ...notes,
        {
          en: `${left} more trials failed for ${most.length - mostReasons} other reasons; study.json has them.`,
          ja: `ほかに ${left} 試行が、別の ${most.length - mostReasons} 種類の理由で失敗しました(study.json にすべてあります)。`,
        },
      ];
}

const saidAt = ({ en, ja }: Told, where: string): Told =>
  where === "" ? { en, ja } : { en: `${en} (${where})`, ja: `${ja} (${where})` };
