import fc from "fast-check";
import { expect, test } from "vitest";
import { check } from "./check.ts";
import { scalarFunction } from "./evaluate-scalar.ts";
import { interpreter } from "./interpret.ts";
import { parse } from "./parse.ts";
import { trace } from "./trace.ts";

const adam = `
  lr_t = lr * sqrt(1 - beta2^t) / (1 - beta1^t)
  m = m + (1 - beta1) * (g - m)
  v = v + (1 - beta2) * (g^2 - v)
  w = w - lr_t * m / (sqrt(v) + eps)
`;
const hyper = { lr: 0.3, beta1: 0.9, beta2: 0.999, eps: 1e-7 };

/** A rule's vectors after one step of the interpreter in float64. */
function interpreted(rule: string, hyper: Record<string, number>, vectors: Record<string, number[]>, t: number) {
  const slots = Object.keys(vectors).filter((name) => name !== "w" && name !== "g");
  const program = check(parse(rule), { slots, hyper: Object.keys(hyper) });
  const length = vectors.w.length;
  const arrays = new Map(
    program.vectors.map((name) => [name, Float64Array.from(vectors[name] ?? new Array(length).fill(0))]),
  );
  const scalars = new Float64Array(program.scalars.length);
  const indexOf = (name: string) => program.scalars.indexOf(name);
  for (const [name, value] of Object.entries({ ...hyper, t })) {
    scalars[indexOf(name)] = value;
  }
  const runner = interpreter(program, "float64", arrays);
  for (const stage of program.stages) {
    if (stage.kind === "scalars") {
      for (const { target, value } of stage.body) {
        scalars[indexOf(target)] = scalarFunction(value, indexOf)(scalars);
      }
    } else if (stage.kind !== "orthogonal") {
      const value = runner.run(stage, 0, length, scalars);
      if (stage.kind !== "loop") {
        scalars[indexOf(stage.target)] = value;
      }
    }
  }
  return arrays;
}

const number = fc.double({ min: -10, max: 10, noNaN: true });

test("every line's last value is the interpreter's, bit for bit", () => {
  fc.assert(
    fc.property(fc.array(number, { minLength: 6, maxLength: 6 }), fc.integer({ min: 1, max: 99 }), (n, t) => {
      const vectors = { w: [n[0], n[1]], g: [n[2], n[3]], m: [n[4], n[5]], v: [1, 2] };
      const arrays = interpreted(adam, hyper, vectors, t);
      const lines = trace(parse(adam), { t, hyper, vectors });
      for (const name of ["m", "v", "w"]) {
        expect(lines.findLast(({ target }) => target === name)!.value).toEqual([...arrays.get(name)!]);
      }
      expect(lines[1].reads.m).toEqual(vectors.m);
      expect(lines[3].reads.m).toEqual(lines[1].value);
    }),
  );
});

test("so it is for any rule, with norms in the middle of its lines", () => {
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom("w", "g", "v", "a", "b", "2"),
      fc
        .tuple(tie("expression"), fc.constantFrom("+", "-", "*"), tie("expression"))
        .map(([l, o, r]) => `(${l} ${o} ${r})`),
      fc
        .tuple(fc.constantFrom("min", "max"), tie("expression"), tie("expression"))
        .map(([f, x, y]) => `${f}(${x}, ${y})`),
      tie("expression").map((x) => `norm(g + ${x})`),
      fc.constantFrom("w^2", "g^3"),
    ),
  }));
  fc.assert(
    fc.property(
      expression,
      expression,
      expression,
      expression,
      fc.array(number, { minLength: 6, maxLength: 6 }),
      (u, c, v, w, n) => {
        const rule = `u = g + ${u}\nc = a * norm(u + ${c})\nv = ${v} + c * v\nw = ${w} - c * u`;
        const vectors = { w: n.slice(0, 2), g: n.slice(2, 4), v: n.slice(4, 6) };
        const arrays = interpreted(rule, { a: 0.3, b: -1.7 }, vectors, 1);
        const lines = trace(parse(rule), { t: 1, hyper: { a: 0.3, b: -1.7 }, vectors });
        expect(lines[2].value).toEqual([...arrays.get("v")!]);
        expect(lines[3].value).toEqual([...arrays.get("w")!]);
      },
    ),
    { numRuns: 300 },
  );
});
