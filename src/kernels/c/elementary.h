// exp, expm1, tanh, the logistic function and log, a register at a time, without a library: WASM has none.
#pragma once
#include "lanes.h"

// 2^n for whole n in the exponent's range, by writing the exponent.
INLINE V power_of_two(VI n) { return (V)((n + BIAS) << MANTISSA); }

// e^r − 1 for |r| ≤ ln2/2 + rounding: Taylor's series, whose next term is below half a unit in the last place.
INLINE V expm1_reduced(V r) {
#ifdef TANREN_F64
  V p = splat(1.0 / 6227020800.0);
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
#else
  V p = splat((T)(1.0 / 5040.0));
#endif
  p = p * r + (T)(1.0 / 720.0);
  p = p * r + (T)(1.0 / 120.0);
  p = p * r + (T)(1.0 / 24.0);
  p = p * r + (T)(1.0 / 6.0);
  p = p * r + (T)0.5;
  return p * r * r + r;
}

// x = n·ln 2 + r with whole n: the constant pushes the fraction bits out of the mantissa. ln 2 in two parts, the first
// with enough zero bits for n times it to be exact.
INLINE V reduce(V x, VI *n) {
#ifdef TANREN_F64
  const T magic = 6755399441055744.0, high = 6.93147180369123816490e-01, low = 1.90821492927058770002e-10;
#else
  const T magic = 12582912.0f, high = 6.93145752e-01f, low = 1.42860677e-06f;
#endif
  V shifted = x * (T)1.4426950408889634 + magic;
  V whole = shifted - magic;
  *n = ((VI)shifted - (VI)splat(magic));
  return (x - whole * high) - whole * low;
}

// e^x. Infinity above the range, 0 where it would be subnormal, NaN for NaN.
INLINE V vector_exp(V x) {
#ifdef TANREN_F64
  const T top = 709.782712893384, bottom = -708.396418532264;
#else
  const T top = 88.7228394f, bottom = -87.3365402f;
#endif
  V bounded = choose(x > top, splat(top), choose(x < bottom, splat(bottom), x));
  VI n;
  V r = reduce(bounded, &n);
  // In two factors, so that neither leaves the range at the top.
  VI half = n >> 1;
  V y = (expm1_reduced(r) + 1) * power_of_two(half) * power_of_two(n - half);
  y = choose(x > top, splat((T)__builtin_inf()), choose(x < bottom, splat(0), y));
  return choose(x != x, x, y);
}

// 1/(1 + e^−x)
INLINE V vector_sigmoid(V x) { return 1 / (1 + vector_exp(-x)); }

// tanh x = e/(e + 2) with e = e^2|x| − 1, kept exact for small x by never adding the 1.
INLINE V vector_tanh(V x) {
  const T flat = 22;  // beyond it tanh is 1 to the last bit
  VI sign_bit = splat_int((I)1 << (sizeof(T) * 8 - 1));
  V size = (V)((VI)x & ~sign_bit);
  V bounded = choose(size > flat, splat(flat), size);
  VI n;
  V r = reduce(2 * bounded, &n);
  V scale = power_of_two(n);
  V e = scale * expm1_reduced(r) + (scale - 1);
  V y = choose(size > flat, splat(1), e / (e + 2));
  y = (V)((VI)y | ((VI)x & sign_bit));
  return choose(x != x, x, y);
}

// ln x of a finite x > 0, in float64: x = 2^k·m with m in [√½, √2), ln m = 2·artanh((m − 1)/(m + 1)).
INLINE double scalar_log(double x) {
  union { double d; int64_t i; } u = {x};
  int64_t k = (u.i >> 52) - 1023;
  u.i = (u.i & 0xfffffffffffffLL) | 0x3ff0000000000000LL;
  if (u.d > 1.4142135623730951) {
    u.d *= 0.5;
    k++;
  }
  double s = (u.d - 1) / (u.d + 1), z = s * s, p = 0;
  for (int i = 23; i >= 3; i -= 2) p = (p + 1.0 / i) * z;
  return k * 6.93147180369123816490e-01 + (2 * s + (2 * s * p + k * 1.90821492927058770002e-10));
}
