import { largestOf } from "../core/long-lists.ts";
import type { RunEvent } from "../core/record.ts";
import type { Text } from "../core/text.ts";
import { tagText } from "../experiments/series.ts";
import { displayWidth, fittedCells, padEnd } from "../figure/text-width.ts";
import type { Task } from "../runs/experiment.ts";
import type { CliContext } from "./context.ts";

/** Shows how the tasks of a run come along. */
export interface ProgressDisplay {
  update(event: RunEvent): void;
  /** Leaves the last state on the screen. */
  finish(): void;
}

interface Line {
  readonly name: string;
  done: number;
  total: number;
  loss: number | null;
  startedAt: number;
  /** Iterations that were done when it was first heard of: a training that goes on begins in the middle. */
  from: number | null;
  lastAt: number;
  /** quarters that a plain line has told of */
  told: number;
}

/** Milliseconds between two redraws. */
const redrawEvery = 80;
const barWidth = 24;

/** Which of several runs this is, from 0. */
export interface Overall {
  readonly index: number;
  readonly count: number;
}

export function openDisplay(
  context: CliContext,
  tasks: readonly Task[],
  now: () => number,
  overall?: Overall,
): ProgressDisplay {
  return context.live ? new LiveDisplay(context, tasks, now, overall) : new PlainDisplay(context, tasks, now);
}

/** A display for `--quiet` and `--json`. */
export const silentDisplay: ProgressDisplay = { update() {}, finish() {} };

function linesOf(tasks: readonly Task[]): Line[] {
  const several = new Set(tasks.map(({ run }) => run)).size < tasks.length;
  return tasks.map(({ run, tags }) => {
    const told = Object.entries(tags).map(([key, value]) => `${key}=${tagText(value)}`);
    const name = several ? `${run} ${told.join(" ")}`.trim() : run;
    return { name, done: 0, total: 0, loss: null, from: null, startedAt: 0, lastAt: 0, told: 0 };
  });
}

function take(line: Line, { event }: RunEvent, time: number): boolean {
  line.startedAt ||= time;
  if (event.kind !== "progress") {
    return false;
  }
  line.from ??= event.done > 1 ? event.done : 0;
  if (line.from === event.done) {
    line.startedAt = time;
  }
  line.done = event.done;
  line.total = event.total;
  line.loss = event.loss;
  line.lastAt = time;
  return true;
}

function rate(line: Line): number {
  const seconds = (line.lastAt - line.startedAt) / 1000;
  return seconds > 0 ? (line.done - (line.from ?? 0)) / seconds : 0;
}

/** `12 s`, `3 min 5 s` */
export function duration(seconds: number): Text {
  if (!Number.isFinite(seconds)) {
    return "–";
  }
  const whole = Math.ceil(seconds);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  return whole < 60
    ? { en: `${whole} s`, ja: `${whole} 秒` }
    : { en: `${minutes} min ${rest} s`, ja: `${minutes} 分 ${rest} 秒` };
}

/** `12 s left`, `残り 12 秒` */
export function leftText(seconds: number, context: Pick<CliContext, "text">): string {
  const time = context.text(duration(seconds));
  return context.text({ en: `${time} left`, ja: `残り ${time}` });
}

/** `████░░░░`, of a share 0 … 1. */
export function barOf(share: number): string {
  const filled = Math.round(share * barWidth);
  return `${"█".repeat(filled)}${"░".repeat(barWidth - filled)}`;
}

function figures(line: Line, context: CliContext): string {
  const speed = rate(line);
  const left = line.done < line.total && speed > 0 ? (line.total - line.done) / speed : 0;
  const parts = [
    line.loss === null ? "" : `${context.text({ en: "loss", ja: "損失" })} ${line.loss.toFixed(4)}`,
    speed > 0 ? `${Math.round(speed)} ${context.text({ en: "it/s", ja: "回/秒" })}` : "",
    left > 0 ? leftText(left, context) : "",
  ];
  return parts.filter((part) => part !== "").join("  ");
}

