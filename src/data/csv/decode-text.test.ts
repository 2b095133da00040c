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
