import { join } from "node:path";
import { shellWord } from "../core/command-words.ts";
import { folderName } from "../core/safe-name.ts";
import { inLanguage } from "../core/text.ts";
import { parseStoreAddress } from "../node/store/store-address.ts";
import { runStudyPool, type StudyPoolOptions } from "../node/study/pool.ts";
import type { StudyProgress } from "../node/study/progress.ts";
import { edgeFindings } from "../search/views/edge.ts";
import { failureNotes } from "../search/views/report.ts";
import { studyJson } from "../search/views/study-json.ts";
import type { StudyData } from "../search/views/study-view.ts";
import { bestTable, summarize, summaryText } from "../search/views/summary.ts";
import type { StudyRecord, StudyStore } from "../store/studies/study-store.ts";
import type { CliContext } from "./context.ts";
import { type Interrupt, interruptedExit, interruptible } from "./interrupt.ts";
import { duration } from "./live-display.ts";
import { checkFolder, writeOutputs } from "./outputs.ts";
import { openStudyDisplay, silentStudyDisplay } from "./study-display.ts";
import { originOfStudy } from "./study-objective.ts";
import { wholeStudy } from "./study-store.ts";
import { tellTraining } from "./study-table.ts";
import { printTable } from "./table.ts";

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

/** Where the files of a study go. */
export function studyFolder(name: string, { out }: Pick<RunStudyOptions, "out">): string {
  return out ?? join("results", "studies", folderName(name));
}

/** How long the threads of a study may take to end once they are asked to, in milliseconds. */
const patienceMs = 1700;

/** Ctrl-C for a command that runs trials: it ends soon, whatever they do. */
export function interruptibleStudy(context: CliContext): Interrupt {
  return interruptible({
    patienceMs,
    onImpatient: () =>
      context.warn({
        en: "interrupted: what ran did not end in time. Every trial that ended is kept; those that ran are taken up again when the study goes on.",
        ja: "中断しました。実行中の処理が時間内に終わらなかったため打ち切りました。終わった試行はすべて記録されています。途中の試行は、探索を再開するとやり直されます。",
      }),
  });
}

/** Runs trials with live progress, then prints and writes what came of them, and sets the exit code. */
export async function runStudy(
  store: StudyStore,
  study: StudyRecord,
  options: RunStudyOptions,
  { interrupt, context }: { readonly interrupt: Interrupt; readonly context: CliContext },
): Promise<void> {
  const { trials, workers, timeout, objective } = options;
  const folder = studyFolder(study.name, options);
  checkFolder(folder);
  const silent = options.quiet === true || options.json === true;
  const before = await wholeStudy(store, study.name, Date.now());
  /** By number: what there is to report should the store be gone in the end. */
  const seen = new Map(before.data.trials.map((trial) => [trial.number, trial]));
  if (!silent) {
    announce(study, workers, context);
  }
  warnOfFewer(before.data, trials, context);
  const started = Date.now();
  let failure: unknown;
  let ended = 0;
  const display = silent ? silentStudyDisplay : openStudyDisplay(context, Date.now, progressOf(before.data, trials));
  try {
    const events = runStudyPool({
      store,
      study,
      threads: workers,
      signal: interrupt.signal,
      ...(trials === undefined ? {} : { trials }),
      ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
      ...(objective === undefined ? {} : { objective }),
      // Standard output is for JSON alone.
      ...(options.json === true ? { prints: "stderr" } : {}),
    });
    for await (const event of events) {
      if (event.kind === "finished") {
        ended += 1;
        seen.set(event.trial.number, event.trial);
        display.ended(event.progress);
      }
    }
  } catch (error) {
    failure = error;
  } finally {
    display.finish();
    interrupt.ended();
  }
  const seconds = (Date.now() - started) / 1000;
  let whole = before;
  try {
    whole = await wholeStudy(store, study.name, Date.now());
    if (failure !== undefined) {
      throw failure;
    }
  } catch (error) {
    if (whole !== before || ended === 0) {
      throw failure ?? error;
    }
    // The store is gone, or another stands in its place: what this process has seen is all there is of these trials.
    const remembered = [...seen.values()].sort((a, b) => a.number - b.number);
    whole = { study, data: { ...before.data, trials: remembered, now: Date.now() } };
    failure ??= error;
    context.warn({
      en: `The store can no longer be read. What is written to ${folder} is what this process has seen: ${remembered.length} trials.`,
      ja: `ストアを読めなくなりました。このプロセスが把握している ${remembered.length} 試行の結果を ${folder} に書き出します。`,
    });
  }
  await report(whole, { ...options, folder, seconds, signal: interrupt.signal }, context);
  if (failure !== undefined) {
    throw failure;
  }
}

function progressOf(data: StudyData, trials = 0): StudyProgress {
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

/** Says that none is added where a study has more trials than it is asked to have; those that wait were promised before. */
function warnOfFewer(data: StudyData, trials: number | undefined, context: CliContext): void {
  const { total, counts } = summarize(data);
  if (trials === undefined || total <= trials) {
    return;
  }
  const { waiting } = counts;
  context.warn({
    en: `--trials ${trials} counts all trials of the study, which has ${total}: none is added${waiting === 0 ? "" : `; the ${waiting} that wait are run`}.`,
    ja: `--trials ${trials} は探索全体の試行数ですが、すでに ${total} 試行あるため追加しません${waiting === 0 ? "" : `(待っている ${waiting} 試行は実行します)`}。`,
  });
}

/** The command that goes on with a study. */
export function resumeCommand(
  study: StudyRecord,
  { trials, store }: Pick<RunStudyOptions, "trials" | "store">,
): string {
  const folder = originOfStudy(study)?.folder;
  return [
    `tanren study resume ${shellWord(study.name)}`,
    ...(trials === undefined ? [] : [`--trials ${trials}`]),
    ...(folder === undefined ? [] : [`--data-folder ${shellWord(folder)}`]),
    ...(store === undefined ? [] : [`--store ${shellWord(parseStoreAddress(store).text)}`]),
  ].join(" ");
}

async function report(
  { study, data }: { readonly study: StudyRecord; readonly data: StudyData },
  options: RunStudyOptions & { readonly folder: string; readonly signal: AbortSignal; readonly seconds: number },
  context: CliContext,
): Promise<void> {
  const { folder, signal } = options;
  const interrupted = signal.aborted;
  const whole = { study, data, command: resumeCommand(study, options) };
  const summary = summarize(whole.data);
  // Drawing takes libraries whose loading would delay the start of the trials.
  const { studyDrawing, studyNumbers } = await import("./study-outputs.ts");
  const { drawAndTell, stoppedText } = await import("./pictures.ts");
  const paths = writeOutputs(folder, studyNumbers(whole));
  if (interrupted) {
    context.warn(stoppedText(undefined));
  } else {
    paths.push(...(await drawAndTell(studyDrawing(whole, folder), context, { stop: signal })));
  }
  if (options.json) {
    context.print(JSON.stringify(studyJson(whole)));
  } else {
    const took = duration(options.seconds);
    const { en, ja } = summaryText(summary);
    context.print({ en: `${en}; ${inLanguage(took, "en")}`, ja: `${ja}、${inLanguage(took, "ja")}` });
    if (summary.counts.complete > 0) {
      printTable(bestTable(whole.data), context);
    }
    if (summary.best !== undefined) {
      tellTraining(study, summary.best, context);
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
  } else if (signal.aborted) {
    process.exitCode = interruptedExit;
  } else if (summary.counts.complete === 0 && summary.counts.failed > 0) {
    process.exitCode = 1;
  }
}
