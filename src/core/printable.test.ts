import fc from "fast-check";
import { expect, test } from "vitest";
import { anyText } from "../../test/support/any-text.ts";
import { printable, printableLine, validXml } from "./printable.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

test("nothing that commands a terminal is left in a printable text", () => {
  fc.assert(
    fc.property(anyText({ maxLength: 40 }), (text) => !control.test(printable(text)) && printable(text).isWellFormed()),
  );
});

test("what can be seen stays as it is", () => {
  for (const text of ["lr=0.1 ✓", "学習率 100%", "👩‍🚀", 'C:\\x\\"y"']) {
    expect(printable(text)).toBe(text);
    expect(printableLine(text, { color: false })).toBe(text);
  }
});

test("escapes are shown as they are written", () => {
  expect(printable("\u001b]0;title\u0007 \u009b2J a\nb\tc\u202e")).toBe(
    "\\u001b]0;title\\u0007 \\u009b2J a\\nb\\tc\\u202e",
  );
});

test("a line keeps its feeds, and its colours where there are any", () => {
  const line = "\u001b[1mbold\u001b[0m\n\u001b[2J\r";
  expect(printableLine(line, { color: true })).toBe("\u001b[1mbold\u001b[0m\n\\u001b[2J\\r");
  expect(printableLine(line, { color: false })).toBe("\\u001b[1mbold\\u001b[0m\n\\u001b[2J\\r");
});

test("a line of JSON is the same JSON after it", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(printableLine(JSON.stringify(value), { color: false }))).toEqual(
        JSON.parse(JSON.stringify(value)),
      );
    }),
  );
  expect(JSON.parse(printableLine(JSON.stringify("\u009b\u2028\u007f"), { color: false }))).toBe("\u009b\u2028\u007f");
});

test("markup holds nothing that XML does not allow, and keeps all else", () => {
  expect(validXml("<text>\n\ta\u001bb\u0000c\ud800d\uffff é 鍛</text>")).toBe(
    "<text>\n\ta\\u001bb\\u0000c\\ud800d\\uffff é 鍛</text>",
  );
});
