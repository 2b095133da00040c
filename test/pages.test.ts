import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { pages, textOf, withoutComments } from "./support/pages.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What is for those who build the house, and so in English alone. */
const inEnglishAlone = [
  /^CONTRIBUTING\.md$/,
  /^bench\//,
  /^docs\/(conformance|layout|studio-server)\.md$/,
  /^docs\/decisions\//,
  /^packages\/native-/,
];

const japaneseOf = (page: string) => page.replace(/\.md$/, ".ja.md");
const isJapanese = (page: string) => page.endsWith(".ja.md");
const pairs = pages
  .filter((page) => !isJapanese(page) && pages.includes(japaneseOf(page)))
  .map((english) => ({ english, japanese: japaneseOf(english) }));

interface Section {
  readonly title: string;
  readonly level: number;
  /** Without the blocks of code. */
  readonly text: string;
}

const fence = /^```(\w*)\n([\s\S]*?)^```$/gm;

function sectionsOf(page: string): Section[] {
  const [, ...parts] = textOf(page)
    .replaceAll(fence, "")
    .split(/^(#+) (.*)$/m);
  return parts.flatMap((marks, i) =>
    i % 3 === 0 ? [{ level: marks.length, title: parts[i + 1], text: parts[i + 2] }] : [],
  );
}

/** Where GitHub puts a page's headings: letters, digits, - and _ in lower case, - for a blank, a number for one more. */
function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>();
  return sectionsOf(page).map(({ title }) => {
    const anchor = title
      .replaceAll(/\]\([^)]*\)/g, "")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
      .replaceAll(" ", "-");
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

/** The links of a page to files of the checkout, with the rest of the line behind each. */
function linksOf(page: string): { to: string; anchor: string; behind: string }[] {
  const text = textOf(page).replaceAll(fence, "");
  return [...text.matchAll(/\]\((?!\w+:)([^)#]*)#?([^)]*)\)([^\n[]*)/g)].map(([, file, anchor, behind]) => ({
    to: file === "" ? page : join(page, "..", file),
    anchor: decodeURIComponent(anchor),
    behind,
  }));
}

test("every page is in both languages, but for those who build the house", () => {
  const alone = pages.filter((page) => !isJapanese(page) && !pages.includes(japaneseOf(page)));
  expect(alone.filter((page) => !inEnglishAlone.some((known) => known.test(page)))).toEqual([]);
  expect(pages.filter((page) => isJapanese(page) && !pages.includes(page.replace(".ja.md", ".md")))).toEqual([]);
  expect(pairs.length).toBeGreaterThanOrEqual(14);
});

test("links lead to files, anchors to headings", () => {
  const astray = pages.flatMap((page) =>
    linksOf(page)
      .filter(({ to, anchor }) => !existsSync(join(root, to)) || (anchor !== "" && !anchorsOf(to).includes(anchor)))
      .map(({ to, anchor }) => `${page} → ${to}${anchor === "" ? "" : `#${anchor}`}`),
  );
  expect(astray).toEqual([]);
});

test("a Japanese page leads to Japanese pages and says of the others that they are in English", () => {
  const found = pages.filter(isJapanese).flatMap((page) =>
    linksOf(page)
      .filter(({ to }) => to.endsWith(".md") && !isJapanese(to) && japaneseOf(to) !== page)
      .filter(({ to, behind }) => pages.includes(japaneseOf(to)) || !behind.includes("英語"))
      .map(({ to }) => `${page} → ${to}`),
  );
  expect(found).toEqual([]);
  const crossed = pages
    .filter((page) => !isJapanese(page))
    .flatMap((page) => linksOf(page).filter(({ to }) => isJapanese(to) && to !== japaneseOf(page)));
  expect(crossed).toEqual([]);
});

/** The numbers of a text, as often as they stand in it: "0.1" once is 0.1, twice is 0.1 and 0.1 (2). */
function numbersOf(text: string): Set<string> {
  const seen = new Map<string, number>();
  const written = text.replaceAll(/\]\([^)]*\)/g, "]").matchAll(/\d+(?:[.,]\d+)*/g);
  return new Set(
    [...written].map(([found]) => {
      const number = found.replaceAll(",", "");
      const times = (seen.get(number) ?? 0) + 1;
      seen.set(number, times);
      return times === 1 || isSmall(number) ? number : `${number} (${times})`;
    }),
  );
}

/** One that may be spelt out, or said once more in one of the languages. */
const isSmall = (number: string) => !number.includes(".") && Number(number) <= 12;

/** Words of English that Japanese writes as numbers, as 100万 for a million. Up to twelve any may be spelt out. */
const spelt: Readonly<Record<string, string>> = {
  ...{ half: "0.5", fifteen: "15", hex: "16", twenty: "20", thirty: "30", fifty: "50" },
  ...{ hundred: "100", thousand: "1000", million: "100" },
};

function speltIn(text: string): Set<string> {
  const words = text.toLowerCase().match(/\b[a-z]+\b/g) ?? [];
  return new Set(words.flatMap((word) => (Object.hasOwn(spelt, word) ? [spelt[word]] : [])));
}

const japaneseLetter = /[\u3040-\u30ff\u4e00-\u9fff]/;

/** What stands between backticks; a placeholder such as <study> is called otherwise in Japanese. */
function namesOf(text: string): Set<string> {
  return new Set([...text.matchAll(/`[^`\n]+`/g)].map(([name]) => name.replaceAll(/<[^<>]*>/g, "<>")));
}

const rowsOf = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.replaceAll("\\|", "").split("|").slice(1, -1));

const without = (these: ReadonlySet<string>, those: ReadonlySet<string>) => [...these].filter((one) => !those.has(one));

/** What one of two texts says and the other does not. */
function differences(english: string, japanese: string): string[] {
  const [names, said] = [namesOf(english), namesOf(japanese)];
  const lost = without(names, said);
  const translated = without(said, names).filter((name) => japaneseLetter.test(name));
  return [
    // "Below 0" may be 負.
    ...without(numbersOf(english), new Set([...numbersOf(japanese), "0"])).map(
      (number) => `${number} in English alone`,
    ),
    ...without(numbersOf(japanese), numbersOf(english))
      .filter((number) => !isSmall(number) && !speltIn(english).has(number.replace(/ .*/, "")))
      .map((number) => `${number} in Japanese alone`),
    // A name that holds words has another in Japanese: `name = expression`, `名前 = 式`.
    ...(lost.length > translated.length ? lost.map((name) => `${name} in English alone`) : []),
  ];
}

describe.each(pairs)("what is changed in $english is changed in $japanese, too", ({ english, japanese }) => {
  test("each leads to the other in its first lines", () => {
    const begin = (page: string) => textOf(page).split("\n").slice(0, 6);
    expect(begin(english)).toContain(`[日本語](${basename(japanese)})`);
    expect(begin(japanese)).toContain(`[English](${basename(english)})`);
  });

  const others = sectionsOf(japanese);
  const sections = sectionsOf(english).flatMap((section, i) =>
    i < others.length ? { section, other: others[i] } : [],
  );

  test("brackets, colons and percent signs are those of ASCII", () => {
    expect(textOf(japanese).match(/[（）：％].*/g)).toBeNull();
  });

  test("headings", () => {
    expect(sectionsOf(japanese).map(({ level }) => level)).toEqual(sectionsOf(english).map(({ level }) => level));
  });

  test("programs and commands", () => {
    const codeOf = (page: string) =>
      [...textOf(page).matchAll(fence)].map(([, language, code]) => {
        const lines = withoutComments(code)
          .replaceAll(" --lang ja", "")
          .replaceAll(/<[^<>\n]*>/g, "<>")
          .replaceAll(/\.(?:en|ja)\b/g, "")
          .split("\n");
        return { language, lines };
      });
    const code = codeOf(japanese);
    // A sketch and a list of packages have words in their lines, which are said in Japanese.
    const expected = codeOf(english).map(({ language, lines }, i) => ({
      language,
      lines:
        language === "" || language === "text"
          ? lines.map((line, j) => (japaneseLetter.test(code[i]?.lines[j] ?? "") ? code[i].lines[j] : line))
          : lines,
    }));
    expect(code).toEqual(expected);
  });

  test("tables, row by row", () => {
    for (const { section, other } of sections) {
      const [rows, translated] = [rowsOf(section.text), rowsOf(other.text)];
      expect(
        translated.map((cells) => cells.length),
        other.title,
      ).toEqual(rows.map((cells) => cells.length));
      for (const [i, cells] of rows.entries()) {
        for (const [j, cell] of cells.entries()) {
          expect(differences(cell, translated[i][j]), `${other.title}: ${translated[i][j]}`).toEqual([]);
        }
      }
    }
  });

  test("numbers, and names of the code", () => {
    for (const { section, other } of sections) {
      expect(differences(section.text, other.text), `${section.title}: ${other.title}`).toEqual([]);
    }
  });

  test("links", () => {
    const linked = (page: string) =>
      linksOf(page)
        .map(({ to }) => to.replace(/\.(?:ja\.md|md)$/, "").replace(/\.(?:en|ja)\.jpg$/, ""))
        .filter((to) => `${to}.md` !== english);
    expect(new Set(linked(japanese))).toEqual(new Set(linked(english)));
  });
});
