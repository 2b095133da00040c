import { DataError } from "../../core/errors.ts";
import { anything, listOf, Misfit, type Reader, whole } from "../../core/json-shape.ts";
import type { RunEvent, TaskEvent } from "../../core/record.ts";
import { recordedEvent } from "../../core/record-shape.ts";

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

/**
 * What {@link encodeChunk} was given, without what only another version records.
 * @throws SyntaxError or DataError when the text is damaged
 */
export function decodeChunk(text: string): RunEvent[] {
  try {
    return listOf(pair)(JSON.parse(text), "chunk").flatMap(({ task, event }) =>
      event === null ? [] : [{ task, event }],
    );
  } catch (error) {
    if (!(error instanceof Misfit)) {
      throw error;
    }
    throw new DataError({
      en: `run store: ${error.at} must be ${error.must.en}, got ${error.got}. Restore a copy of the store.`,
      ja: `run store: ${error.at} は${error.must.ja}でなければなりません(${error.got})。ストアの控えを復元してください。`,
    });
  }
}

const pair: Reader<{ readonly task: number; readonly event: TaskEvent | null }> = (value, at) => {
  const [task, event] = listOf(anything, 2)(value, at);
  return { task: whole(0)(task, `${at}[0]`), event: recordedEvent(event, `${at}[1]`) };
};
