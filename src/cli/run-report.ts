import { DataError, saidBy, TanrenError } from "../core/errors.ts";
import type { RunRecord } from "../core/record.ts";
import { horizonFinding } from "../experiments/horizon.ts";
import { noteText } from "../experiments/note-text.ts";
import { reportOf } from "../experiments/report.ts";
import { seedTable } from "../experiments/seeds.ts";
import type { Experiment } from "../runs/experiment.ts";
import { runJson, seriesCsv } from "../runs/outputs.ts";
import type { FinishedRun } from "../runs/session.ts";
import type { CliContext } from "./context.ts";
import { drawingEnd, interruptedExit } from "./interrupt.ts";
import { writeOutputs } from "./outputs.ts";
import type { Drawing, Drawn } from "./pictures.ts";
import { printTable } from "./table.ts";

/** How the runs of a command are told of. */
export interface ReportOptions {
  readonly quiet?: boolean;
  readonly json?: boolean;
  /** Several runs: their files are told of a folder a line. */
  readonly several: boolean;
  /** Whether a store keeps them beyond this process. */
  readonly recorded: boolean;
  readonly signal: AbortSignal;
}

/** Drawings that wait at most; more and training waits for them. */
const mostWaiting = 4;

/**
 * Reports the runs of a command: the numbers of each at once, on the disk and in the terminal; its pictures while the next
 * one trains. Pictures are told of between two runs, never into the display of one.
 */
export class RunReporter {
  private readonly options: ReportOptions;
  private readonly context: CliContext;
  private readonly told: (() => void)[] = [];
  private waiting: Promise<unknown>[] = [];
  private last: Promise<unknown> = Promise.resolve();
  /** Drawing takes libraries whose loading would delay the start of training. */
  private tools: Promise<Tools> | undefined;
  private readonly sections: { experiment: Experiment; record: RunRecord; html: string | null }[] = [];
  private stopped = false;
  /** Whether it was said of a run that the store holds it in part or not at all. */
  storeFailed = false;
  private readonly drawingEnd: AbortSignal;

  constructor(options: ReportOptions, context: CliContext) {
    this.options = options;
    this.context = context;
    this.drawingEnd = drawingEnd(options.signal);
  }

  /** Writes the numbers of a run and prints its results; its pictures follow. @throws DataError */
  async run(
    experiment: Experiment,
    finished: FinishedRun,
    place: { readonly folder: string; readonly chapter: boolean; readonly printed: boolean },
  ): Promise<void> {
    const { context, options } = this;
    const { record, storeFailure } = finished;
    const id = options.recorded && storeFailure === null ? (finished.id ?? undefined) : undefined;
    const { folder } = place;
    tellTrouble(finished, context);
    this.storeFailed ||= storeFailure !== null;
    const paths = await explained(id, async () => writeOutputs(folder, [runJson(record), seriesCsv(record)]));
    const { printFigure, runDrawing } = await this.load();
    if (options.json) {
      process.stdout.write(`${JSON.stringify(record)}\n`);
    } else {
      if (place.printed) {
        printFigure(experiment, record, context);
      }
      printTable(experiment.results(record), context);
      for (const text of horizonFinding(record)) {
        context.print(`  ${context.text(text)}`);
      }
      const seconds = record.seconds.total.toFixed(1);
      context.print(
        id === undefined
          ? { en: `  ${seconds} s`, ja: `  ${seconds} 秒` }
          : { en: `  ${seconds} s; recorded as ${id}`, ja: `  ${seconds} 秒。記録 ID: ${id}` },
      );
      this.printPaths(folder, paths);
    }
    tellEnd(finished.status, id, context);
    await this.draw(runDrawing(experiment, record, folder), {
      id,
      done: ({ sections: [html = null] }) => {
        if (place.chapter) {
          this.sections.push({ experiment, record, html });
        }
      },
    });
  }

  /** Median and band over the seeds, and the table of means. @throws DataError */
  async seeds(experiment: Experiment, records: readonly RunRecord[], folder: string): Promise<void> {
    const { context, options } = this;
    const { seedDrawing, seedsCsv } = await this.load();
    const paths = writeOutputs(folder, [seedsCsv(records)]);
    if (!options.json) {
      printTable(seedTable(records), context);
      this.printPaths(folder, paths);
    }
    await this.draw(seedDrawing(experiment, records, folder));
  }

  /** One page of all runs that were told of as parts of the chapter. @throws DataError */
  async chapter(folder: string): Promise<void> {
    await this.settle();
    const { context, options } = this;
    const whole = this.sections.filter((section) => section.html !== null);
    if (whole.length > 0) {
      const { reportPage } = await import("../figure/report.ts");
      const page = reportPage(
        reportOf(whole),
        whole.map(({ html }) => html as string),
        context,
      );
      const [path] = writeOutputs(folder, [{ name: "report.html", contents: page }]);
      if (!options.json) {
        const seconds = this.sections.reduce((sum, { record }) => sum + record.seconds.total, 0).toFixed(1);
        context.print({ en: `The whole chapter: ${seconds} s`, ja: `章全体: ${seconds} 秒` });
        context.print(`  ${path}`);
      }
    }
  }

