import { posix, win32 } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyText } from "../../test/support/any-text.ts";
import { HyperError } from "./errors.ts";
import { checkName, folderName } from "./safe-name.ts";

/** Names that people give and file systems dislike, alone and beside anything else. */
const awkward = fc.constantFrom(
  ..."/ \\ . .. : * ? \" < > | % ' & $ ` ~ # - _ = + , ; ( ) [ ] { } ! @ ^ é é 鍛錬 🔥 👩‍🚀 %2F %2E %~ %u D8 nul con com1 LPT9 \u202e".split(
    " ",
  ),
  " ",
  "\u0000",
  "\n",
  "\ud800",
);
const anyName = fc
  .array(fc.oneof(awkward, anyText({ maxLength: 4 })), { maxLength: 90 })
  .map((parts) => parts.join(""));

test("a folder's name is one step into its parent, on every system", () => {
  fc.assert(
    fc.property(anyName, (name) => {
      const folder = folderName(name);
      expect(posix.join("/studies", folder)).toBe(`/studies/${folder}`);
      expect(win32.basename(`C:\\studies\\${folder}`)).toBe(folder);
      expect(new TextEncoder().encode(folder).length).toBeLessThanOrEqual(140);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
      expect(folder).not.toMatch(/[\u0000-\u001f\u007f-\u009f/\\:*?"<>|]|^[. ]|[. ]$/);
      expect(folder).not.toMatch(/^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i);
      expect(folder.isWellFormed()).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("two names never share a folder", () => {
  fc.assert(
    fc.property(anyName, anyName, fc.nat(2), (one, other, near) => {
      // Near misses: a name and what encoding it once gives, or what cutting it would.
      const second = near === 0 ? other : near === 1 ? folderName(one) : `${one} `;
      fc.pre(one !== second);
      expect(folderName(one)).not.toBe(folderName(second));
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["mlp-mnist-20261126-1700", "mlp-mnist-20261126-1700"],
  ["学習率の探索", "学習率の探索"],
  ["first try (lr)", "first try (lr)"],
  ["..", "%2E%2E"],
  [".", "%2E"],
  ["../x", "%2E.%2Fx"],
  ["a|b", "a%7Cb"],
  ["100%", "100%25"],
  ["nul.txt", "%6Eul.txt"],
  ["COM1 .x", "%43OM1 .x"],
  ["ends.", "ends%2E"],
  ["", "%"],
])("%j is the folder %s", (name, folder) => {
  expect(folderName(name)).toBe(folder);
});

test("long names that differ at their ends have different folders", () => {
  expect(folderName("a".repeat(3000))).not.toBe(folderName(`${"a".repeat(2999)}b`));
  expect(folderName("鍛".repeat(3000))).toMatch(/^鍛{30}%~[0-9a-f]{32}$/);
});

test("a name is anything printable", () => {
  for (const name of ["..", "a|b", "a/b", '"', "100%", "con", "試行 1", "👩‍🚀", "x".repeat(5000), " x", "x."]) {
    expect(checkName(name, "study")).toBe(name);
  }
});

test.each([
  ["", 'study: must be a name of at least one printable character, got "". Give one.'],
  ["  ", 'got "  "'],
  ["a\u0000b", "study: must hold printable characters only, got U+0000 at place 2. Leave it out."],
  ["a\u001b[31m", "got U+001B at place 2"],
  ["two\nlines", "got U+000A at place 4"],
  ["\u0085", "got "],
  ["x\u2028y", "got U+2028"],
  ["x\ud800", "got U+D800"],
])("the name %j is refused", (name, sentence) => {
  expect(() => checkName(name, "study")).toThrow(HyperError);
  expect(() => checkName(name, "study")).toThrow(sentence);
});
