import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import {
  Decoration,
  EditorView,
  keymap,
  lineNumbers,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import { functions } from "../../formula/ast.ts";
import { given } from "../../formula/check.ts";

const words = Object.values(given).join("|");
const calls = Object.keys(functions).join("|");
const kinds = ["comment", "number", "call", "given"] as const;

/** Colours the update-rule language word by word; its meaning is `formula/parse.ts`. */
const matcher = new MatchDecorator({
  regexp: new RegExp(`(#.*)|(\\b\\d[\\d.]*(?:[eE][+-]?\\d+)?)|\\b(${calls})(?=\\s*\\()|\\b(${words})\\b`, "g"),
  decoration: (match) =>
    Decoration.mark({ class: `rule-${kinds[match.slice(1).findIndex((group) => group !== undefined)]}` }),
});
const coloured = ViewPlugin.fromClass(
  class {
    decorations;
    constructor(view: EditorView) {
      this.decorations = matcher.createDeco(view);
    }
    update(update: ViewUpdate): void {
      this.decorations = matcher.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

const look = EditorView.theme({
  "&": {
    fontSize: "0.95rem",
    background: "var(--surface)",
    color: "var(--ink)",
    border: "1px solid var(--muted)",
    borderRadius: "8px",
  },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "2px" },
  ".cm-content": { fontFamily: "var(--mono)", padding: "0.5rem 0", caretColor: "var(--ink)", minHeight: "4.6rem" },
  ".cm-gutters": { background: "transparent", color: "var(--muted)", border: "0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--accent-soft)",
  },
  // CodeMirror's own underline is an image in a data: address, which the page's policy need not allow.
  ".cm-lintRange-error, .cm-lintRange-error.cm-lintRange-active": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--danger) 1.5px",
    textUnderlineOffset: "4px",
    backgroundColor: "var(--danger-soft)",
  },
  ".rule-comment": { color: "var(--muted)", fontStyle: "italic" },
  ".rule-number": { color: "var(--good)" },
  ".rule-call": { color: "var(--focus)" },
  ".rule-given": { color: "var(--accent)", fontWeight: "bold" },
  ".cm-tooltip": { background: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--danger)" },
});

export interface CodeEditor {
  readonly text: string;
  replace(text: string): void;
  underline(problem: { readonly from: number; readonly to: number; readonly message: string } | null): void;
  enable(on: boolean): void;
  close(): void;
}

/**
 * Opens CodeMirror in a shadow root of `host`: there its styles are constructed sheets, which a strict
 * Content-Security-Policy allows.
 */
export function openCodeEditor(
  host: HTMLElement,
  {
    text,
    label,
    onchange,
  }: { readonly text: string; readonly label: string; readonly onchange: (text: string) => void },
): CodeEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open", delegatesFocus: true });
  const editable = new Compartment();
  let invalid = false;
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        history(),
        lineNumbers(),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        coloured,
        look,
        editable.of(EditorView.editable.of(true)),
        EditorView.contentAttributes.of(() => ({
          "aria-label": label,
          "aria-invalid": String(invalid),
          spellcheck: "false",
          autocapitalize: "off",
        })),
        EditorView.lineWrapping,
        EditorView.updateListener.of((update) => {
          if (update.docChanged) {
            onchange(update.state.doc.toString());
          }
        }),
      ],
    }),
  });
  return {
    get text() {
      return view.state.doc.toString();
    },
    replace: (next) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } }),
    underline: (problem) => {
      const length = view.state.doc.length;
      invalid = problem !== null;
      const diagnostics: Diagnostic[] =
        problem === null
          ? []
          : [
              {
                from: Math.min(problem.from, length),
                to: Math.min(problem.to, length),
                severity: "error",
                message: problem.message,
              },
            ];
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    enable: (on) => view.dispatch({ effects: editable.reconfigure(EditorView.editable.of(on)) }),
    close: () => view.destroy(),
  };
}
