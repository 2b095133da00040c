import { join } from "node:path";
import { folderName } from "../core/safe-name.ts";
import { runStudyPool, type StudyPoolOptions } from "../node/study-pool.ts";
import type { StudyProgress } from "../node/study-progress.ts";
import { edgeFindings } from "../search/views/edge.ts";
import { failureNotes } from "../search/views/report.ts";
import { studyJson } from "../search/views/study-json.ts";
import { bestTable, summarize, summaryText } from "../search/views/summary.ts";
import { parseStoreAddress } from "../store/store-address.ts";
import type { StudyRecord, StudyStore } from "../store/study-store.ts";
import type { CliContext } from "./context.ts";
import { interruptedExit, interruptible } from "./interrupt.ts";
import { duration } from "./live-display.ts";
import { prepareFolder, writeOutputs } from "./outputs.ts";
import { openStudyDisplay, silentStudyDisplay } from "./study-display.ts";
import { wholeStudy } from "./study-store.ts";
import { tableLines } from "./table.ts";

/** How the trials of a study are run; the same for a new study and for one that goes on. */
export interface RunStudyOptions {
  /** Trials that the study shall have; only those that wait when absent. */
  readonly trials?: number;
  readonly workers: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly store?: string;
  readonly out?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly objective?: StudyPoolOptions["objective"];
}

/** Runs trials with live progress, then prints and writes what came of them, and sets the exit code. */
export async function runStudy(
  store: StudyStore,
  study: StudyRecord,
  options: RunStudyOptions,
  context: CliContext,
): Promise<void> {
  const { trials, workers, timeout, objective } = options;
  const folder = options.out ?? join("results", "studies", folderName(study.name));
  prepareFolder(folder);
  const silent = options.quiet === true || options.json === true;
  const before = await progressOf(store, study, trials);
  if (!silent) {
    announce(study, workers, context);
  }
  const interrupt = interruptible();
  const started = Date.now();
  const display = silent ? silentStudyDisplay : openStudyDisplay(context, Date.now, before);
  try {
    const events = runStudyPool({
      store,
      study,
      threads: workers,
      signal: interrupt.signal,
      ...(trials === undefined ? {} : { trials }),
      ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
      ...(objective === undefined ? {} : { objective }),
    });
    for await (const event of events) {
      if (event.kind === "finished") {
        display.ended(event.progress);
      }
    }
  } finally {
    display.finish();
    interrupt.release();
  }
  const seconds = (Date.now() - started) / 1000;
  await report(store, study, { ...options, folder, seconds, signal: interrupt.signal }, context);
}

async function progressOf(store: StudyStore, study: StudyRecord, trials = 0): Promise<StudyProgress> {
  const { data } = await wholeStudy(store, study.name, Date.now());
  const { counts, total, best = null } = summarize(data);
  const { running, complete, pruned, failed } = counts;
  return { total: Math.max(trials, total), running, complete, pruned, failed, best };
}

function announce({ name, seed }: StudyRecord, workers: number, context: CliContext): void {
  context.print({
    en: `study ${name}  (seed ${seed}, ${workers === 0 ? "workers elsewhere" : `${workers} ${workers === 1 ? "worker" : "workers"}`})`,
    ja: `探索 ${name}  (シード ${seed}、${workers === 0 ? "実行は他のワーカー" : `ワーカー ${workers}`})`,
  });
}

/** The command that goes on with a study. */
export function resumeCommand(
  study: StudyRecord,
  { trials, store }: Pick<RunStudyOptions, "trials" | "store">,
): string {
  return [
    `tanren study resume ${study.name}`,
    ...(trials === undefined ? [] : [`--trials ${trials}`]),
    ...(store === undefined ? [] : [`--store ${parseStoreAddress(store).text}`]),
  ].join(" ");
}

async function report(
  store: StudyStore,
  study: StudyRecord,
  options: RunStudyOptions & { readonly folder: string; readonly signal: AbortSignal; readonly seconds: number },
  context: CliContext,
): Promise<void> {
  const { folder, signal } = options;
  const interrupted = signal.aborted;
  const whole = { ...(await wholeStudy(store, study.name, Date.now())), command: resumeCommand(study, options) };
  const summary = summarize(whole.data);
  // Drawing takes libraries whose loading would delay the start of the trials.
  const { studyDrawing, studyNumbers } = await import("./study-outputs.ts");
  const { drawAndTell } = await import("./pictures.ts");
  const paths = writeOutputs(folder, studyNumbers(whole));
  paths.push(...(await drawAndTell(studyDrawing(whole, folder), context, { stop: signal })));
  if (options.json) {
    context.print(JSON.stringify(studyJson(whole)));
  } else {
    const took = duration(options.seconds);
    context.print({ en: `${textIn("en", summary)}; ${took}`, ja: `${textIn("ja", summary)}、${took}` });
    if (summary.counts.complete > 0) {
      for (const line of tableLines(bestTable(whole.data), context)) {
        context.print(line);
      }
    }
    for (const finding of edgeFindings(whole.data)) {
      context.print(finding);
    }
    for (const path of paths.filter((path) => /\.(json|csv|html)$/.test(path))) {
      context.print(`  ${path}`);
    }
    const figures = paths.filter((path) => path.endsWith(".svg")).length;
    if (figures > 0) {
      context.print({
        en: `  ${figures} figures as SVG and PNG in the same folder`,
        ja: `  同じフォルダーに図 ${figures} 点(SVG と PNG)`,
      });
    }
  }
  for (const note of failureNotes(whole.data)) {
    context.warn(note);
  }
  if (interrupted) {
    context.warn({
      en: `interrupted: every trial that ended is kept. Go on with: ${whole.command}`,
      ja: `中断しました。終わった試行はすべて記録されています。再開するには: ${whole.command}`,
    });
    process.exitCode = interruptedExit;
  } else if (summary.counts.complete === 0 && summary.counts.failed > 0) {
    process.exitCode = 1;
  }
}

function textIn(language: "en" | "ja", summary: Parameters<typeof summaryText>[0]): string {
  return (summaryText(summary) as { en: string; ja: string })[language];
}
