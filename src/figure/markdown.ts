import katex from "katex";
import { Marked } from "marked";

/** A formula as MathML: it needs no font and no style sheet. */
export function formula(tex: string, display: boolean): string {
  return katex.renderToString(tex, { output: "mathml", displayMode: display, throwOnError: true, strict: "error" });
}

const math = {
  extensions: [
    {
      name: "math",
      level: "inline" as const,
      start: (text: string) => text.indexOf("$"),
      tokenizer(text: string) {
        const found = /^(\$\$?)([^$]+)\1/.exec(text);
        return found === null ? undefined : { type: "math", raw: found[0], tex: found[2], display: found[1] === "$$" };
      },
      renderer: (token: { [key: string]: unknown }) => formula(String(token.tex), token.display === true),
    },
  ],
};

const marked = new Marked({ async: false }, math);

/** Markdown as HTML; `$…$` is a formula in the line, `$$…$$` one of its own. For texts of the project, not of strangers. */
export function markdown(text: string): string {
  return marked.parse(text) as string;
}
