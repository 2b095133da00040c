import type { Span } from "./along.ts";
import type { Layer, PlanePanel } from "./figure-spec.ts";
import { niceDomain, niceLogDomain } from "./ticks.ts";

/** The values an axis shows: as it says, else from the data, widened to round numbers. */
export function domainOf(panel: PlanePanel, which: "x" | "y"): readonly [number, number] {
  const { domain: told, scale } = panel[which];
  const log = scale === "log";
  const domain = told?.every(Number.isFinite) ? told : undefined;
  if (domain !== undefined && !(log && Math.min(domain[0], domain[1]) <= 0)) {
    return domain;
  }
  const [low, high] = dataRange(panel, which, log);
  if (domain !== undefined) {
    // A log axis cannot begin at 0: it begins at the least value there is.
    const top = domain[1] > 0 ? domain[1] : high;
    return [Math.min(niceLogDomain(low, high)[0], Math.max(Number.MIN_VALUE, top / 10)), top];
  }
  return log ? niceLogDomain(low, high) : niceDomain(low, high);
}

/** An axis of a panel, with its ends. */
export function spanOf(panel: PlanePanel, which: "x" | "y"): Span {
  return { domain: domainOf(panel, which), scale: panel[which].scale };
}

/** The least and the largest value along an axis; [0, 1] or [0.1, 1] when there are none. */
export function dataRange(panel: PlanePanel, which: "x" | "y", positive: boolean): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const take = (value: number | null | undefined) => {
    if (value !== null && value !== undefined && Number.isFinite(value) && (value > 0 || !positive)) {
      low = value < low ? value : low;
      high = value > high ? value : high;
    }
  };
  for (const layer of panel.layers) {
    eachValue(layer, which, positive, take);
  }
  if (low > high) {
    return positive ? [0.1, 1] : [0, 1];
  }
  if (low === high) {
    return positive ? aboutPositive(low) : about(low);
  }
  return [low, high];
}

/** A range about one value, which is in its middle. */
function about(value: number): [number, number] {
  // A half is lost beside large numbers.
  const half = Math.max(0.5, Math.abs(value) / 1e6);
  return [Math.max(-Number.MAX_VALUE, value - half), Math.min(Number.MAX_VALUE, value + half)];
}

function aboutPositive(value: number): [number, number] {
  return [Math.max(Number.MIN_VALUE, value / 10), Math.min(Number.MAX_VALUE, value * 10)];
}

function eachValue(
  layer: Layer,
  which: "x" | "y",
  log: boolean,
  take: (value: number | null | undefined) => void,
): void {
  switch (layer.kind) {
    case "curve":
    case "path":
    case "points":
      each(layer[which], take);
      break;
    case "band":
      if (which === "x") {
        each(layer.x, take);
      } else {
        each(layer.low, take);
        each(layer.high, take);
      }
      break;
    case "bars":
      if (which === "x") {
        each(layer.edges, take);
      } else {
        take(0);
        each(layer.counts, take);
      }
      break;
    case "spans":
      if (which === "x") {
        each(layer.low, take);
        each(layer.high, take);
      } else {
        for (const y of layer.y) {
          take(y - layer.height / 2);
          take(y + layer.height / 2);
        }
      }
      break;
    case "contour":
    case "heat": {
      // A cell reaches half a step beyond its point, on the axis's scale.
      const at = layer.grid[which];
      if (log && at[0] > 0) {
        const half = at.length > 1 ? Math.sqrt(at[1] / at[0]) : Math.exp(0.5);
        take(at[0] / half);
        take(at[at.length - 1] * half);
        break;
      }
      const half = at.length > 1 ? (at[1] - at[0]) / 2 : 0.5;
      take(at[0] - half);
      take(at[at.length - 1] + half);
      break;
    }
    case "rule":
      if (layer.axis === which) {
        take(layer.at);
      }
      break;
    case "label":
      take(layer[which]);
      break;
  }
}

function each(values: readonly (number | null)[], take: (value: number | null) => void): void {
  for (let i = 0; i < values.length; i++) {
    take(values[i]);
  }
}
