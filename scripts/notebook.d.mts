export interface Cell {
  kind: string;
  source: string;
}
export function cellsOf(text: string): Cell[];
export function codeOf(cells: readonly Cell[], language: string): string[];
export function runInDeno(sources: readonly string[]): Record<string, string>[][];
