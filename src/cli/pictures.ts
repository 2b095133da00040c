import { saidBy } from "../core/errors.ts";
import { inLanguage, type Text } from "../core/text.ts";
import type { FigureSpec } from "../figure/figure-spec.ts";
import { reportPage } from "../figure/report.ts";
import type { ReportSpec } from "../figure/report-spec.ts";
import { pngLanguage, pngNote } from "../node/figure/png.ts";
import { RenderError, Renderer } from "../node/figure/renderer.ts";
import type { CliContext } from "./context.ts";
import { drawingEnd } from "./interrupt.ts";
import { writeOutputs } from "./outputs.ts";

/** Pixels of the SVG files; PNG has twice as many. */
const figureWidth = 860;

/** A figure that becomes `<name>.svg` and `<name>.png`; making it may throw as drawing it may. */
export interface Picture {
  readonly name: string;
  /** Null where there is nothing to show. */
  readonly figure: () => FigureSpec | null;
}

/** What is to be drawn into a folder. */
export interface Drawing {
  readonly folder: string;
  readonly pictures: readonly Picture[];
  /** Becomes `report.html`. */
  readonly report?: () => ReportSpec;
}

/** What came of a drawing. */
export interface Drawn {
  readonly paths: readonly string[];
  /** Sentences for the files that are missing. */
  readonly missing: readonly Text[];
  /** What else a reader should know. */
  readonly notes: readonly Text[];
  /** The sections of the report, for a page of several; null where they are missing. */
  readonly sections: readonly (string | null)[];
  /** The person did not wait for all of it. */
  readonly stopped: boolean;
}

/**
 * Draws and writes: each figure's SVG, then the report, then each PNG, each file as soon as it is drawn. A file that cannot
 * be drawn is missing and nothing else.
 * @throws DataError when a file cannot be written
 */
export async function writePictures(
  { folder, pictures, report }: Drawing,
  renderer: Renderer,
  { language }: Pick<CliContext, "language">,
): Promise<Drawn> {
  const paths: string[] = [];
  const lost: { name: string; reason: Text }[] = [];
  const notes: Text[] = [];
  const sections: (string | null)[] = [];
  let stopped = false;
  const attempt = async (name: string, action: () => Promise<void> | void) => {
    let failure: unknown;
    try {
      await action();
      return;
    } catch (error) {
      failure = error;
    }
    if (failure instanceof RenderError && failure.kind === "stopped") {
      stopped = true;
    } else {
      lost.push({ name, reason: failure instanceof RenderError ? failure.reason : saidBy(failure) });
    }
  };
  const write = (name: string, contents: string | Uint8Array) => {
    toWrite.push({ name, contents });
  };
  const toWrite: { name: string; contents: string | Uint8Array }[] = [];
  /** Outside of `attempt`: a full disk is no matter of drawing. */
  const flush = () => paths.push(...writeOutputs(folder, toWrite.splice(0)));

  const figures = new Map<string, FigureSpec>();
  const markup = new Map<string, string>();
  for (const { name, figure } of pictures) {
    await attempt(`${name}.svg`, async () => {
      const spec = figure();
      if (spec !== null) {
        const svg = await renderer.svg(spec, { language, width: figureWidth });
        // What cannot be drawn as SVG need not be tried as PNG.
        figures.set(name, spec);
        markup.set(name, svg);
        write(`${name}.svg`, `${svg}\n`);
      }
    });
    flush();
  }
  if (report !== undefined) {
    await attempt("report.html", async () => {
      const spec = report();
      for (const section of spec.sections) {
        sections.push(await renderer.section(section));
      }
      write("report.html", reportPage(spec, sections as string[], { language }));
    });
    flush();
  }
  const inPng = pngLanguage(language);
  for (const [name, figure] of figures) {
    await attempt(`${name}.png`, async () => {
      const own = inPng === language ? markup.get(name) : undefined;
      const svg = own ?? (await renderer.svg(figure, { language: inPng, width: figureWidth }));
      write(`${name}.png`, await renderer.png(svg));
      if (inPng !== language && notes.length === 0) {
        notes.push(pngNote);
      }
    });
    flush();
  }
  return { paths, missing: missingTexts(folder, lost), notes, sections, stopped };
}

/** A sentence a reason, so that a renderer that is missing is told of once. */
function missingTexts(folder: string, lost: readonly { readonly name: string; readonly reason: Text }[]): Text[] {
  const groups = Map.groupBy(lost, ({ reason }) => inLanguage(reason, "en"));
  return [...groups.values()].map((group) => {
    const [{ reason }] = group;
    const names = group.map(({ name }) => name);
    return {
      en: `${folder}: ${names.join(", ")} must be drawn, got ${trimmed(inLanguage(reason, "en"))}. Records, tables and the other pictures are written.`,
      ja: `${folder}: ${names.join("、")} を出力できませんでした(${trimmed(inLanguage(reason, "ja"))})。記録・表・ほかの図は出力済みです。`,
    };
  });
}

function trimmed(sentence: string): string {
  return sentence.replace(/[.。]$/, "");
}

/** Closes a renderer when drawing must be over. */
export function closeAt(end: AbortSignal, renderer: Renderer): void {
  if (end.aborted) {
    renderer.close();
  } else {
    end.addEventListener("abort", () => renderer.close(), { once: true });
  }
}

/**
 * Draws with a renderer of its own, says what is missing, and sets the exit code. Gives the paths.
 * @param stop drawing ends soon after it has aborted
 * @param again the command that draws what was not drawn then
 */
export async function drawAndTell(
  drawing: Drawing,
  context: CliContext,
  { stop, again }: { readonly stop?: AbortSignal; readonly again?: string } = {},
): Promise<readonly string[]> {
  const renderer = new Renderer();
  if (stop !== undefined) {
    closeAt(drawingEnd(stop), renderer);
  }
  try {
    const drawn = await writePictures(drawing, renderer, context);
    tellOf(drawn, context);
    if (drawn.stopped) {
      context.warn(stoppedText(again));
    }
    return drawn.paths;
  } finally {
    renderer.close();
  }
}

/** Said when a person did not wait for the pictures. */
export function stoppedText(again: string | undefined): Text {
  return {
    en: `The pictures are not all drawn; the numbers are written.${again === undefined ? "" : ` To draw them: ${again}`}`,
    ja: `図はすべては描き終えていませんが、数値は出力済みです。${again === undefined ? "" : `図を描くには: ${again}`}`,
  };
}

/** Says what is missing of a drawing. A missing file is a failure of the command. */
export function tellOf({ missing, notes }: Pick<Drawn, "missing" | "notes">, context: CliContext): void {
  for (const text of [...missing, ...notes]) {
    context.warn(text);
  }
  if (missing.length > 0) {
    // 130 stays what it is.
    process.exitCode ||= 1;
  }
}
