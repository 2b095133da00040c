import { escapeText } from "../core/printable.ts";
import { inLanguage, type Language, languages, type Text } from "../core/text.ts";
import type { FigureSpec } from "./figure-spec.ts";
import { formatCell, type ShownCell } from "./format-cell.ts";
import { formula, markdown } from "./markdown.ts";
import type { ReportSection, ReportSpec, ReportTable } from "./report-spec.ts";
import { reportStyle } from "./report-style.ts";
import { renderSvg } from "./svg.ts";

export interface ReportOptions {
  /** The language it opens in; both are inside. */
  readonly language: Language;
}

const labels = {
  language: { en: "Language", ja: "言語" },
  results: { en: "Results", ja: "結果" },
  rules: { en: "Formulas", ja: "数式" },
  settings: { en: "Settings and origin", ja: "設定と実行環境" },
  setting: { en: "setting", ja: "設定" },
  value: { en: "value", ja: "値" },
  book: { en: "book", ja: "本の値" },
  meaning: { en: "meaning", ja: "意味" },
  contents: { en: "Contents", ja: "目次" },
  notes: { en: "What happened", ja: "実行中の出来事" },
  changed: {
    en: "The text that follows speaks of the book's settings. Here these are others:",
    ja: "以下の解説は本の設定についてのものです。この実行では次の設定が本と異なります:",
  },
  undrawn: {
    en: "This figure could not be drawn; its numbers are in the files beside this page.",
    ja: "この図は描けませんでした。数値はこのページと同じフォルダーのファイルにあります。",
  },
} satisfies Record<string, Text>;

const languageNames: Readonly<Record<Language, string>> = { en: "English", ja: "日本語" };

/** A report with its sections drawn here and now: {@link reportPage}. */
export function renderReport(spec: ReportSpec, options: ReportOptions): string {
  return reportPage(
    spec,
    spec.sections.map((section) => renderSection(section)),
    options,
  );
}

/**
 * A page that needs nothing else: no script, no font, no address. Both languages are in it; radio buttons and a style rule
 * choose the one that shows.
 * @param sections each section of the report, as {@link renderSection} draws it
 */
export function reportPage(spec: ReportSpec, sections: readonly string[], { language }: ReportOptions): string {
  const switches = languages
    .map(
      (name) =>
        `<input type="radio" name="language" id="show-${name}"${name === language ? " checked" : ""}><label for="show-${name}" lang="${name}">${languageNames[name]}</label>`,
    )
    .join("");
  const contents =
    spec.sections.length < 2
      ? ""
      : `<nav>${both(labels.contents, "h2")}<ol>${spec.sections
          .map(({ id, label, title }) => `<li><a href="#${id}">${labelled(label)}${both(title)}</a></li>`)
          .join("")}</ol></nav>`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeText(inLanguage(spec.title, language))}</title>
