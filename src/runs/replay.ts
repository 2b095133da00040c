import { DataError } from "../core/errors.ts";
import type { RunEvent, TaskEvent } from "../core/record.ts";

/** What one task had recorded, and how much of it has come again. */
interface Heard {
  ended: boolean;
  readonly points: Map<string, { y: (number | null)[]; x: number[]; again: number }>;
  /** Notes, histograms and checks as JSON, by kind. */
  readonly others: Map<string, { texts: string[]; again: number }>;
}

/** Notes that tell of a process, not of the training: a repetition does not give them again. */
const ofProcess = ["interrupted", "failed"];

/**
 * Lets a run be gone on with whose process died: its unfinished tasks are run again from their beginning, and of what they
 * say only that is passed on which had not been recorded. A run is a pure function of its settings, seed, kernels and
 * dtype, so the repeated part must be the same to the bit, and is checked to be.
 */
export class Replay {
  private readonly tasks = new Map<number, Heard>();

  /** @param recorded all that was recorded, in order */
  constructor(recorded: Iterable<RunEvent>) {
    for (const { task, event } of recorded) {
      const heard = this.of(task);
      if (event.kind === "points") {
        const points = pointsOf(heard, event);
        for (let i = 0; i < event.x.length; i++) {
          points.x.push(event.x[i]);
          points.y.push(event.y[i]);
        }
      } else if (event.kind === "ended" || (event.kind === "note" && event.note.kind === "failed")) {
        heard.ended = true;
      } else if (event.kind !== "data" && (event.kind !== "note" || !ofProcess.includes(event.note.kind))) {
        othersOf(heard, event.kind).texts.push(JSON.stringify(event));
      }
    }
  }

  /** Whether a task came to its end, and is not to be run again. */
  ended(task: number): boolean {
    return this.tasks.get(task)?.ended === true;
  }

  /**
   * What of an event has not been recorded yet; null when all of it has.
   * @throws DataError when the task says something else than it did the first time
   */
  rest({ task, event }: RunEvent): RunEvent | null {
    const heard = this.tasks.get(task);
    if (heard === undefined || event.kind === "progress" || event.kind === "snapshot" || event.kind === "ended") {
      return { task, event };
    }
    if (event.kind === "points") {
      return this.restOfPoints(heard, task, event);
    }
    if (event.kind === "note" && ofProcess.includes(event.note.kind)) {
      return { task, event };
    }
    const others = othersOf(heard, event.kind);
    if (others.again >= others.texts.length) {
      return { task, event };
    }
    if (others.texts[others.again++] !== JSON.stringify(event)) {
      throw differs(task, event.kind);
    }
    return null;
  }

  private restOfPoints(heard: Heard, task: number, event: Extract<TaskEvent, { kind: "points" }>): RunEvent | null {
    const points = pointsOf(heard, event);
    const known = Math.min(event.x.length, points.x.length - points.again);
    for (let i = 0; i < known; i++) {
      const y = event.y[i];
      const sameY = points.y[points.again + i] === (Number.isFinite(y) ? y : null);
      if (points.x[points.again + i] !== event.x[i] || !sameY) {
        throw differs(task, `${event.run} ${event.metric} at ${event.x[i]}`);
      }
    }
    points.again += known;
    return known === event.x.length
      ? null
      : { task, event: { ...event, x: event.x.slice(known), y: event.y.slice(known) } };
  }

  private of(task: number): Heard {
    let heard = this.tasks.get(task);
    if (heard === undefined) {
      heard = { ended: false, points: new Map(), others: new Map() };
      this.tasks.set(task, heard);
    }
    return heard;
  }
}

function pointsOf({ points }: Heard, { run, tags, metric }: Extract<TaskEvent, { kind: "points" }>) {
  const key = JSON.stringify([run, tags, metric]);
  let found = points.get(key);
  if (found === undefined) {
    found = { x: [], y: [], again: 0 };
    points.set(key, found);
  }
  return found;
}

function othersOf({ others }: Heard, kind: string) {
  let found = others.get(kind);
  if (found === undefined) {
    found = { texts: [], again: 0 };
    others.set(kind, found);
  }
  return found;
}

function differs(task: number, what: string): DataError {
  return new DataError({
    en: `resume: a repeated task must give the same numbers again, got others in task ${task} (${what}). The engine has changed: run it anew.`,
    ja: `resume: やり直したタスク ${task} の数値が記録と一致しません(${what})。計算エンジンが変わっています。新しい実行としてやり直してください。`,
  });
}
