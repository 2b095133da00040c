import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import { HyperError, suggest, suggestName } from "../../core/errors.ts";
import { timeText } from "../../core/time-text.ts";
import { toSummaryJson } from "../../core/trial-json.ts";
import { formatNumber } from "../../figure/format-cell.ts";
import { studyPlace } from "../../node/paths.ts";
import { edgeFindings } from "../../search/views/edge.ts";
import { studyViews } from "../../search/views/index.ts";
import { intermediateView } from "../../search/views/intermediate.ts";
import { failureNotes, samplerText } from "../../search/views/report.ts";
import { studyJson } from "../../search/views/study-json.ts";
import type { StudyView } from "../../search/views/study-view.ts";
import { bestTable, summarize, summaryText } from "../../search/views/summary.ts";
import { trialsCsv } from "../../search/views/trials-csv.ts";
import type { CliContext } from "../context.ts";
import { positiveNumber, useDataFolder, wholeNumber } from "../options.ts";
import { checkApart, writeResult } from "../outputs.ts";
import { printFigureOf } from "../print-figure.ts";
import { objectiveAt } from "../study-objective.ts";
import { interruptibleStudy, type RunStudyOptions, runStudy } from "../study-run.ts";
import { storeOption, wholeStudy, withStudyQueue, withStudyStore } from "../study-store.ts";
import { tellTraining } from "../study-table.ts";
import { printTable } from "../table.ts";

interface Where {
  readonly store?: string;
  readonly json?: boolean;
}

const exportFormats = ["csv", "json", "html"] as const;

export function addStudyCommand(program: Command, contextOf: () => CliContext): void {
  const study = program
    .command("study")
    .description("recorded studies: list, show, export, resume, delete / 記録された探索");
  study
    .command("list")
    .description("all studies, the newest first / 探索の一覧")
    .option("--store <where>", storeOption)
    .option("--json", "print JSON")
    .action((options: Where) => listStudies(options, contextOf()));
  study
    .command("show")
    .description("a study: its best trials and its views / 探索の結果を表示する")
    .argument("<study>", "its name")
    .option(
      "--view <name>",
      `all, or one of ${studyViews.map(({ id }) => id).join(", ")} (default: history and importances)`,
    )
    .option("--limit <n>", "how many of the best trials are listed", wholeNumber(1, 100_000), 10)
    .option("--store <where>", storeOption)
    .option("--json", "print study.json on standard output, nothing else")
    .action((name: string, options: ShowOptions) => showStudy(name, options, contextOf()));
  study
    .command("export")
    .description("the trials as a table, the study as JSON or as a page / 探索を書き出す")
    .argument("<study>", "its name")
    .addOption(new Option("--to <format>", "format").choices(exportFormats).makeOptionMandatory())
    .option("--out <file>", "where it goes (default: standard output)")
    .option("--store <where>", storeOption)
    .action((name: string, options: ExportOptions) => exportStudy(name, options, contextOf()));
  study
    .command("resume")
    .description("go on with a study as it is recorded / 探索を再開する")
    .argument("<study>", "its name")
    .option("--trials <n>", "trials that it shall have in all (default: those that wait)", wholeNumber(1, 10_000_000))
    .option(
      "--workers <n>",
      "trials at a time here; 0 leaves them to tanren worker",
      wholeNumber(0, 256),
      Math.max(1, availableParallelism()),
    )
    .option("--timeout <seconds>", "no trial begins later", positiveNumber)
    .option("--objective <file>", "the objective's file, where it is elsewhere now")
    .option("--data-folder <folder>", "where the data set's files are")
    .option("--store <where>", storeOption)
    .option("--out <folder>", "where the files go (default: results/studies/<study>)")
    .option("--quiet", "print results only")
    .option("--json", "print study.json on standard output, nothing else")
    .action((name: string, options: ResumeOptions) => resumeStudyCommand(name, options, contextOf()));
  study
    .command("delete")
    .description("forget a study and its trials / 探索を削除する")
    .argument("<study>", "its name")
    .option("--yes", "without it nothing is deleted")
    .option("--store <where>", storeOption)
    .action((name: string, options: Where & { yes?: boolean }) => deleteStudy(name, options, contextOf()));
}

async function listStudies({ store: given, json }: Where, context: CliContext): Promise<void> {
  await withStudyStore(given, context, async (store) => {
    const studies = await store.studies(({ name, reason }) =>
      context.warn({
        en: `Study ${name} is damaged in the store (${reason}) and left out. Restore a copy of the store, or delete the study.`,
        ja: `探索 ${name} の記録が壊れているため除外しました(${reason})。ストアのコピーを復元するか、この探索を削除してください。`,
      }),
    );
    if (json) {
      context.print(JSON.stringify(studies.map(toSummaryJson)));
      return;
    }
    if (studies.length === 0) {
      context.print({
        en: "No study is recorded yet. Make one with: tanren search --space lr=1e-4..1:log",
        ja: "探索はまだありません。tanren search --space lr=1e-4..1:log で始められます。",
      });
      return;
    }
    const columns = [
      { en: "study", ja: "探索" },
      { en: "sampler", ja: "サンプラー" },
      { en: "complete", ja: "完了" },
      { en: "pruned", ja: "枝刈り" },
      { en: "failed", ja: "失敗" },
      { en: "open", ja: "未完了" },
      { en: "best", ja: "最良" },
      { en: "last change", ja: "最終更新" },
    ];
    const rows = studies.map((study) => [
      study.name,
      samplerText(study),
      study.counts.complete,
      study.counts.pruned,
      study.counts.failed,
      study.counts.running + study.counts.waiting,
      study.best?.value ?? null,
      timeText(study.touchedAt ?? study.createdAt),
    ]);
    printTable({ columns, rows }, context);
  });
}

