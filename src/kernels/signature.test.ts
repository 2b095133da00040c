import { expect, test } from "vitest";
import { signatureOf, sizesOf } from "./signature.ts";
import { table } from "./table.ts";

test("a line of the table says what is written, read and given back, and which sizes C gets", () => {
  const signature = signatureOf(
    "f",
    "y[m,n] apart, spare s[l>0,n] ← x[m,k>0], bias[1,n] or null, int at[1,m] in [0,k), eps, how a|b → number; scratch",
  );
  expect(signature).toEqual({
    operands: [
      { name: "y", kind: "floats", written: true, shape: [["m"], ["n"]], apart: true },
      { name: "s", kind: "floats", written: true, shape: [["l"], ["n"]], some: "rows", spare: true },
      { name: "x", kind: "floats", written: false, shape: [["m"], ["k"]], some: "cols" },
      { name: "bias", kind: "floats", written: false, shape: [[], ["n"]], orNull: true },
      { name: "at", kind: "ints", written: false, shape: [[], ["m"]], below: ["k"] },
      { name: "eps", kind: "number", written: false },
      { name: "how", kind: "choice", written: false, choices: ["a", "b"] },
    ],
    returns: "number",
    scratch: true,
  });
  expect(sizesOf(signature).map(({ name, of, side }) => `${name}: ${of.name}.${side}`)).toEqual([
    "m: x.rows",
    "n: y.cols",
    "k: x.cols",
    "l: s.rows",
  ]);
});

test("a line that cannot be read is refused with its operation and its operand", () => {
  expect(() => signatureOf("relu", "y[m,n] ← x[m n]")).toThrow(
    /relu: an operand must read like x\[m,n\], got "x\[m n\]"/,
  );
});

test("every operation of the table can be read, and its doc is a sentence", () => {
  for (const [name, { takes, does }] of Object.entries(table)) {
    expect(signatureOf(name, takes).operands.length).toBeGreaterThan(0);
    expect(does.length).toBeGreaterThan(8);
  }
});
