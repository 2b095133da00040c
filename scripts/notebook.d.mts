export declare const languages: readonly string[];
export interface Cell {
  kind: "en" | "ja" | "code";
  source: string;
}
/** What a cell printed (`text`) or displayed (`data`, by MIME type). */
export interface Output {
  output_type: "stream" | "display_data";
  text?: string;
  data?: Record<string, string>;
}
export declare function cellsOf(text: string): Cell[];
export declare function codeOf(cells: readonly Cell[], language: string): string[];
export declare function runInDeno(sources: readonly string[], native?: string): Output[][];
export declare function kernelsOf(notebook: unknown): string;
