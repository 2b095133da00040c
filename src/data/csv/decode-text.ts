import { CsvError, lineOf, shortened } from "./csv-error.ts";
import { notes, type ReadingNote } from "./reading-note.ts";

/** A file's text, and how it was found. */
export interface DecodedText {
  readonly text: string;
  /** As in the Encoding Standard. */
  readonly encoding: string;
  readonly notes: readonly ReadingNote[];
}

/** Bytes that are looked at to tell encodings apart. */
const looked = 200_000;
/** Scores that lie closer than this are alike. */
const margin = 0.25;

/** First bytes of files that are no text, and what to do with each. */
const signatures: readonly { head: readonly number[]; en: string; ja: string }[] = [
  {
    head: [0x50, 0x4b, 0x03, 0x04],
    en: "an Excel workbook or another ZIP archive. Save the sheet as CSV UTF-8",
    ja: "Excel ブックなどの ZIP ファイルです。シートを「CSV UTF-8」形式で保存してください",
  },
  {
    head: [0xd0, 0xcf, 0x11, 0xe0],
    en: "an old Excel workbook. Save the sheet as CSV UTF-8",
    ja: "旧形式の Excel ブックです。シートを「CSV UTF-8」形式で保存してください",
  },
  { head: [0x1f, 0x8b], en: "a gzip file. Unpack it first", ja: "gzip ファイルです。展開してから渡してください" },
  {
    head: [0x50, 0x41, 0x52, 0x31],
    en: "a Parquet file. Write it as CSV",
    ja: "Parquet ファイルです。CSV に変換してください",
  },
  { head: [0x25, 0x50, 0x44, 0x46], en: "a PDF. Save the table as CSV", ja: "PDF です。表を CSV で保存してください" },
  {
    head: [0x89, 0x50, 0x4e, 0x47],
    en: "a PNG image. Choose the table's file",
    ja: "PNG 画像です。表のファイルを選んでください",
  },
  {
    head: [...new TextEncoder().encode("SQLite format 3")],
    en: "an SQLite database. Write its table as CSV",
    ja: "SQLite データベースです。表を CSV で書き出してください",
  },
];

/**
 * Decodes a table's bytes: by byte order mark, else UTF-8, UTF-16, ISO-2022-JP, Shift_JIS (Windows-31J), EUC-JP or
 * Windows-1252 by evidence, or the encoding that is named. What is not certain gives a note.
 * @throws CsvError for what is no text, with the line of what does not fit the encoding
 */
export function decodeText(name: string, bytes: Uint8Array, wanted?: string): DecodedText {
  for (const { head, en, ja } of signatures) {
    if (bytes.length >= head.length && head.every((byte, i) => bytes[i] === byte)) {
      throw new CsvError(name, null, {
        en: `must be a table of text, got ${en}.`,
        ja: `表のテキストではなく、${ja}。`,
      });
    }
  }
  if (wanted !== undefined) {
    return { text: decodedAs(name, bytes, wanted), encoding: labelOf(wanted) as string, notes: [] };
  }
  const marked = markOf(bytes);
  if (marked !== null) {
    return { text: decodedAs(name, bytes, marked), encoding: marked, notes: [] };
  }
  const wide = wideWithoutMark(bytes);
  if (wide !== null) {
    const text = decodedAs(name, bytes, wide);
    return { text, encoding: wide, notes: [notes.encoding(wide, sampleOf(text), [])] };
  }
  const utf8 = decoded("utf-8", bytes);
  if (utf8 !== null) {
    // Escape sequences, all of them 7 bits.
    if (["$@", "$B", "(B", "(J", "(I"].some((set) => utf8.includes(`\u001b${set}`))) {
      const text = decodedAs(name, bytes, "iso-2022-jp");
      return {
        text,
        encoding: "iso-2022-jp",
        notes: [notes.encoding("iso-2022-jp", sampleOf(text), [])],
      };
    }
    return { text: utf8, encoding: "utf-8", notes: [] };
  }
  refuseAlmostUtf8(name, bytes);
  const ranked = candidates
    .map(({ encoding, score }) => ({ encoding, text: decoded(encoding, bytes), score }))
    .filter((one): one is typeof one & { text: string } => one.text !== null && !/[\u0080-\u009f]/.test(one.text))
    .map(({ encoding, text, score }) => ({ encoding, text, score: score(bytes.subarray(0, looked), text) }))
    .sort((a, b) => b.score - a.score);
  if (ranked.length === 0) {
    throw new CsvError(name, null, {
      en: "must be text in UTF-8, UTF-16, Shift_JIS, EUC-JP or Windows-1252, got bytes that are none of them. Save it as CSV UTF-8, or name its encoding.",
      ja: "UTF-8・UTF-16・Shift_JIS・EUC-JP・Windows-1252 のいずれとしても読めません。「CSV UTF-8」形式で保存するか、文字コードを指定してください。",
    });
  }
  const [best, ...rest] = ranked;
  const alike = rest.filter(({ score, text }) => best.score - score < margin && text !== best.text);
  const note = notes.encoding(
    best.encoding,
    sampleOf(best.text),
    alike.map(({ encoding }) => encoding),
  );
  return { text: best.text, encoding: best.encoding, notes: [note] };
}

function labelOf(encoding: string): string | null {
  try {
    return new TextDecoder(encoding).encoding;
  } catch {
    return null;
  }
}

