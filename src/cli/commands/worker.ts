import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { trialErrorText } from "../../core/trial-errors.ts";
import { formatNumber } from "../../figure/format-cell.ts";
import { runWorker, type WorkerEvent } from "../../node/study/worker.ts";
import type { CliContext } from "../context.ts";
import { interruptedExit } from "../interrupt.ts";
import { useDataFolder, wholeNumber } from "../options.ts";
import { objectiveAt } from "../study-objective.ts";
import { interruptibleStudy } from "../study-run.ts";
import { storeOption, withStudyQueue } from "../study-store.ts";

interface WorkerOptions {
  readonly store?: string;
  readonly threads: number;
  readonly study?: string;
  readonly untilDone?: boolean;
  readonly objective?: string;
  readonly dataFolder?: string;
  readonly quiet?: boolean;
}

export function addWorkerCommand(program: Command, contextOf: () => CliContext): void {
  program
    .command("worker")
    .description("run trials of studies that others have asked for / 共有された探索の試行を実行する")
    .option("--store <where>", storeOption)
    .option("--threads <n>", "trials at a time", wholeNumber(1, 256), Math.max(1, availableParallelism()))
    .option("--study <name>", "only this study (default: all)")
    .option("--until-done", "end when nothing is left to do (default: wait for more)")
    .option("--objective <file>", "the objective's file, where it is elsewhere on this machine; needs --study")
    .option("--data-folder <folder>", "where the data set's files are")
    .option("--quiet", "print only what needs attention")
    .action((options: WorkerOptions) => workerCommand(options, contextOf()));
}

async function workerCommand(options: WorkerOptions, context: CliContext): Promise<void> {
  const { threads, study, untilDone = false, quiet = false } = options;
  if (options.dataFolder !== undefined) {
    useDataFolder(options.dataFolder);
  }
  const objective = options.objective === undefined ? undefined : await objectiveAt(options.objective, study);
  const interrupt = interruptibleStudy(context);
  try {
    await withStudyQueue(options.store, context, async (store, queue) => {
      if (!quiet) {
        context.print({
          en: `worker: ${threads} ${threads === 1 ? "thread" : "threads"}, ${study ?? "all studies"}; Ctrl-C stops it`,
          ja: `ワーカー: ${threads} スレッド、対象: ${study ?? "すべての探索"}。Ctrl-C で停止します`,
        });
      }
      const events = runWorker({
        store,
        threads,
        untilDone,
        signal: interrupt.signal,
        ...(queue === undefined ? {} : { queue }),
        ...(study === undefined ? {} : { study }),
        ...(objective === undefined ? {} : { objective }),
      });
      for await (const event of events) {
        tell(event, quiet, context);
      }
    });
  } finally {
    interrupt.release();
  }
  if (interrupt.signal.aborted) {
    process.exitCode = interruptedExit;
  }
}

/** One line for each trial that ends, and for what needs attention. */
function tell(event: WorkerEvent, quiet: boolean, context: CliContext): void {
  switch (event.kind) {
    case "finished": {
      const { number, state, value, error } = event.trial;
      if (!quiet) {
        const came = trialErrorText(
          state === "failed" ? (error ?? state) : state === "pruned" ? state : formatNumber(value),
        );
        context.print({
          en: `${event.study}: trial ${number}  ${came.en}`,
          ja: `${event.study}: 試行 ${number}  ${came.ja}`,
        });
      }
      return;
    }
    case "returned":
    case "refused":
      context.warn({
        en: `${event.study}: trial ${event.number}, attempt ${event.attempt}: ${event.reason.en}`,
        ja: `${event.study}: 試行 ${event.number}(${event.attempt} 回目): ${event.reason.ja}`,
      });
      return;
    case "unusable":
      context.warn({
        en: `${event.study}: left to other workers. ${event.reason.en}`,
        ja: `${event.study}: ほかのワーカーに任せます。${event.reason.ja}`,
      });
      return;
    default:
      return;
  }
}