interface ShowOptions extends Where {
  readonly view?: string;
  readonly limit: number;
}

async function showStudy(name: string, options: ShowOptions, context: CliContext): Promise<void> {
  const views = viewsNamed(options.view);
  await withStudyStore(options.store, context, async (store) => {
    const reports = options.json === true || views.some(({ id }) => id === intermediateView.id);
    const whole = await wholeStudy(store, name, Date.now(), { reports });
    const { study, data } = whole;
    if (options.json) {
      context.print(JSON.stringify(studyJson(whole)));
      return;
    }
    const summary = summarize(data);
    context.print({
      en: `${name}  ${samplerText(study)}, ${study.direction}, seed ${study.seed}`,
      ja: `${name}  ${samplerText(study)}、${study.direction === "minimize" ? "最小化" : "最大化"}、シード ${study.seed}`,
    });
    context.print(summaryText(summary));
    if (summary.best !== undefined) {
      const { number, value } = summary.best;
      const told = formatNumber(value);
      context.print({ en: `best ${told} in trial ${number}`, ja: `最良 ${told}(試行 ${number})` });
      tellTraining(study, summary.best, context);
    }
    for (const view of views) {
      context.print("");
      printView(view, whole.data, options.view !== undefined, context);
    }
    if (options.view === undefined || options.view === "all") {
      context.print("");
      printTable(bestTable(data, { rows: options.limit }), context);
    }
    for (const text of [...edgeFindings(data), ...failureNotes(data)]) {
      context.print(text);
    }
  });
}

/** The views asked for. @throws HyperError on an unknown name */
function viewsNamed(name: string | undefined): readonly StudyView[] {
  if (name === "all") {
    return studyViews;
  }
  const ids = studyViews.map(({ id }) => id);
  const wanted = name === undefined ? ["history", "importances"] : [name];
  return wanted.map((id) => {
    const view = studyViews.find((one) => one.id === id);
    if (view === undefined) {
      throw new HyperError({
        en: `--view: must be a view of a study, got "${id}". ${suggest(id, ["all", ...ids])}`,
        ja: `--view: "${id}" という図はありません。${suggestName(id, ["all", ...ids]).ja}`,
      });
    }
    return view;
  });
}

function printView(view: StudyView, data: Parameters<StudyView["draw"]>[0], asked: boolean, context: CliContext): void {
  const shown = printFigureOf(() => view.draw(data), { one: 12, several: 9 }, context);
  if (!shown && asked) {
    const title = context.text(view.title);
    const needs = context.text(view.needs);
    context.print({ en: `${title}: needs ${needs}`, ja: `${title}: ${needs}が必要です。` });
  }
}

interface ExportOptions {
  readonly to: (typeof exportFormats)[number];
  readonly out?: string;
  readonly store?: string;
}

async function exportStudy(name: string, { to, out, store: given }: ExportOptions, context: CliContext): Promise<void> {
  if (out !== undefined) {
    checkApart([out], [given ?? studyPlace(context.env)]);
  }
  await withStudyStore(given, context, async (store) => {
    const whole = await wholeStudy(store, name, Date.now());
    const { studyPage } = await import("../study-outputs.ts");
    const contents =
      to === "csv"
        ? trialsCsv(whole.data.trials)
        : to === "json"
          ? `${JSON.stringify(studyJson(whole))}\n`
          : studyPage(whole, context.language);
    writeResult(out, contents, context);
  });
}

interface ResumeOptions extends Omit<RunStudyOptions, "objective"> {
  readonly objective?: string;
  readonly dataFolder?: string;
}

async function resumeStudyCommand(name: string, options: ResumeOptions, context: CliContext): Promise<void> {
  const { objective: file, dataFolder, ...rest } = options;
  if (dataFolder !== undefined) {
    useDataFolder(dataFolder);
  }
  const objective = file === undefined ? undefined : await objectiveAt(file, name);
  const interrupt = interruptibleStudy(context);
  try {
    await withStudyQueue(options.store, context, async (store) => {
      const study = await store.study(name);
      const given = objective === undefined ? {} : { objective };
      await runStudy(store, study, { ...rest, ...given }, { interrupt, context });
    });
  } finally {
    interrupt.release();
  }
}

async function deleteStudy(name: string, options: Where & { yes?: boolean }, context: CliContext): Promise<void> {
  await withStudyStore(options.store, context, async (store) => {
    if (options.yes !== true) {
      const { trials } = await store.loadStudy(name);
      throw new HyperError({
        en: `study delete: must be confirmed, got no --yes for ${name} with ${trials.length} trials. Add --yes to delete them.`,
        ja: `study delete: ${name} には試行が ${trials.length} 件あります。削除してよければ --yes を付けてください。`,
      });
    }
    await store.deleteStudy(name);
    context.print({ en: `${name} is deleted.`, ja: `${name} を削除しました。` });
  });
}