  /** Says what has been drawn since it was asked last. */
  tell(): void {
    for (const line of this.told.splice(0)) {
      line();
    }
  }

  /** Waits for all pictures, then ends the renderer. @throws DataError when one of them could not be written */
  async close(): Promise<void> {
    try {
      await this.settle();
    } finally {
      (await this.tools)?.renderer.close();
    }
  }

  /** Waits for all pictures. @throws DataError when one of them could not be written */
  private async settle(): Promise<void> {
    const all = await Promise.allSettled(this.waiting);
    this.waiting = [];
    this.tell();
    const failed = all.find((one) => one.status === "rejected");
    if (failed !== undefined) {
      throw failed.reason;
    }
  }

  private async draw(
    drawing: Drawing,
    { id, done }: { readonly id?: string; readonly done?: (drawn: Drawn) => void } = {},
  ): Promise<void> {
    const { context, options } = this;
    const { renderer, stoppedText, tellOf, writePictures } = await this.load();
    const drawn = this.last.then(async () => {
      const result = await explained(id, () => writePictures(drawing, renderer, context));
      done?.(result);
      this.told.push(() => {
        if (!options.json) {
          this.printPaths(drawing.folder, result.paths);
        }
        tellOf(result, context);
        if (result.stopped && !this.stopped) {
          this.stopped = true;
          process.exitCode = interruptedExit;
          context.warn(stoppedText(id && `tanren show ${id} --out ${drawing.folder}`));
        }
      });
    });
    // Heard of in settle(); a drawing that fails must not take the next one with it.
    this.last = drawn.catch(() => {});
    this.waiting.push(drawn);
    drawn.catch(() => {});
    if (!options.several) {
      await this.settle();
    } else if (this.waiting.length > mostWaiting) {
      await Promise.allSettled([this.waiting.at(-1 - mostWaiting)]);
    }
  }

  private printPaths(folder: string, paths: readonly string[]): void {
    if (this.options.several) {
      if (paths.length > 0) {
        const names = paths.map((path) => path.slice(folder.length + 1)).join(", ");
        this.context.print(`  ${folder}: ${names}`);
      }
      return;
    }
    for (const path of paths) {
      this.context.print(`  ${path}`);
    }
  }

  private load(): Promise<Tools> {
    this.tools ??= loadTools(this.drawingEnd);
    return this.tools;
  }
}

async function loadTools(drawingEnd: AbortSignal) {
  const [figures, pictures, { Renderer }] = await Promise.all([
    import("./figures.ts"),
    import("./pictures.ts"),
    import("../node/figure/renderer.ts"),
  ]);
  const renderer = new Renderer();
  pictures.closeAt(drawingEnd, renderer);
  return { ...figures, ...pictures, renderer };
}
type Tools = Awaited<ReturnType<typeof loadTools>>;

/** What went wrong in a run, before anything else is said of it. */
function tellTrouble({ record, storeFailure }: FinishedRun, context: CliContext): void {
  for (const note of record.events) {
    const text = noteText(note);
    if (text !== undefined && (note.kind === "failed" || note.kind === "diverged")) {
      context.warn(text);
    }
  }
  if (storeFailure !== null) {
    context.warn({
      en: `${saidBy(storeFailure).en} The store holds this run in part or not at all; its files are whole.`,
      ja: `${saidBy(storeFailure).ja} ストアの記録は途中までか、まったくありませんが、ファイルにはすべて出力されます。`,
    });
    process.exitCode = 1;
  }
}

function tellEnd(status: FinishedRun["status"], id: string | undefined, context: CliContext): void {
  if (status === "interrupted") {
    context.warn(
      id === undefined
        ? { en: "interrupted.", ja: "中断しました。" }
        : {
            en: `interrupted: what was recorded until then is kept as ${id}.`,
            ja: `中断しました。それまでの記録は ${id} として残っています。`,
          },
    );
    process.exitCode = interruptedExit;
  } else if (status === "failed") {
    process.exitCode = 1;
  }
}

/** What is written of a run; where it cannot be, the error says that the run is not lost. */
async function explained<T>(id: string | undefined, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (id === undefined || !(error instanceof TanrenError)) {
      throw error;
    }
    const { en, ja } = saidBy(error);
    throw new DataError(
      {
        en: `${en} The run itself is kept: tanren show ${id} --out <folder>.`,
        ja: `${ja}実行の記録は残っています: tanren show ${id} --out <フォルダー>`,
      },
      { cause: error },
    );
  }
}
