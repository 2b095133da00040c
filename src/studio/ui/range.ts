import type { Hyper } from "../../core/hyper.ts";
import type { Text } from "../../core/text.ts";

/** A setting's range, as it stands below its control; empty where the control shows all there is. */
export function rangeOf({ kind, min, max }: Hyper): Text {
  const bounds = `${min ?? "−∞"} … ${max ?? "∞"}`;
  switch (kind) {
    case "real":
      return min === undefined && max === undefined ? "" : { en: `a number, ${bounds}`, ja: `実数、${bounds}` };
    case "integer":
      return { en: `a whole number, ${bounds}`, ja: `整数、${bounds}` };
    case "sizes":
      return { en: "widths such as 100,100 or 100x4", ja: "100,100 や 100x4 のように指定" };
    default:
      return "";
  }
}
