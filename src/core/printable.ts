/** What moves a terminal's cursor, colours it, breaks a line, or turns a line's direction; and halves of characters. */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** As above, but for line feeds and the colours that we write ourselves. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
const unprintableLine = /\u001b\[[0-9;]*m|[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * A text of others (a name, a note, an objective's error, a file's word) as it may be printed on a terminal: one line,
 * what cannot be seen written as `\n`, `\u001b`, `\u202e`.
 */
export function printable(text: string): string {
  return text.replace(unprintable, visible);
}

/**
 * A line of ours before it is printed: whatever slipped into it cannot command the terminal. Line feeds stay, colours only
 * where `color` says so.
 */
export function printableLine(line: string, options: { readonly color: boolean }): string {
  return line.replace(unprintableLine, (found) =>
    found === "\n" || (options.color && found.length > 1) ? found : found.replace(unprintable, visible),
  );
}

/** Markup without the characters that XML does not allow: names of others may hold them, and no parser reads on. */
export function validXml(markup: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  return markup.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, visible);
}

function visible(character: string): string {
  const code = character.codePointAt(0)!;
  // As JSON writes it, so that a line of JSON stays the same JSON.
  return short[character] ?? `\\u${code.toString(16).padStart(4, "0")}`;
}

/** A text as it stands in markup. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
