import { saidBy } from "../core/errors.ts";
import type { FigureSpec } from "../figure/figure-spec.ts";
import { renderTerminal } from "../figure/terminal.ts";
import type { CliContext } from "./context.ts";

/** Characters a line of a printed figure has at most. */
const widest = 100;

/**
 * Prints a figure in characters; one that cannot be made or drawn costs a sentence. Gives false when there is none.
 * @param make may throw, or give null where there is nothing to show
 * @param rows lines of a panel: of one alone, and of one of several
 */
export function printFigureOf(
  make: () => FigureSpec | null,
  rows: { readonly one: number; readonly several: number },
  context: CliContext,
): boolean {
  const { language, color } = context;
  let drawn: string;
  try {
    const figure = make();
    if (figure === null) {
      return false;
    }
    const columns = Math.min(context.columns, widest);
    const height = figure.panels.length > 1 ? rows.several : rows.one;
    drawn = renderTerminal(figure, { language, color, columns, rows: height }).trimEnd();
  } catch (error) {
    const { en, ja } = saidBy(error);
    context.warn({
      en: `The figure could not be drawn in the terminal: ${en}`,
      ja: `ターミナルに図を描けませんでした: ${ja}`,
    });
    return true;
  }
  context.print(drawn);
  return true;
}
