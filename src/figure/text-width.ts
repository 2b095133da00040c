import { largestOf } from "../core/long-lists.ts";

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** What stands over the character before it, as the dots of か゛ in the names of files on macOS, or is not seen at all. */
const none = /[\p{Mn}\p{Me}\u200b-\u200f\u2060\ufeff]/u;

/** Terminal cells a text takes: two for each full-width character, none for a mark over another. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    width += cellsOf(character);
  }
  return width;
}

function cellsOf(character: string): number {
  // Below, all are of one cell.
  if (character < "\u0300") {
    return 1;
  }
  return none.test(character) ? 0 : wide.test(character) ? 2 : 1;
}

export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** About how many pixels a text takes at a font size, for layout without a browser. */
export function pixelWidth(text: string, size: number): number {
  return displayWidth(text) * size * 0.6;
}

/** A name that takes at most `limit` pixels at a font size, its end left out where it must be. */
export function fitted(name: string, limit: number, size: number): string {
  return cut(name, { least: 1, fits: (cells) => cells * size * 0.6 <= limit });
}

/** A text that takes at most `limit` terminal cells, its end left out where it must be. */
export function fittedCells(text: string, limit: number): string {
  return cut(text, { least: 0, fits: (cells) => cells <= limit });
}

/** In one pass: a name of others may be as long as a book. */
function cut(text: string, { least, fits }: { least: number; fits: (cells: number) => boolean }): string {
  if (text.length <= least + 1 || fits(displayWidth(text))) {
    return text;
  }
  let kept = "";
  let cells = 1;
  for (const character of text) {
    cells += cellsOf(character);
    if (kept.length + character.length > text.length - 2 || (kept.length >= least && !fits(cells))) {
      break;
    }
    kept += character;
  }
  return `${kept}…`;
}

/** Does not end a line. */
const opens = "[(「『【〔]*";
/** Does not begin one; and the spaces behind it. */
const closes = "[、。,.・:;!?)」』】〕ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々]*\\s*";
const full = "\\u3000-\\u9fff\\uff00-\\uffef";

/** What a line does not break within: a full-width character or a word. Of `parts` a word ends at a comma, a slash or a hyphen too. */
const pieces = {
  words: new RegExp(`${opens}(?:[${full}]|[^${full}\\s]+)${closes}|\\s+`, "g"),
  parts: new RegExp(`${opens}(?:[${full}]|[^${full}\\s,/-]+[,/-]*|[,/-]+)${closes}|\\s+`, "g"),
} as const;

/** Lines of at most `limit` terminal cells: broken at spaces, or between full-width characters. A longer word stays whole. */
export function wrapped(text: string, limit: number, at: keyof typeof pieces = "words"): string[] {
  const lines: string[] = [];
  let line = "";
  let cells = 0;
  for (const piece of text.match(pieces[at]) ?? []) {
    if (line !== "" && cells + displayWidth(piece.trimEnd()) > limit) {
      lines.push(line.trimEnd());
      line = "";
      cells = 0;
    }
    line += piece;
    cells += displayWidth(piece);
  }
  return line.trim() === "" ? lines : [...lines, line.trimEnd()];
}

/** The fewest terminal cells that {@link wrapped} can do with. */
export function leastWidth(text: string, at: keyof typeof pieces = "words"): number {
  return largestOf(
    (text.match(pieces[at]) ?? []).map((piece) => displayWidth(piece.trimEnd())),
    0,
  );
}
