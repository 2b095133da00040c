import { shortened } from "../../core/text.ts";
import type { Distribution, ParameterValue, TrialRecord } from "../../core/trial.ts";
import type { Axis } from "../../figure/figure-spec.ts";
import { sameDistribution } from "../space.ts";
import { remembered } from "./remembered.ts";
import { logTicks } from "./ticks.ts";
import { thinned } from "./trials.ts";

/** Choices that have a name on an axis; of more, some. */
const mostTicks = 24;
/** Characters of a name or a value that are shown. */
const longest = 60;

/** A hyper-parameter as an axis: over everything that its trials drew from. */
export interface Parameter {
  readonly name: string;
  readonly distribution: Distribution;
  readonly axis: Axis & { readonly domain: readonly [low: number, high: number] };
  /** A trial's place on the axis; null where the trial has none. A category's place is its number, from 0. */
  at(trial: TrialRecord): number | null;
  /** The same as a share of the axis, in [0, 1]. */
  share(trial: TrialRecord): number | null;
  /** The places of the axis a field is computed at: at most `count`, evenly spaced on its scale. */
  grid(count: number): number[];
}

/** Every hyper-parameter of some trial, in the order in which they were first declared. */
export const parametersOf = remembered((trials): readonly Parameter[] => {
  const merged = new Map<string, Distribution>();
  let before: TrialRecord["distributions"] | undefined;
  for (const { distributions } of trials) {
    if (distributions === before) {
      continue;
    }
    before = distributions;
    for (const [name, distribution] of Object.entries(distributions)) {
      const known = merged.get(name);
      if (known !== distribution && !sameDistribution(known, distribution)) {
        merged.set(name, known === undefined ? distribution : merge(known, distribution));
      }
    }
  }
  return [...merged].map(([name, distribution]) => parameterOf(name, distribution));
});

/** Both ranges; where the kind changed between trials, the later one. */
function merge(a: Distribution, b: Distribution): Distribution {
  if (a.kind === "category" && b.kind === "category") {
    const known = new Set(a.choices);
    const added = b.choices.filter((choice) => !known.has(choice));
    return added.length === 0 ? a : { kind: "category", choices: [...a.choices, ...added] };
  }
  return a.kind === "category" || b.kind === "category" || a.kind !== b.kind
    ? b
    : { ...b, low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

function parameterOf(name: string, distribution: Distribution): Parameter {
  return distribution.kind === "category" ? categoryOf(name, distribution) : numberOf(name, distribution);
}

function categoryOf(name: string, distribution: Distribution & { kind: "category" }): Parameter {
  const { choices } = distribution;
  const places = new Map(choices.map((choice, i) => [choice, i]));
  const at = ({ params }: TrialRecord) => (Object.hasOwn(params, name) ? (places.get(params[name]) ?? null) : null);
  const all = choices.map((_, i) => i);
  const ticks = thinned(all, mostTicks);
  return {
    name,
    distribution,
    axis: {
      label: shownName(name),
      domain: [-0.5, choices.length - 0.5],
      ticks,
      tickLabels: ticks.map((i) => parameterText(choices[i])),
    },
    at,
    share(trial) {
      const index = at(trial);
      return index === null ? null : choices.length === 1 ? 0.5 : index / (choices.length - 1);
    },
    grid: (count) => [...thinned(all, count)],
  };
}

function numberOf(name: string, distribution: Exclude<Distribution, { kind: "category" }>): Parameter {
  const { low, high, scale = "linear" } = distribution;
  const at = ({ params }: TrialRecord) => {
    const value = Object.hasOwn(params, name) ? params[name] : null;
    return typeof value === "number" && Number.isFinite(value) ? value : null;
  };
  const forth = scale === "log" ? Math.log : (v: number) => v;
  const back = scale === "log" ? Math.exp : (v: number) => v;
  const [from, to] = [forth(low), forth(high)];
  return {
    name,
    distribution,
    axis: {
      label: shownName(name),
      domain: low < high ? [low, high] : scale === "log" ? [low / 2, low * 2] : [low - 0.5, low + 0.5],
      ...(scale === "log" ? { scale, ...logTicks(low, high) } : {}),
    },
    at,
    share(trial) {
      const value = at(trial);
      return value === null ? null : from === to ? 0.5 : Math.min(1, Math.max(0, (forth(value) - from) / (to - from)));
    },
    grid: (count) => Array.from({ length: count }, (_, i) => back(from + ((to - from) * i) / (count - 1))),
  };
}

/** A name as it is shown: an objective may give one of any length. */
export function shownName(name: string): string {
  return shortened(name, longest);
}

/** A value as it is shown: numbers with four significant digits. */
export function parameterText(value: ParameterValue): string {
  if (typeof value !== "number" || Number.isInteger(value)) {
    return shortened(String(value), longest);
  }
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e6
    ? String(Number(value.toPrecision(4)))
    : value.toExponential(3).replace(/\.?0+e/, "e");
}
