import { csvText } from "../core/csv.ts";
import { tensorboardBytes } from "../formats/tensorboard.ts";
import type { ModelHistory } from "./model-state.ts";

const utf8 = new TextEncoder();

/** Epochs of a history: of its longest list. */
function epochsOf(history: ModelHistory): number {
  return Math.max(0, ...Object.values(history).map(({ length }) => length));
}

/** A line an epoch, from 0: `epoch,loss,valLoss,valAccuracy`; what was not finite is an empty cell. */
export function historyCsv(history: ModelHistory): Uint8Array {
  const names = Object.keys(history);
  const rows = Array.from({ length: epochsOf(history) }, (_, epoch) => [
    epoch,
    ...names.map((name) => history[name][epoch] ?? null),
  ]);
  return utf8.encode(csvText([["epoch", ...names], ...rows]));
}

/** Lists by name, one number an epoch; what was not finite is null. */
export function historyJson(history: ModelHistory): Uint8Array {
  return utf8.encode(`${JSON.stringify(history)}\n`);
}

/**
 * An event file for TensorBoard, a step an epoch: `valLoss` is the tag `loss/validation`, `loss` is `loss/training`, so that
 * both are in one section. What was not finite is left out.
 * @param time of the first epoch, seconds since 1970; each epoch is a second
 */
export function historyEvents(history: ModelHistory, time: number): Uint8Array {
  const events = Array.from({ length: epochsOf(history) }, (_, step) => ({
    time: time + step,
    step,
    scalars: Object.fromEntries(
      Object.entries(history).flatMap(([name, values]): [string, number][] => {
        const value = values[step] ?? null;
        return value === null ? [] : [[tagOf(name), value]];
      }),
    ),
  }));
  return tensorboardBytes(events);
}

function tagOf(name: string): string {
  const of = /^val([A-Z].*)$/.exec(name)?.[1];
  return of === undefined ? `${name}/training` : `${of[0].toLowerCase()}${of.slice(1)}/validation`;
}
