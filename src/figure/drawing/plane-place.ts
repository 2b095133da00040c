import type { Language } from "../../core/text.ts";
import { type AxisScale, axisScale } from "../axis-scale.ts";
import type { PlanePanel } from "../figure-spec.ts";
import type { PanelBox } from "../layout.ts";
import { marginsOf, type PlaneMargins } from "../plane-frame.ts";

/** A panel's plotting area in pixels of the figure, with its scales. */
export interface PlanePlace {
  readonly panel: PlanePanel;
  readonly box: PanelBox;
  readonly margins: PlaneMargins;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: AxisScale;
  readonly y: AxisScale;
}

/** Places a panel's axes in its box. */
export function placePlane(panel: PlanePanel, box: PanelBox, language: Language): PlanePlace {
  const margins = { ...marginsOf(panel, box.width, language), right: box.plot.right };
  const left = box.x + margins.left;
  const right = box.x + box.width - margins.right;
  const top = box.top + margins.top;
  const bottom = top + box.plot.height;
  const options = { language, panelWidth: box.width };
  return {
    panel,
    box,
    margins,
    left,
    right,
    top,
    bottom,
    x: axisScale(panel, "x", [left, right], options),
    y: axisScale(panel, "y", [bottom, top], options),
  };
}
