import { exp } from "./elementary.ts";

/**
 * The error function, to some units in the last place, with the same bits in every engine: near 0 the series of positive
 * terms e^(−x²)·Σ 2ⁿx^(2n+1)/(2n+1)!! (Abramowitz & Stegun 7.1.6), further out the continued fraction 7.1.14.
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 6) {
    return Math.sign(x);
  }
  const scaled = exp(-size * size) * twoOverRootPi;
  if (size < 2.5) {
    let term = size;
    let sum = size;
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * size * size) / (2 * n + 1);
      sum += term;
    }
    return Math.sign(x) * scaled * sum;
  }
  let fraction = 0;
  for (let k = 60; k >= 1; k--) {
    fraction = k / 2 / (size + fraction);
  }
  return Math.sign(x) * (1 - scaled / 2 / (size + fraction));
}

const twoOverRootPi = 2 / Math.sqrt(Math.PI);
