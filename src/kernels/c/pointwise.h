// The activations that are functions of one number, and their slopes, a register at a time; ../pointwise.ts has their papers.
#pragma once
#include "elementary.h"
#include "operations.generated.h"

// Out of line, once: each would be written out a dozen times.
SMALL APART V exponential(V x) { return vector_exp(x); }

INLINE V size_of(V x) { return choose(x < 0, -x, x); }

SMALL APART V logistic(V x) { return 1 / (1 + exponential(-x)); }

// ln(1 + u) for u in [0, 1]: 2·artanh(u/(2 + u)), whose argument is at most a third.
INLINE V vector_log1p(V u) {
#ifdef TANREN_F64
  enum { TERMS = 17 };
#else
  enum { TERMS = 8 };
#endif
  const V s = u / (2 + u), z = s * s;
  V sum = splat(0);
  for (int i = TERMS; i > 0; i--) sum = (sum + (T)(1.0 / (2 * i + 1))) * z;
  return 2 * s + 2 * s * sum;
}

// e^z²·erfc(z)·(1 + z/4) as Chebyshev polynomials of 2t − 1 with t = 1/(1 + z/4), z from 0 to ∞: fitted in 40 digits.
static const T tail_terms[] = {
#define C(x) (T)(x)
    C(0.408024469549131491), C(0.376358235676367433), C(0.147580354572223619), C(0.0495713179300275863),
    C(0.0142271075571171739), C(0.00344349326271752426), C(0.000682254183283807892), C(0.000103404519757562049),
    C(9.72854595199002413e-6), C(-1.19887137584065424e-7), C(-2.1747767703446722e-7), C(-3.02917677360963004e-8),
    C(9.47991756677038551e-10), C(8.63341169327640926e-10), C(6.87215644057246876e-11), C(-1.70348985251707798e-11),
    C(-3.39213067928204611e-12), C(2.61580949799520912e-13), C(1.21276621835967552e-13), C(-2.11452255499419087e-15),
    C(-4.11749936493495585e-15), C(-6.31743880420522481e-17), C(1.43890265291042483e-16), C(4.52128795429667364e-18),
#undef C
};

// Φ(x), the normal distribution's share below x, told e^(−x²/2).
SMALL APART V normal_share(V x, V bell) {
#ifdef TANREN_F64
  enum { TERMS = sizeof tail_terms / sizeof *tail_terms };
#else
  enum { TERMS = 12 };
#endif
  const V t = 1 / (1 + size_of(x) * (T)(0.25 * 0.70710678118654752440)), twice = 2 * (2 * t - 1);
  V b = splat(0), before = splat(0);
  for (int i = TERMS - 1; i > 0; i--) {
    const V next = twice * b - before + tail_terms[i];
    before = b;
    b = next;
  }
  const V tail = (T)0.5 * bell * t * ((T)0.5 * twice * b - before + tail_terms[0]);
  return choose(x > 0, 1 - tail, tail);
}

#define SELU_LAMBDA (T)1.0507009873554805
#define SELU_ALPHA (T)1.6732632423543772
#define INFINITE (T)__builtin_inf()

// f(x)
SMALL APART V pointwise_value(int kind, V x) {
  switch (kind) {
    case POINTWISE_LEAKY_RELU: return choose(x > 0, x, (T)0.01 * x);
    case POINTWISE_ELU: return choose(x > 0, x, exponential(x) - 1);
    case POINTWISE_SELU: return SELU_LAMBDA * choose(x > 0, x, SELU_ALPHA * (exponential(x) - 1));
    case POINTWISE_SOFTPLUS: return choose(x > 0, x, splat(0)) + vector_log1p(exponential(-size_of(x)));
    case POINTWISE_GELU: return choose(x == -INFINITE, splat(0), x * normal_share(x, exponential((T)-0.5 * x * x)));
    default: return x * logistic(x);
  }
}

// f′(x), told y = f(x)
SMALL APART V pointwise_slope(int kind, V x, V y) {
  switch (kind) {
    case POINTWISE_LEAKY_RELU: return choose(x > 0, splat(1), splat((T)0.01));
    case POINTWISE_ELU: return choose(x > 0, splat(1), y + 1);
    case POINTWISE_SELU: return choose(x > 0, splat(SELU_LAMBDA), y + SELU_LAMBDA * SELU_ALPHA);
    case POINTWISE_SOFTPLUS: return logistic(x);
    case POINTWISE_GELU: {
      const V bell = exponential((T)-0.5 * x * x);
      return normal_share(x, bell) + x * (bell * (T)0.39894228040143267794);
    }
    default: return y + logistic(x) * (1 - y);
  }
}
