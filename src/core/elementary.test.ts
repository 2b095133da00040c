import fc from "fast-check";
import { expect, test } from "vitest";
import { cos, exp, log, sin } from "./elementary.ts";

/** Units in the last place between two numbers of one sign. */
function ulps(a: number, b: number): number {
  const bits = new BigInt64Array(new Float64Array([Math.abs(a), Math.abs(b)]).buffer);
  return Math.sign(a) === Math.sign(b) || Math.abs(a - b) < 1e-300 ? Math.abs(Number(bits[0] - bits[1])) : Infinity;
}

const positive = fc.double({ min: 5e-324, max: Number.MAX_VALUE, noNaN: true });

test("log, exp, sin and cos are those of the engine but for the last bits", () => {
  fc.assert(fc.property(positive, (x) => ulps(log(x), Math.log(x)) <= 1));
  fc.assert(fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), (x) => ulps(log(x), Math.log(x)) <= 1));
  fc.assert(fc.property(fc.double({ min: -745, max: 709.7, noNaN: true }), (x) => ulps(exp(x), Math.exp(x)) <= 2));
  const angle = fc.double({ min: -1000, max: 1000, noNaN: true });
  fc.assert(fc.property(angle, (x) => ulps(sin(x), Math.sin(x)) <= 1 && ulps(cos(x), Math.cos(x)) <= 1));
});

test("log is the nearest float64, where it was computed to fifty digits", () => {
  // x, and ln x rounded from 50 digits; some engine is a bit off at each of these.
  const cases: [number, number][] = [
    [13.617849349975586, 2.6113813844335385],
    [24.911854326725006, 3.2153437675602956],
    [0.05315917474217713, -2.934464569294892],
    [41.53207257390022, 3.7264659618609515],
    [12708.265487670898, 9.450007886552276],
    [0.04294764879159629, -3.147773374970081],
    [0.018562201206805184, -3.9866279591518583],
    [4.436993792653084, 1.4899770733994189],
    [0.39457208290696144, -0.9299534357246458],
    [0.4333595484495163, -0.8361875296084927],
    [1.61007644994271e-7, -15.641813988652833],
    [2.2119915038347244, 0.7938932427100015],
    [2.4018838219344616, 0.8762533552667701],
    [1.3476706314831972, 0.29837764397224437],
    [0.004524950509221526, -5.398148639078673],
    [0.0887534071225673, -2.421893461250059],
    [0.0536487621429842, -2.9252968829957644],
    [773.9622421264648, 6.651523089617464],
    [1.2730883052572608, 0.24144568500702915],
    [14.95774920284748, 2.705229506871824],
    [0.6300657577812672, -0.46193108761292084],
    [0.005453153200505767, -5.211561268713301],
    [0.6181125342845917, -0.4810847437899661],
    [0.008595741193857975, -4.756488408396165],
  ];
  for (const [x, rounded] of cases) {
    expect(log(x)).toBe(rounded);
  }
});

test("the ends of the range are as the engine has them", () => {
  for (const x of [0, -0, 1, -1, 5e-324, Number.MAX_VALUE, Infinity, -Infinity, NaN]) {
    expect(log(x)).toBe(Math.log(x));
  }
  for (const x of [0, -0, -745.1, -746, 709.78, 709.79, Infinity, -Infinity, NaN]) {
    expect(exp(x)).toBe(Math.exp(x));
  }
  for (const x of [0, -0, NaN, Infinity]) {
    expect(sin(x)).toBe(Math.sin(x));
    expect(cos(x)).toBe(Math.cos(x));
  }
});
