import type { Attachment } from "svelte/attachments";
import type { Hyper, HyperValue } from "../../core/hyper.ts";
import type { Text } from "../../core/text.ts";

/** A slider's places 0 … 1 over a range of numbers. */
export interface Slider {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly whole: boolean;
  /** Of the places. */
  readonly step: number;
}

/** Values shown around the usual one where a setting itself has no bound. */
const reach = 1000;

/** The slider of a numeric setting; null for the others. */
export function sliderOf(hyper: Hyper, usual: HyperValue): Slider | null {
  if ((hyper.kind !== "real" && hyper.kind !== "integer") || typeof usual !== "number") {
    return null;
  }
  const whole = hyper.kind === "integer";
  const log = hyper.scale === "log";
  const size = Math.abs(usual) || 1;
  if (log) {
    const from = usual > 0 ? usual : 1e-3;
    const low = Math.max(hyper.min ?? 0, from / reach, whole ? 1 : 0);
    const high = Math.min(hyper.max ?? Number.POSITIVE_INFINITY, from * reach);
    return high > low ? { ...endsOf(hyper, low, high), log, whole, step: 0.002 } : null;
  }
  const low = hyper.min ?? usual - 2 * size;
  const high = hyper.max ?? usual + 2 * size;
  return high > low ? { ...endsOf(hyper, low, high), log, whole, step: 0.002 } : null;
}

/** The ends of a slider, both of them values: a bound that is none itself is not reached. */
function endsOf(hyper: Hyper, low: number, high: number): Pick<Slider, "low" | "high"> {
  if (hyper.kind === "integer") {
    return { low: Math.ceil(low), high: Math.floor(high) };
  }
  const inset = (high - low) / 1000;
  return { low: takes(hyper, low) ? low : low + inset, high: takes(hyper, high) ? high : high - inset };
}

function takes(hyper: Hyper, value: number): boolean {
  try {
    hyper.check(value, "");
    return true;
  } catch {
    return false;
  }
}

export function toSlider({ low, high, log }: Slider, value: number): number {
  const place = log ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.min(1, Math.max(0, place));
}

/** The value at a place, to three digits: a slider is for trying out. */
export function fromSlider({ low, high, log, whole }: Slider, place: number): number {
  const value = log ? low * (high / low) ** place : low + (high - low) * place;
  const rounded = whole ? Math.round(value) : Number(value.toPrecision(3));
  return Math.min(high, Math.max(low, rounded));
}

/** Whether a setting with options also takes a plain number, as `weightInit` a standard deviation. */
export function acceptsNumbers(hyper: Hyper): boolean {
  return takes(hyper, 0.5);
}

/**
 * Puts a range input at its place whenever the place or the bound changes. One that is given its value while the bound
 * is lower is cut to the bound, and would stay there when the bound grows.
 */
export function sliderAt(place: () => { readonly value: number; readonly max: number }): Attachment<HTMLInputElement> {
  return (slider) => {
    const { value, max } = place();
    slider.max = String(max);
    slider.value = String(value);
  };
}

/** A setting's range, as it stands below its control; empty where the control shows all there is. */
export function rangeOf({ kind, min, max, range }: Hyper): Text {
  switch (kind) {
    case "real":
      return min === undefined && max === undefined ? "" : range;
    case "integer":
      return range;
    case "sizes":
      return { en: "widths such as 100,100 or 100x4", ja: "100,100 や 100x4 のように指定" };
    default:
      return "";
  }
}
