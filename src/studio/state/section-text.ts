import type { Text } from "../../core/text.ts";

/** Sections of the book by their number; what goes on from it by its own words. */
export function sectionText(section: string): Text {
  const next = /^next (\d+)$/.exec(section);
  if (next !== null) {
    return { en: `Going on ${next[1]}`, ja: `発展 ${next[1]}` };
  }
  return /^\d/.test(section) ? { en: `Section ${section}`, ja: `${section}節` } : section;
}
