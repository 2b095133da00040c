import { DataError } from "../../core/errors.ts";
import type { RunEvent, TaskEvent } from "../../core/record.ts";

/**
 * The events of one append as JSON text, or null when nothing in them is recorded. Points of one series are joined,
 * `progress` and `snapshot` are left out, numbers that are not finite become null.
 * @throws DataError when an x is not finite: such a point has no place in a series
 */
export function encodeChunk(events: readonly RunEvent[]): string | null {
  const kept: RunEvent[] = [];
  const joined = new Map<string, { x: number[]; y: (number | null)[] }>();
  for (const { task, event } of events) {
    if (event.kind === "progress" || event.kind === "snapshot") {
      continue;
    }
    if (event.kind !== "points") {
      kept.push({ task, event });
      continue;
    }
    const bad = event.x.find((x) => !Number.isFinite(x));
    if (bad !== undefined || event.x.length !== event.y.length) {
      throw new DataError({
        en: `run store: points must have as many finite x as y, got ${bad ?? `${event.x.length} x and ${event.y.length} y`} in ${event.run} ${event.metric}. This is a fault of the experiment.`,
        ja: `run store: points の x と y は同じ数で、x は有限の数でなければなりません(${event.run} ${event.metric} で ${bad ?? `x が ${event.x.length} 個、y が ${event.y.length} 個`})。実験側の不具合です。`,
      });
    }
    const key = JSON.stringify([task, event.run, event.tags, event.metric]);
    const earlier = joined.get(key);
    if (earlier === undefined) {
      const points = { ...event, x: [...event.x], y: [...event.y] };
      joined.set(key, points);
      kept.push({ task, event: points });
    } else {
      for (let i = 0; i < event.x.length; i++) {
        earlier.x.push(event.x[i]);
        earlier.y.push(event.y[i]);
      }
    }
  }
  return kept.length === 0 ? null : JSON.stringify(kept.map(({ task, event }) => [task, event]));
}

/** What {@link encodeChunk} was given. @throws SyntaxError or DataError when the text is damaged */
export function decodeChunk(text: string): RunEvent[] {
  const pairs = JSON.parse(text) as [task: number, event: TaskEvent][];
  return pairs.map(([task, event]) => {
    if (!Number.isInteger(task) || !isWhole(event)) {
      throw new DataError({
        en: "run store: a chunk must hold events, got something else. Restore a copy of the store.",
        ja: "run store: チャンクの中身がイベントではありません。ストアの控えを復元してください。",
      });
    }
    return { task, event };
  });
}

/** Whether an event has the parts that records are made of. */
function isWhole(event: TaskEvent): boolean {
  switch (event.kind) {
    case "points":
      return (
        typeof event.run === "string" &&
        typeof event.metric === "string" &&
        isObject(event.tags) &&
        Array.isArray(event.x) &&
        Array.isArray(event.y) &&
        event.x.length === event.y.length &&
        event.x.every(Number.isFinite) &&
        event.y.every((y) => y === null || Number.isFinite(y))
      );
    case "note":
      return isObject(event.note) && isObject(event.note.tags);
    case "histogram":
      return isObject(event.histogram) && Array.isArray(event.histogram.edges);
    case "check":
      return isObject(event.check);
    default:
      return typeof event.kind === "string";
  }
}

function isObject(value: unknown): boolean {
  return value !== null && typeof value === "object";
}
