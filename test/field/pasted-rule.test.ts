import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inLanguage } from "../../src/core/text.ts";
import { customRuleSettings } from "../../src/experiments/custom-rule.ts";
import { surfaceOf, surfaceSetting } from "../../src/experiments/surfaces/surface.ts";
import { FormulaError } from "../../src/formula/formula-error.ts";
import { plainText } from "../../src/formula/plain-text.ts";
import { ruleTex } from "../../src/formula/tex.ts";
import { optimizerOfRule } from "../../src/optim/from-text.ts";
import { optimizers } from "../../src/optim/registry.ts";

const fullWidth = (text: string) =>
  text.replaceAll(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));

describe("a rule as it is pasted", () => {
  test.each([
    ["full-width signs", "ｗ　＝　ｗ　－　ｌｒ　＊　ｇ", "w = w - lr * g"],
    ["full-width digits and brackets", "w = w - (０．５ + 1) * lr * g", "w = w - (0.5 + 1) * lr * g"],
    ["two stars for a power", "w = w - lr * g**3", "w = w - lr * g^3"],
    ["a byte order mark", "\ufeffw = w - lr * g", "w = w - lr * g"],
    ["no-break and ideographic blanks", "w\u00a0=\u3000w\u2009-\u202flr\u200b* g", "w = w - lr * g"],
    ["typographic minus and times", "w = w − lr × g", "w = w - lr * g"],
    ["middle dots and a division sign", "w = w – lr · g ÷ 2 ⋅ 1", "w = w - lr * g / 2 * 1"],
    ["an arrow, as formulas are drawn here", "w ← w - lr * g", "w = w - lr * g"],
    ["a colon before =", "w := w - lr * g", "w = w - lr * g"],
    ["an assigning full-width operator", "w －＝ lr * g", "w -= lr * g"],
    ["line ends of other systems", "a = lr * g\rw = w - a\r\n", "a = lr * g\nw = w - a\n"],
    ["a comment in Japanese, left as it is", "w = w - lr * g ＃ 学習率（×１）", "w = w - lr * g # 学習率（×１）"],
  ])("with %s is read, and kept in plain signs", (_, pasted, plain) => {
    expect(plainText(pasted)).toBe(plain);
    expect(optimizerOfRule("custom", pasted).program).toEqual(optimizerOfRule("custom", plain).program);
    expect(customRuleSettings().rule.check(pasted, "rule")).toBe(plain);
  });

  test("of the library keeps its meaning in any mixture of widths and blanks", () => {
    // A typed rule has the usual hyper-parameters and states that begin at 0; some of the library's have more of their own.
    const typed = (name: string) => "lr momentum decay beta1 beta2 eps weightDecay".split(" ").includes(name);
    const rules = optimizers
      .filter(({ hyper, state = {} }) => [...Object.keys(hyper), ...Object.keys(state)].every(typed))
      .map(({ rule }) => rule.trim());
    expect(rules.length).toBeGreaterThan(8);
    fc.assert(
      fc.property(fc.constantFrom(...rules), fc.infiniteStream(fc.nat(4)), (rule, kinds) => {
        const pasted = Array.from(rule, (sign) => {
          const kind = kinds.next().value as number;
          if (sign === " ") {
            return [" ", "\u3000", "\u00a0", "\t", "\u2003"][kind];
          }
          if (sign === "-") {
            return ["-", "－", "−", "–", "ー"][kind];
          }
          if (sign === "*") {
            return ["*", "＊", "×", "·", "⋅"][kind];
          }
          return sign !== "\n" && kind > 2 ? fullWidth(sign) : sign;
        }).join("");
        expect(plainText(pasted)).toBe(rule);
        const { slots, rule: kept } = optimizerOfRule("custom", pasted);
        expect(ruleTex(kept)).toBe(ruleTex(rule));
        expect(slots).toEqual(optimizerOfRule("custom", rule).slots);
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ["w = w - lr * g²", 15, /Write \^2 instead/],
    ["w = w - η * g", 9, /Write lr instead/],
    ["w = w - lr * ∇", 14, /Write g instead/],
    ["w = w - lr * √g", 14, /Write sqrt\( \) instead/],
    ["w = w - lr * [g + w]", 14, /Write \( instead/],
    ["w = w - lr * ｛g｝", 14, /Write \( instead/],
    ["w = w - lr\u202e * g", 11, /invisible character \(U\+202E\).*Delete it/],
    ["w = w - lr * g\0", 15, /invisible character \(U\+0000\)/],
  ])("%j is refused with what to write, at column %i", (rule, column, message) => {
    try {
      optimizerOfRule("custom", rule);
    } catch (error) {
      expect(error).toBeInstanceOf(FormulaError);
      const { column: at, problem } = error as FormulaError;
      expect(at).toBe(column);
      expect(inLanguage(problem, "en")).toMatch(message);
      expect(inLanguage(problem, "ja")).toMatch(/。$/);
      return;
    }
    throw new Error("accepted");
  });
});

test("a surface is read in other signs too, and kept in plain ones", () => {
  expect(surfaceSetting().check("ｘ**２／20 ＋ y^2", "surface")).toBe("x^2/20 + y^2");
  expect(surfaceOf("ｘ**２／20 ＋ y^2").value(2, 3)).toBe(surfaceOf("x^2/20 + y^2").value(2, 3));
  expect(surfaceSetting().check("Ｒａｖｉｎｅ", "surface")).toBe("Ravine");
});
