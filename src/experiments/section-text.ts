import type { Text } from "../core/text.ts";

/** A section's number in the book; none of what goes on from it. */
export function sectionNumber(section: string): string | null {
  return /^\d/.test(section) ? section : null;
}

/** A section of the book by its number, what goes on from it by its own words; nothing of what is neither. */
export function sectionLabel(section: string): Text {
  const [, next] = /^next (\d+)$/.exec(section) ?? [];
  return next === undefined ? (sectionNumber(section) ?? "") : { en: `Going on ${next}`, ja: `発展 ${next}` };
}

/** As a title has it: sections of the book are called so. */
export function sectionText(section: string): Text {
  const number = sectionNumber(section);
  return number === null ? sectionLabel(section) : { en: `Section ${number}`, ja: `${number}節` };
}