function decoded(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** @throws CsvError when the label is unknown, or with the first line that does not fit */
function decodedAs(name: string, bytes: Uint8Array, encoding: string): string {
  if (labelOf(encoding) === null) {
    throw new CsvError(name, null, {
      en: `the encoding must be one such as utf-8, shift_jis, euc-jp, windows-1252 or utf-16le, got "${shortened(encoding)}". Name another.`,
      ja: `文字コード "${shortened(encoding)}" は知られていません。utf-8・shift_jis・euc-jp・windows-1252・utf-16le などを指定してください。`,
    });
  }
  const text = decoded(encoding, bytes);
  if (text !== null) {
    return text;
  }
  const loose = new TextDecoder(encoding).decode(bytes);
  throw notThisEncoding(name, lineOf(loose, loose.indexOf("\ufffd")), encoding);
}

function notThisEncoding(name: string, line: number, encoding: string): CsvError {
  return new CsvError(name, line, {
    en: `every byte must be ${encoding} text, got some that are not. Name another encoding, or correct the line.`,
    ja: `${encoding} として読めないバイトがあります。別の文字コードを指定するか、この行を直してください。`,
  });
}

function markOf(bytes: Uint8Array): string | null {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) {
    return "utf-8";
  }
  if (a === 0xff && b === 0xfe) {
    return "utf-16le";
  }
  return a === 0xfe && b === 0xff ? "utf-16be" : null;
}

/** Line ends, separators and digits have a zero byte each in UTF-16, always on the same side. */
function wideWithoutMark(bytes: Uint8Array): string | null {
  if (bytes.length < 2 || bytes.length % 2 === 1) {
    return null;
  }
  const zeros = [0, 0];
  const end = Math.min(bytes.length, looked);
  for (let i = 0; i < end; i++) {
    zeros[i & 1] += bytes[i] === 0 ? 1 : 0;
  }
  const [even, odd] = zeros;
  if (Math.max(even, odd) < end / 40 || Math.min(even, odd) > 0) {
    return null;
  }
  return odd > even ? "utf-16le" : "utf-16be";
}

/** A text that is UTF-8 but for a few bytes is damaged, not of another encoding. @throws CsvError with the line */
function refuseAlmostUtf8(name: string, bytes: Uint8Array): void {
  const loose = new TextDecoder("utf-8").decode(bytes);
  let good = 0;
  let bad = 0;
  for (const c of loose) {
    if (c === "\ufffd") {
      bad++;
    } else if (c > "\u007f") {
      good++;
    }
  }
  if (good > 4 * bad) {
    throw notThisEncoding(name, lineOf(loose, loose.indexOf("\ufffd")), "utf-8");
  }
}

/** The first word beyond ASCII, so that one sees whether it was read right. */
function sampleOf(text: string): string {
  return shortened(/[^\s,;|"]*\P{ASCII}[^\s,;|"]*/u.exec(text)?.[0] ?? "").slice(0, 12);
}

const candidates: readonly { encoding: string; score: (bytes: Uint8Array, text: string) => number }[] = [
  { encoding: "shift_jis", score: shiftJisScore },
  { encoding: "euc-jp", score: eucScore },
  { encoding: "windows-1252", score: (_, text) => latinScore(text.slice(0, looked)) },
];

/** The mean in [0, 1] over all characters beyond ASCII: what each counts, and how many bytes it has behind its first. */
function meanScore(
  bytes: Uint8Array,
  of: (lead: number, at: number) => readonly [score: number, more: number],
): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] >= 0x80) {
      const [score, more] = of(bytes[i], i);
      sum += score;
      count++;
      i += more;
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** How much like Japanese the pairs of bytes are: kana and the kanji of JIS level 1 above all. */
function shiftJisScore(bytes: Uint8Array): number {
  return meanScore(bytes, (lead, at) => {
    if (lead >= 0xa1 && lead <= 0xdf) {
      // Half-width katakana come in words, not alone between letters.
      const near = (byte = 0) => byte >= 0xa1 && byte <= 0xdf;
      return [near(bytes[at - 1]) || near(bytes[at + 1]) ? 0.35 : 0.05, 0];
    }
    if (lead === 0x82 || lead === 0x83) {
      return [1, 1];
    }
    if (lead >= 0x88 && lead <= 0x98) {
      return [0.8, 1];
    }
    return [lead === 0x81 ? 0.6 : lead >= 0xf0 ? 0 : 0.1, 1];
  });
}

function eucScore(bytes: Uint8Array): number {
  return meanScore(bytes, (lead) => {
    if (lead === 0xa4 || lead === 0xa5) {
      return [1, 1];
    }
    if (lead >= 0xb0 && lead <= 0xcf) {
      return [0.8, 1];
    }
    if (lead === 0xa1 || lead === 0xa3) {
      return [0.6, 1];
    }
    return [lead === 0x8e ? 0.3 : 0.1, lead === 0x8f ? 2 : 1];
  });
}

/** How much like a western language: accented letters stand singly among plain ones. A mean in [0, 1]. */
function latinScore(text: string): number {
  let sum = 0;
  let count = 0;
  for (const { 0: run, index } of text.matchAll(/\P{ASCII}+/gu)) {
    count += run.length;
    if (run.length > 2) {
      sum += 0.1 * run.length;
      continue;
    }
    const near = `${text[index - 1] ?? ""}${text[index + run.length] ?? ""}`;
    for (const c of run) {
      const letter = /\p{L}/u.test(c);
      sum += letter ? (/[a-z]/i.test(near) ? 0.9 : 0.45) : /[°€£§µ±²³½¼«»“”‘’–—…]/.test(c) ? 0.5 : 0.1;
    }
  }
  return count === 0 ? 0 : sum / count;
}
