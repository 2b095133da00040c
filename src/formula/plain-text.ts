/**
 * What keyboards, web pages and PDFs write for the language's own signs. Each is one character for one, so that a place in
 * the plain text is the same place in what was typed.
 */
const blanks = /[\t\v\f\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]/g;
const signs: readonly (readonly [written: RegExp, plain: string])[] = [
  [blanks, " "],
  // Full-width forms of ASCII stand in its order, 0xfee0 further on; these are the others.
  [/[\u2010-\u2015\u2212\u30fc\ufe58\ufe63\uff70]/g, "-"],
  [/[\u00b7\u00d7\u2022\u2217\u2219\u22c5\u30fb\uff65]/g, "*"],
  [/[\u00f7\u2044\u2215]/g, "/"],
  [/\u02c6/g, "^"],
  [/\u2190/g, "="],
  [/[\u3001\uff64]/g, ","],
];

/** Ends of lines, a lone carriage return and Unicode's own among them. */
const lineEnd = /\r\n|[\n\r\u0085\u2028\u2029]/g;

export function linesOf(text: string): string[] {
  return text.split(lineEnd);
}

/** Where each line begins in the text. */
export function lineStarts(text: string): number[] {
  return [0, ...Array.from(text.matchAll(lineEnd), ({ 0: end, index }) => index + end.length)];
}

/** One line in the language's own signs, each character in its place; comments stay as they are. */
export function plainLine(line: string): string {
  const comment = line.search(/[#\uff03]/);
  const code = comment < 0 ? line : line.slice(0, comment);
  let plain = code.replaceAll(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
  for (const [written, sign] of signs) {
    plain = plain.replaceAll(written, sign);
  }
  return comment < 0 ? plain : `${plain}#${line.slice(comment + 1)}`;
}

/**
 * A formula as it is read: full-width and typographic signs in ASCII, `**` as `^`, `:=` as `=`, without a byte order mark.
 * What has no such sign stays, and the parser says what to write instead.
 */
export function plainText(text: string): string {
  const lines = linesOf(text.replace(/^\ufeff/, "")).map((line) => {
    const [, code, comment] = /^([^#]*)(.*)$/s.exec(plainLine(line))!;
    return code.replaceAll("**", "^").replaceAll(":=", "=") + comment;
  });
  return lines.join("\n");
}
