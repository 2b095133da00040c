import { describe, expect, test } from "vitest";
import { suggestName } from "./errors.ts";

test.each<[string, readonly string[], string, string]>([
  ["Adm", ["SGD", "Adam"], "Did you mean Adam?", "Adam ではありませんか。"],
  ["zzzz", ["SGD", "Adam"], "Known: SGD, Adam.", "使える名前: SGD、Adam。"],
])("%s among %j", (name, known, en, ja) => {
  expect(suggestName(name, known)).toEqual({ en, ja });
});

describe("among more names than a sentence holds", () => {
  const names = [...Array.from({ length: 133 }, (_, i) => `name${i}`), "learningRate"];

  test("none that is near: how the list begins, and how many there are", () => {
    const { en, ja } = suggestName("zzzzzzzz", names);
    expect(en).toMatch(/^Known: name0, name1, .*name19, … \(134 in all\)\.$/);
    expect(ja).toMatch(/^使える名前: name0、name1、.*name19など\(全部で134個\)。$/);
  });

  test("one that is near is found, wherever it stands", () => {
    expect(suggestName("lerningRate", names).en).toBe("Did you mean learningRate?");
  });
});
