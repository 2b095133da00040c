import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { mathml } from "./mathml.ts";
import { parse } from "./parse.ts";

test("momentum's rule as MathML, with the numbers of a step under its symbols", () => {
  const values: Record<string, string[]> = { v: ["0.63", "-0.36"], momentum: ["0.9"] };
  expect(
    mathml(parse("v = momentum * v - lr * g"), ({ name, target }) => (target ? [] : (values[name] ?? []))),
  ).toMatchInlineSnapshot(
    `"<math display="block"><mtable><mtr><mtd class="target"><mi data-name="v">v</mi></mtd><mtd><mo>←</mo></mtd><mtd class="value"><mrow><mrow><mrow><munder><mi data-name="momentum">α</mi><mtable class="live"><mtr><mtd><mtext data-line="0" data-role="read" data-name="momentum" data-element="0">0.9</mtext></mtd></mtr></mtable></munder></mrow><mo>⁢</mo><mrow><munder><mi data-name="v">v</mi><mtable class="live"><mtr><mtd><mtext data-line="0" data-role="read" data-name="v" data-element="0">0.63</mtext></mtd></mtr><mtr><mtd><mtext data-line="0" data-role="read" data-name="v" data-element="1">-0.36</mtext></mtd></mtr></mtable></munder></mrow></mrow><mo>−</mo><mrow><mrow><mi data-name="lr">η</mi></mrow><mo>⁢</mo><mrow><mi data-name="g">g</mi></mrow></mrow></mrow></mtd></mtr></mtable></math>"`,
  );
});

test("each symbol carries its name in code", () => {
  const markup = mathml(
    parse("lr_t = lr * sqrt(1 - beta2^t) / (1 - beta1^t)\nw = w - lr_t * (m - step_size) / (sqrt(v) + eps)"),
  );
  const { document } = parseHTML(`<body>${markup}</body>`);
  const names = [...document.querySelectorAll("mi[data-name]")].map((mi) => [
    mi.getAttribute("data-name"),
    mi.textContent,
  ]);
  expect(names).toEqual([
    ["lr_t", "η"],
    ["lr", "η"],
    ["beta2", "β"],
    ["t", "t"],
    ["beta1", "β"],
    ["t", "t"],
    ["w", "w"],
    ["w", "w"],
    ["lr_t", "η"],
    ["m", "m"],
    ["step_size", "step_size"],
    ["v", "v"],
    ["eps", "ε"],
  ]);
});

test("brackets stand only where they are needed", () => {
  const text = (rule: string) => {
    const { document } = parseHTML(`<body>${mathml(parse(rule))}</body>`);
    return document.querySelector("mtd.value")!.textContent!.replaceAll("\u2062", " ").replaceAll("\u2061", "");
  };
  expect(text("m = m + (1 - beta1) * (g - m)")).toBe("m+(1−β1) (g−m)");
  expect(text("v = (a - b)^2 - (a - b) - -c * 2e-9")).toBe("(a−b)2−(a−b)−−c·2·10−9");
  expect(text("w = max(a, abs(b)) * sign(c) * exp(d) * norm(w)")).toBe("max(a,|b|) sign(c) ed ‖w‖");
});

test("numbers from outside cannot become markup", () => {
  expect(mathml(parse("w = w"), () => ["<img>"])).not.toContain("<img>");
});
