import { printable } from "../core/printable.ts";
import type { ParameterValue } from "../core/trial.ts";
import { formatNumber } from "../figure/format-cell.ts";
import { displayWidth, fittedCells } from "../figure/text-width.ts";
import type { StudyProgress } from "../node/study/progress.ts";
import { parameterText } from "../search/views/parameter.ts";
import type { CliContext } from "./context.ts";
import { barOf, leftText } from "./live-display.ts";

/** Shows how the trials of a study come along. */
export interface StudyDisplay {
  /** A trial of this process has ended; the progress is that of all processes. */
  ended(progress: StudyProgress): void;
  /** Leaves the last state on the screen. */
  finish(): void;
}

/** A display for `--quiet` and `--json`. */
export const silentStudyDisplay: StudyDisplay = { ended() {}, finish() {} };

const redrawEvery = 80;

/** @param now milliseconds  @param before what the study has come to until now */
export function openStudyDisplay(context: CliContext, now: () => number, before: StudyProgress): StudyDisplay {
  return context.live ? new LiveStudyDisplay(context, now, before) : new PlainStudyDisplay(context, now, before);
}

/** The state of a study and how fast it goes. */
class Pulse {
  progress: StudyProgress;
  private readonly context: CliContext;
  private readonly now: () => number;
  private readonly startedAt: number;
  private readonly doneBefore: number;

  constructor(context: CliContext, now: () => number, before: StudyProgress) {
    this.context = context;
    this.now = now;
    this.progress = before;
    this.startedAt = now();
    this.doneBefore = this.done;
  }

  get done(): number {
    const { complete, pruned, failed } = this.progress;
    return complete + pruned + failed;
  }

  /** `42/100  ███░░░  3.1 trials/s  5 pruned  1 failed  12 s left` */
  progressLine(bar: boolean): string {
    const { context, done } = this;
    const { total, pruned, failed } = this.progress;
    const seconds = (this.now() - this.startedAt) / 1000;
    const rate = seconds > 0 ? (done - this.doneBefore) / seconds : 0;
    const left = rate > 0 && done < total ? leftText((total - done) / rate, context) : "";
    const parts = [
      `${done}/${total}`,
      bar ? barOf(total > 0 ? Math.min(1, done / total) : 1) : "",
      rate > 0 ? context.text({ en: `${rateText(rate)} trials/s`, ja: `${rateText(rate)} 試行/秒` }) : "",
      pruned > 0 ? context.text({ en: `${pruned} pruned`, ja: `枝刈り ${pruned}` }) : "",
      failed > 0 ? context.text({ en: `${failed} failed`, ja: `失敗 ${failed}` }) : "",
      left,
    ];
    return parts.filter((part) => part !== "").join("  ");
  }

  /** `best 0.9423  trial 17  lr=0.0032 optimizer=adam` */
  bestLine(width: number): string {
    const { best } = this.progress;
    if (best === null) {
      return this.context.text({ en: "best –", ja: "最良 –" });
    }
    const value = formatNumber(best.value);
    const line = this.context.text({
      en: `best ${value}  trial ${best.number}`,
      ja: `最良 ${value}  試行 ${best.number}`,
    });
    return `${line}  ${fittedCells(paramsText(best.params), width - displayWidth(line) - 2)}`;
  }
}

function rateText(rate: number): string {
  return rate >= 100 ? String(Math.round(rate)) : String(Number(rate.toPrecision(2)));
}

/** `lr=0.0032 optimizer=adam` */
export function paramsText(params: Readonly<Record<string, ParameterValue>>): string {
  return Object.entries(params)
    .map(([name, value]) => printable(`${name}=${parameterText(value)}`))
    .join(" ");
}

class LiveStudyDisplay implements StudyDisplay {
  private readonly context: CliContext;
  private readonly pulse: Pulse;
  private readonly now: () => number;
  private drawn = false;
  private drawnAt = Number.NEGATIVE_INFINITY;

  constructor(context: CliContext, now: () => number, before: StudyProgress) {
    this.context = context;
    this.now = now;
    this.pulse = new Pulse(context, now, before);
    this.draw();
  }

  ended(progress: StudyProgress): void {
    this.pulse.progress = progress;
    if (this.now() - this.drawnAt >= redrawEvery) {
      this.draw();
    }
  }

  finish(): void {
    this.draw();
  }

  private draw(): void {
    const width = this.context.columns - 3;
    const full = this.pulse.progressLine(true);
    const first = displayWidth(full) <= width ? full : fittedCells(this.pulse.progressLine(false), width);
    // What the terminal echoed (^C) moved the cursor along the line.
    const up = this.drawn ? "\r\u001b[2A" : "";
    process.stdout.write(`${up}\u001b[0J  ${first}\n  ${this.pulse.bestLine(width)}\n`);
    this.drawn = true;
    this.drawnAt = this.now();
  }
}

/** Characters of the best trial in a log. */
const longestLine = 300;

/** A line at each tenth of the study and at its end, for logs and pipes. */
class PlainStudyDisplay implements StudyDisplay {
  private readonly context: CliContext;
  private readonly pulse: Pulse;
  private told: number;

  constructor(context: CliContext, now: () => number, before: StudyProgress) {
    this.context = context;
    this.pulse = new Pulse(context, now, before);
    this.told = this.tenth();
  }

  ended(progress: StudyProgress): void {
    this.pulse.progress = progress;
    if (this.tenth() > this.told) {
      this.told = this.tenth();
      this.context.print(`  ${this.pulse.progressLine(false)}  ${this.pulse.bestLine(longestLine)}`);
    }
  }

  finish(): void {}

  private tenth(): number {
    return Math.floor((10 * this.pulse.done) / Math.max(1, this.pulse.progress.total));
  }
}
