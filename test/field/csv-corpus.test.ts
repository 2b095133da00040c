import { expect, test } from "vitest";
import { CsvError } from "../../src/data/csv/csv-error.ts";
import { labelledTable } from "../../src/data/csv/labelled-table.ts";
import { csvTable } from "../../src/data/csv/read-csv.ts";
import { brokenFile, soundFile } from "../support/csv-corpus.ts";

/** Every combination of 10 encodings, 5 separators, 3 line ends and 3 quotings comes up among these. */
const sound = 300;
const broken = 120;

test(`${sound} files in all dialects are read as what wrote them: every number, word, answer, date and class`, () => {
  const wrong: string[] = [];
  for (let seed = 0; seed < sound; seed++) {
    const { name, bytes, expected } = soundFile(seed);
    if ("refused" in expected) {
      continue;
    }
    try {
      const raw = csvTable(bytes, "t.csv");
      const table = labelledTable(raw);
      const { data, width, count } = table.rows;
      const rows = Array.from({ length: count }, (_, i) => [...data.slice(i * width, (i + 1) * width)]);
      const found = {
        features: table.features,
        rows,
        labels: [...table.labels].map((label) => table.classNames[label]),
        encoding: raw.encoding,
        separator: raw.separator,
      };
      for (const part of ["encoding", "separator", "features", "labels", "rows"] as const) {
        if (JSON.stringify(found[part]) !== JSON.stringify(expected[part])) {
          wrong.push(
            `${name}: ${part} ${JSON.stringify(found[part]).slice(0, 120)} not ${JSON.stringify(expected[part]).slice(0, 120)}`,
          );
          break;
        }
      }
    } catch (error) {
      wrong.push(`${name}: ${(error as Error).message}`);
    }
  }
  expect(wrong).toEqual([]);
});

test(`${broken} files with one thing wrong are refused by a sentence that names the line and what to do`, () => {
  const wrong: string[] = [];
  for (let seed = 0; seed < broken; seed++) {
    const { name, bytes, expected } = brokenFile(seed);
    if (!("refused" in expected)) {
      continue;
    }
    try {
      const { classNames } = labelledTable(csvTable(bytes, "t.csv"));
      wrong.push(`${name}: was read, with classes ${classNames}`);
    } catch (error) {
      const { message, line, text } = error as CsvError;
      const told = text as { en: string; ja: string };
      const right =
        error instanceof CsvError &&
        expected.refused.test(message) &&
        line === expected.line &&
        /\. [A-Z][^.]*\.$/.test(message) &&
        /[ぁ-ん]/.test(told.ja);
      if (!right) {
        wrong.push(`${name}: line ${line} not ${expected.line}: ${message}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});