<style>${reportStyle}</style>
</head>
<body>
<fieldset class="languages"><legend>${both(labels.language)}</legend>${switches}</fieldset>
<header>${both(spec.title, "h1")}${both(spec.provenance, "p")}</header>
<main>
${contents}
${sections.join("\n")}
</main>
</body>
</html>
`;
}

/** One experiment of a report. A figure that cannot be drawn leaves a sentence in its place. */
export function renderSection(section: ReportSection): string {
  const { id, label, title, summary, prose, figures, table, notes, formulas, settings, facts } = section;
  const { details, findings } = section;
  const parts = [
    `<h2>${labelled(label)}${both(title)}</h2>`,
    both(summary, "p", "summary"),
    ...figures.map((figure) => figureOrSentence(figure, id)),
    both(labels.results, "h3"),
    renderTable(table),
  ];
  if (findings.length > 0) {
    parts.push(`<ul class="findings">${findings.map((finding) => both(finding, "li")).join("")}</ul>`);
  }
  parts.push(
    ...details.map((detail) => `<details><summary>${both(detail.title)}</summary>${renderTable(detail)}</details>`),
  );
  if (notes.length > 0) {
    parts.push(both(labels.notes, "h3"), `<ul class="notes">${notes.map((note) => both(note, "li")).join("")}</ul>`);
  }
  const changed = settings.filter(({ value, book }) => value !== book).map(({ name }) => name);
  if (changed.length > 0 && inLanguage(prose, "en") !== "") {
    parts.push(
      `<p>${both(labels.changed)} ${changed.map((name) => `<code>${escapeText(name)}</code>`).join(", ")}</p>`,
    );
  }
  parts.push(
    languages.map((language) => `<div class="prose" lang="${language}">${markdown(prose[language])}</div>`).join(""),
  );
  if (formulas.length > 0) {
    const rows = formulas.map(
      ({ name, tex, source }) =>
        `<div class="formula"><h4>${escapeText(name)}</h4>${formula(tex, true)}${source === undefined ? "" : `<p>${escapeText(source)}</p>`}</div>`,
    );
    parts.push(both(labels.rules, "h3"), `<div class="formulas">${rows.join("")}</div>`);
  }
  const rows = settings.map(
    ({ name, value, book, about }) =>
      `<tr${value === book ? "" : ' class="changed"'}><th scope="row"><code>${escapeText(name)}</code></th><td>${escapeText(value)}</td><td>${escapeText(book)}</td><td>${both(about)}</td></tr>`,
  );
  const head = [labels.setting, labels.value, labels.book, labels.meaning]
    .map((label) => `<th scope="col">${both(label)}</th>`)
    .join("");
  const origin = facts.map(({ name, value }) => `<dt>${both(name)}</dt><dd>${both(value)}</dd>`).join("");
  const changes =
    rows.length === 0
      ? ""
      : `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
  parts.push(`<details><summary>${both(labels.settings)}</summary><dl>${origin}</dl>${changes}</details>`);
  return `<section id="${id}">\n${parts.join("\n")}\n</section>`;
}

/** Two drawings a language, for wide and narrow pages: the text of a picture scaled down could not be read. */
const figureWidths = [
  { name: "broad", width: 860 },
  { name: "narrow", width: 340 },
] as const;

function figureOrSentence(figure: FigureSpec, sectionId: string): string {
  try {
    return renderFigure(figure, sectionId);
  } catch (error) {
    const why = `<p><code>${escapeText((error as Error).message)}</code></p>`;
    return `<figure>${both(figure.title, "p")}${both(labels.undrawn, "p")}${why}</figure>`;
  }
}

function renderFigure(figure: FigureSpec, sectionId: string): string {
  const drawings = languages.flatMap((language) =>
    figureWidths.map(({ name, width }) => {
      const svg = renderSvg(figure, {
        language,
        theme: "page",
        width,
        transparent: true,
        idPrefix: `${sectionId}-${figure.id}-${language}-${name}`,
      });
      return `<div class="${name}" lang="${language}">${svg}</div>`;
    }),
  );
  return `<figure>${drawings.join("")}</figure>`;
}

function renderTable({ columns, rows }: ReportTable): string {
  const numeric = columns.map((_, j) => j > 0 && rows.some((row) => typeof row[j] === "number"));
  const words = (value: ShownCell) =>
    typeof value === "object" && value !== null ? both(value) : escapeText(formatCell(value, "en"));
  const cell = (value: ShownCell, j: number) =>
    j === 0 ? `<th scope="row">${words(value)}</th>` : `<td${numeric[j] ? ' class="number"' : ""}>${words(value)}</td>`;
  const head = columns
    .map((column, j) => `<th scope="col"${numeric[j] ? ' class="number"' : ""}>${both(column)}</th>`)
    .join("");
  const body = rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("");
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** A section's label before its title. */
const labelled = (label: Text = "") => (label === "" ? "" : `${both(label, "span", "number")} `);

/** A text in each language, of which the page shows one. */
function both(text: Text, tag = "span", className = ""): string {
  const attribute = className === "" ? "" : ` class="${className}"`;
  if (typeof text === "string") {
    return `<${tag}${attribute}>${escapeText(text)}</${tag}>`;
  }
  return languages
    .map((language) => `<${tag}${attribute} lang="${language}">${escapeText(text[language])}</${tag}>`)
    .join("");
}
