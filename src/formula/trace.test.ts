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

test("every line's last value is the interpreter's, bit for bit", () => {
  const assignments = parse(adam);
  const program = check(assignments, { slots: ["m", "v"], hyper: Object.keys(hyper) });
  const number = fc.double({ min: -10, max: 10, noNaN: true });
  fc.assert(
    fc.property(fc.array(number, { minLength: 6, maxLength: 6 }), fc.integer({ min: 1, max: 99 }), (n, t) => {
      const vectors = { w: [n[0], n[1]], g: [n[2], n[3]], m: [n[4], n[5]], v: [1, 2] };
      const arrays = new Map(Object.entries(vectors).map(([name, values]) => [name, Float64Array.from(values)]));
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
        } else {
          runner.run(stage, 0, 2, scalars);
        }
      }
      const lines = trace(assignments, { t, hyper, vectors });
      for (const name of ["m", "v", "w"]) {
        expect(lines.findLast(({ target }) => target === name)!.value).toEqual([...arrays.get(name)!]);
      }
      expect(lines[1].reads.m).toEqual(vectors.m);
      expect(lines[3].reads.m).toEqual(lines[1].value);
    }),
  );
});
