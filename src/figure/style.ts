/** How one run looks: told apart by colour, by marker and by dash, so that no one of them is needed. */
export interface RunStyle {
  readonly color: string;
  /** o x s D come first, as in the chapter's figures. */
  readonly marker: "circle" | "times" | "square" | "diamond" | "triangle" | "plus" | "star" | "wye";
  /** SVG's dash pattern; empty is solid. */
  readonly dash: string;
}

/** Colours after Okabe & Ito 2008 (safe for colour-blind readers), darkened to stand on white and on black. */
const styles: readonly RunStyle[] = [
  { color: "#0072b2", marker: "circle", dash: "" },
  { color: "#d55e00", marker: "times", dash: "7 3" },
  { color: "#009e73", marker: "square", dash: "2.5 2.5" },
  { color: "#b0589a", marker: "diamond", dash: "9 3 2 3" },
  { color: "#bf8300", marker: "triangle", dash: "12 4" },
  { color: "#3595cc", marker: "plus", dash: "5 2 1 2 1 2" },
  { color: "#7d6bc4", marker: "star", dash: "1.5 3" },
  { color: "#7a7a7a", marker: "wye", dash: "14 3 3 3" },
];

export function runStyle(index: number): RunStyle {
  return styles[index % styles.length];
}

export interface Theme {
  readonly background: string;
  readonly ink: string;
  readonly faint: string;
  /** Low to high values of a field. */
  readonly low: string;
  readonly high: string;
}

export const themes = {
  light: { background: "#ffffff", ink: "#1c1e21", faint: "#d9dce1", low: "#8fb8de", high: "#0b3c6f" },
  dark: { background: "#15181c", ink: "#e6e8eb", faint: "#3a4048", low: "#24507c", high: "#a9d3ff" },
  /** For SVG inside a page that defines these properties for its own light and dark. */
  page: { background: "var(--background)", ink: "var(--ink)", faint: "var(--faint)", low: "#7fa8d1", high: "#2a66a5" },
} as const satisfies Record<string, Theme>;
export type ThemeName = keyof typeof themes;

/**
 * Faces made for reading for what is Latin, then families that hold Japanese. SVG and reports are drawn by a reader's own
 * system: Windows has BIZ UDPGothic, whose Latin letters have hardly any descenders, and seldom Source Sans.
 */
export const fontFamily =
  '"Source Sans 3", "Source Sans Pro", "Segoe UI", "Helvetica Neue", Arial, "BIZ UDPGothic", "Hiragino Sans", "Noto Sans JP", "Yu Gothic UI", "Noto Sans CJK JP", Meiryo, system-ui, sans-serif';

/** The outline of a marker about the origin, in SVG's notation. */
export const outlines: Readonly<Record<RunStyle["marker"], string>> = {
  circle: "M4,0A4,4,0,1,1,-4,0A4,4,0,1,1,4,0Z",
  times: "M-3.5,-3.5L3.5,3.5M-3.5,3.5L3.5,-3.5",
  square: "M-3.6,-3.6H3.6V3.6H-3.6Z",
  diamond: "M0,-5L4,0L0,5L-4,0Z",
  triangle: "M0,-4.5L4.3,3L-4.3,3Z",
  plus: "M-4.5,0H4.5M0,-4.5V4.5",
  star: "M0,-5L1.2,-1.6L4.8,-1.5L1.9,0.6L2.9,4L0,2L-2.9,4L-1.9,0.6L-4.8,-1.5L-1.2,-1.6Z",
  wye: "M0,0V4.5M0,0L-3.9,-2.5M0,0L3.9,-2.5",
};
