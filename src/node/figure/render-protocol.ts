import type { FigureSpec } from "../../figure/figure-spec.ts";
import type { ReportSection } from "../../figure/report-spec.ts";
import type { SvgOptions } from "../../figure/svg.ts";

/** What the rendering process is asked to draw. */
export type RenderJob =
  | { readonly kind: "svg"; readonly spec: FigureSpec; readonly options: SvgOptions }
  | { readonly kind: "section"; readonly section: ReportSection }
  | { readonly kind: "png"; readonly svg: string; readonly density: number };

/** What came of it: markup, or the bytes of a PNG; or the reason why there is none. */
export type RenderAnswer = { readonly drawn: string | Uint8Array } | { readonly failure: string };
