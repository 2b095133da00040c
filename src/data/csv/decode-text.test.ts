import { expect, test } from "vitest";
import { decodeText } from "./decode-text.ts";

const text = "name,kind\n京,a\nx,b\n";

/** Code units, the high byte first or last. */
function wide(characters: string, bigEndian: boolean): Uint8Array {
  return Uint8Array.from(
    [...characters].flatMap((character) => {
      const code = character.charCodeAt(0);
      const bytes = [code >> 8, code & 255];
      return bigEndian ? bytes : bytes.reverse();
    }),
  );
}

test.each([
  ["utf-8", new TextEncoder().encode(`\ufeff${text}`)],
  ["utf-16le", wide(`\ufeff${text}`, false)],
  ["utf-16be", wide(`\ufeff${text}`, true)],
])("a byte order mark of %s says it, and is no part of the text", (encoding, bytes) => {
  expect(decodeText("t.csv", bytes)).toEqual({ text, encoding, notes: [] });
});

test.each(["(B", "(J", "(I"])("the escape %s alone says ISO-2022-JP", (set) => {
  const bytes = new TextEncoder().encode(`a,kind\n\u001b${set}1,2\n`);
  expect(decodeText("t.csv", bytes).encoding).toBe("iso-2022-jp");
});

test.each([
  ["katakana of half width in a word", [0xb6, 0xc5, 0xcf], "shift_jis", "ｶﾅﾏ"],
  ["a byte of such a one alone between blanks", [0x61, 0x20, 0xa1, 0x20, 0x62], "windows-1252", "a ¡ b"],
  ["kanji of three bytes before kana", [0x8f, 0xb0, 0xa1, 0xa4, 0xa2, 0xa4, 0xa2], "euc-jp", "丂ああ"],
  ["kanji of half a page", [0x8a, 0xbf, 0x8e, 0x9a], "shift_jis", "漢字"],
])("without a mark the bytes say it: %s", (_, bytes, encoding, read) => {
  const { encoding: found, text: decoded } = decodeText("t.csv", Uint8Array.from(bytes));
  expect([found, decoded]).toEqual([encoding, read]);
});