/** One redrawn line a task; when there are more tasks than fit, the running ones and a count. */
class LiveDisplay implements ProgressDisplay {
  private readonly context: CliContext;
  private readonly lines: Line[];
  private readonly now: () => number;
  private readonly rows: number;
  private readonly overall: Overall | undefined;
  private drawn = 0;
  private drawnAt = Number.NEGATIVE_INFINITY;

  constructor(context: CliContext, tasks: readonly Task[], now: () => number, overall?: Overall) {
    this.context = context;
    this.lines = linesOf(tasks);
    this.now = now;
    this.overall = overall;
    this.rows = Math.max(3, Math.min(16, (process.stdout.rows ?? 24) - 4));
  }

  update(event: RunEvent): void {
    const time = this.now();
    take(this.lines[event.task], event, time);
    if (time - this.drawnAt >= redrawEvery) {
      this.draw(time);
    }
  }

  finish(): void {
    this.draw(this.now());
  }

  private draw(time: number): void {
    const shown =
      this.lines.length <= this.rows
        ? this.lines
        : this.lines.filter(({ done, total }) => done > 0 && done < total).slice(0, this.rows - 1);
    const out = shown.map((line) => this.render(line));
    if (shown.length < this.lines.length) {
      const ended = this.lines.filter(({ done, total }) => total > 0 && done === total).length;
      const all = this.lines.length;
      out.push(this.context.text({ en: `  ${ended} of ${all} runs done`, ja: `  ${all} 件中 ${ended} 件が完了` }));
    }
    if (this.overall !== undefined && this.overall.count > 1) {
      out.push(this.renderOverall(this.overall));
    }
    // What the terminal echoed (^C) moved the cursor along the line.
    const up = this.drawn > 0 ? `\r\u001b[${this.drawn}A` : "";
    process.stdout.write(`${up}\u001b[0J${out.map((line) => `${line}\n`).join("")}`);
    this.drawn = out.length;
    this.drawnAt = time;
  }

  /** One bar for all runs of the command. */
  private renderOverall({ index, count }: Overall): string {
    const shares = this.lines.map(({ done, total }) => (total > 0 ? done / total : 0));
    const here = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
    const share = (index + here) / count;
    const label = this.context.text({ en: `all ${count} runs`, ja: `全体 (${count} 件)` });
    return `  ${label}  ${barOf(share)} ${Math.floor(share * 100)}%`;
  }

  private render(line: Line): string {
    const { context } = this;
    const width = largestOf(this.lines.map(({ name }) => displayWidth(name)));
    const share = line.total > 0 ? line.done / line.total : 0;
    const bar = barOf(share);
    const percent = `${Math.floor(share * 100)}%`.padStart(4);
    const text = `  ${padEnd(line.name, width)}  ${bar} ${percent}  ${figures(line, context)}`;
    return displayWidth(text) <= context.columns
      ? text
      : fittedCells(`  ${padEnd(line.name, width)} ${percent}  ${figures(line, context)}`, context.columns - 1);
  }
}

/** A line at each quarter of a task, for logs and pipes. */
class PlainDisplay implements ProgressDisplay {
  private readonly context: CliContext;
  private readonly lines: Line[];
  private readonly now: () => number;

  constructor(context: CliContext, tasks: readonly Task[], now: () => number) {
    this.context = context;
    this.lines = linesOf(tasks);
    this.now = now;
  }

  update(event: RunEvent): void {
    const line = this.lines[event.task];
    if (!take(line, event, this.now())) {
      return;
    }
    const quarter = Math.floor((4 * line.done) / line.total);
    if (quarter > line.told) {
      line.told = quarter;
      this.context.print(`  ${line.name}: ${line.done}/${line.total}  ${figures(line, this.context)}`);
    }
  }

  finish(): void {}
}
