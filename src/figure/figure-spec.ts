import type { Text } from "../core/text.ts";

/** A figure as plain JSON: panels in a grid, each with axes and layers. Renderers turn it into SVG, PNG, text, HTML. */
export interface FigureSpec {
  readonly id: string;
  readonly title: Text;
  readonly subtitle?: Text;
  /** Panels a row on a wide page. */
  readonly columns: number;
  /** Each row is one thing: where it does not fit, it is broken into lines of its own. */
  readonly keepRows?: boolean;
  readonly panels: readonly Panel[];
}

export type Panel = PlanePanel | SurfacePanel | ParallelPanel;

export interface Axis {
  readonly label: Text;
  /** Values shown; what lies outside is cut off. From the data when absent. */
  readonly domain?: readonly [low: number, high: number];
  readonly scale?: "linear" | "log";
  /** It counts: between whole numbers there is nothing to mark. */
  readonly whole?: boolean;
  readonly ticks?: readonly number[];
  /** Names of the ticks, as many as `ticks`; their numbers when absent. */
  readonly tickLabels?: readonly Text[];
}

/** Values as colours between the theme's low and high; what lies outside the domain has the colour of its end. */
export interface ColorScale {
  readonly label: Text;
  readonly domain: readonly [low: number, high: number];
  /** The low end is the strong colour: where smaller is better. */
  readonly reverse?: boolean;
}

/** A panel with an x and a y axis. */
export interface PlanePanel {
  readonly kind: "plane";
  readonly title?: Text;
  readonly x: Axis;
  readonly y: Axis;
  /** Height over width of the plotting area; 0.62 when absent. */
  readonly aspect?: number;
  /** Each curve's name stands at its end, where the panel is wide enough. */
  readonly namesAtEnds?: boolean;
  /** Drawn in order. */
  readonly layers: readonly Layer[];
}

/**
 * Colour, marker and dash of a named thing: its index in the palette (`figure/style.ts`), so that one run looks the same
 * in every panel.
 */
export type StyleIndex = number;

export type Layer = Curve | Path | Contour | Heat | Bars | Spans | Band | Points | Rule | Label;

/** Dashes by name, for several things in one colour. */
export type DashName = "solid" | "dashed" | "dotted" | "dashdot" | "long" | "sparse";

/** y over x; null is a gap. */
export interface Curve {
  readonly kind: "curve";
  readonly name: Text;
  readonly style: StyleIndex;
  /** `raw`: thin, faint, not in the legend. `smooth`: bold. `line`: plain. */
  readonly role: "raw" | "smooth" | "line";
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
  /** A marker at every so many-th point, from the first; none when absent. */
  readonly markEvery?: number;
  /** Overrides the style's dash, for two kinds of curve in one colour. */
  readonly dash?: DashName;
  /** From this x on the digits are not the same on every computer: pale and dashed, with a cross where it begins. */
  readonly horizon?: number;
  /** From this x on the run's numbers were no longer finite: pale and dashed, with a circled cross and the step where it begins. */
  readonly broken?: { readonly x: number; readonly step: number };
}

/** Points of a plane joined in order, a marker on each. */
export interface Path {
  readonly kind: "path";
  readonly name: Text;
  readonly style: StyleIndex;
  readonly x: readonly (number | null)[];
  readonly y: readonly (number | null)[];
}

/** z over a grid of x and y: z[j * x.length + i] is at (x[i], y[j]). */
export interface Grid {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly z: readonly (number | null)[];
}

/** Lines of equal z. */
export interface Contour {
  readonly kind: "contour";
  readonly grid: Grid;
  readonly levels: readonly number[];
}

/** A field in colours: a cell about each point of the grid, which is evenly spaced on the axes' scales. */
export interface Heat {
  readonly kind: "heat";
  readonly grid: Grid;
  readonly colors: ColorScale;
}

/** A histogram: counts[i] between edges[i] and edges[i+1]. */
export interface Bars {
  readonly kind: "bars";
  readonly name?: Text;
  readonly style: StyleIndex;
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** Bars that lie: from low[i] to high[i] along x, `height` high about y[i], in units of y. */
export interface Spans {
  readonly kind: "spans";
  readonly name?: Text;
  readonly style: StyleIndex;
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly y: readonly number[];
  readonly height: number;
}

/** The area between two curves. */
export interface Band {
  readonly kind: "band";
  readonly name?: Text;
  readonly style: StyleIndex;
  readonly x: readonly number[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** A scatter; with `value`, coloured by it on a perceptually even scale. Those with a name are in the legend. */
export interface Points {
  readonly kind: "points";
  readonly name?: Text;
  /** `dot` when absent. */
  readonly marker?: "dot" | "ring" | "cross";
  readonly style: StyleIndex;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly value?: readonly (number | null)[];
  /** From the values when absent, and then without a key beside the legend. */
  readonly colors?: ColorScale;
}

/** A line across the panel. */
export interface Rule {
  readonly kind: "rule";
  readonly axis: "x" | "y";
  readonly at: number;
  readonly label?: Text;
}

/** Words at a place. */
export interface Label {
  readonly kind: "label";
  readonly x: number;
  readonly y: number;
  readonly text: Text;
  /** They stand on the high end's colour of a scale, and are written in the background's. */
  readonly onHigh?: boolean;
}

/** z = f(x, y) as a wireframe. */
export interface SurfacePanel {
  readonly kind: "surface";
  readonly title?: Text;
  readonly x: Axis;
  readonly y: Axis;
  readonly z: Axis;
  readonly grid: Grid;
  /** Degrees, as Matplotlib's view_init. */
  readonly azimuth: number;
  readonly elevation: number;
}

/** Parallel coordinates: a vertical axis a quantity, a line across all of them a thing that has these quantities. */
export interface ParallelPanel {
  readonly kind: "parallel";
  readonly title?: Text;
  /** Each with a domain; drawn from left to right. */
  readonly axes: readonly (Axis & { readonly domain: readonly [low: number, high: number] })[];
  /** Drawn in order: the ones to be seen last. */
  readonly lines: readonly {
    /** As many as axes; null is a gap. */
    readonly at: readonly (number | null)[];
    /** Its colour. */
    readonly value: number | null;
  }[];
  readonly colors: ColorScale;
}
