import type { Text } from "../core/text.ts";
import type { FigureSpec } from "./figure-spec.ts";
import type { ShownCell } from "./format-cell.ts";

/** A page that explains finished runs, as plain JSON: one section an experiment. */
export interface ReportSpec {
  readonly title: Text;
  /** Where it came from, in one line. */
  readonly provenance: Text;
  readonly sections: readonly ReportSection[];
}

export interface ReportSection {
  /** Unique in the page. */
  readonly id: string;
  /** Its section in the book, or of what goes on from it; none when absent. */
  readonly label?: Text;
  readonly title: Text;
  readonly summary: Text;
  /** Markdown with formulas between dollar signs, a language each. */
  readonly prose: { readonly en: string; readonly ja: string };
  readonly figures: readonly FigureSpec[];
  readonly table: ReportTable;
  /** Further tables, closed until opened. */
  readonly details: readonly (ReportTable & { readonly title: Text })[];
  /** What this run shows that a reader could miss. */
  readonly findings: readonly Text[];
  /** What a reader should know of this run: divergence, failure. */
  readonly notes: readonly Text[];
  readonly formulas: readonly { readonly name: string; readonly tex: string; readonly source?: string }[];
  readonly settings: readonly {
    readonly name: string;
    readonly value: string;
    readonly book: string;
    readonly about: Text;
  }[];
  readonly facts: readonly { readonly name: Text; readonly value: Text }[];
}

export interface ReportTable {
  readonly columns: readonly Text[];
  readonly rows: readonly (readonly ShownCell[])[];
}
