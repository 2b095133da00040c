import type { Text } from "../../core/text.ts";

/** A section's number in the book; none of what goes on from it. */
export function sectionNumber(section: string): string | null {
  return /^\d/.test(section) ? section : null;
}

/** Sections of the book by their number; what goes on from it by its own words. */
export function sectionText(section: string): Text {
  const next = /^next (\d+)$/.exec(section);
  if (next !== null) {
    return { en: `Going on ${next[1]}`, ja: `発展 ${next[1]}` };
  }
  return sectionNumber(section) !== null ? { en: `Section ${section}`, ja: `${section}節` } : section;
}
