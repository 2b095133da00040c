import { expect, test } from "vitest";
import { markdown } from "./markdown.ts";

test("a formula stands in the line, or in one of its own", () => {
  const inLine = markdown("The rate $\\eta$ is small.");
  const own = markdown("$$w \\leftarrow w - \\eta g$$");
  expect(inLine).toMatch(/^<p>The rate <span class="katex"><math.*<\/math><\/span> is small\.<\/p>/);
  expect(inLine).not.toContain('display="block"');
  expect(own).toContain('display="block"');
  // A dollar that ends no formula is a dollar.
  expect(markdown("It costs $5.")).toBe("<p>It costs $5.</p>\n");
});
