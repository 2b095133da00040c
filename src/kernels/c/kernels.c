// Everything but the matrix product. Plain loops where the compiler finds the vectors itself; sums run in the order of
// ../reference.ts wherever a column is summed.
#include "kernels.h"
#include "elementary.h"
#include "pointwise.h"

// Does something with a register at a time, `some` elements of it: all of them, and in the end what is left of n.
#define EACH(i, ...)                                \
  do {                                              \
    int i = 0;                                      \
    for (; i + LANES <= n; i += LANES) {            \
      enum { some = LANES };                        \
      __VA_ARGS__                                   \
    }                                               \
    if (i < n) {                                    \
      const int some = n - i;                       \
      __VA_ARGS__                                   \
    }                                               \
  } while (0)

// The same, written out once in WebAssembly: for functions that are long themselves.
#ifdef __wasm__
#define EACH_LONG(i, ...)                \
  for (int i = 0; i < n; i += LANES) {   \
    const int some = n - i;              \
    __VA_ARGS__                          \
  }
#else
#define EACH_LONG EACH
#endif

__attribute__((noinline)) void TANREN_NAME(column_sums)(T *restrict out, const T *restrict a, int m, int n) {
  for (int j = 0; j < n; j++) out[j] = 0;
  for (int i = 0; i < m; i++, a += n)
    for (int j = 0; j < n; j++) out[j] += a[j];
  for (int j = 0; j < n; j++) out[j] = flush_one(out[j]);
}

__attribute__((noinline)) void TANREN_NAME(relu_backward)(T *dx, const T *dy, const T *y, int n) {
  EACH(i, give(dx + i, gate(take(dy + i, some), take(y + i, some)), some););
}

void TANREN_NAME(relu)(T *y, const T *x, int n) { TANREN_NAME(relu_backward)(y, x, x, n); }

// Applies a function of registers to n elements; y may be x.
#define MAP(FUNCTION) EACH_LONG(i, give(y + i, flush(FUNCTION(take(x + i, some))), some););

void TANREN_NAME(sigmoid)(T *y, const T *x, int n) { MAP(vector_sigmoid) }

void TANREN_NAME(tanh)(T *y, const T *x, int n) { MAP(vector_tanh) }

void TANREN_NAME(sigmoid_backward)(T *dx, const T *dy, const T *y, int n) {
  EACH(i,
    const V v = take(y + i, some);
    give(dx + i, flush((1 - v) * v * take(dy + i, some)), some););
}

void TANREN_NAME(tanh_backward)(T *dx, const T *dy, const T *y, int n) {
  EACH(i,
    const V v = take(y + i, some);
    give(dx + i, flush((1 - v * v) * take(dy + i, some)), some););
}

void TANREN_NAME(activate)(T *y, const T *x, int pointwise, int n) {
  EACH_LONG(i, give(y + i, flush(pointwise_value(pointwise, take(x + i, some))), some););
}

void TANREN_NAME(activate_backward)(T *dx, const T *dy, const T *x, const T *y, int pointwise, int n) {
  EACH_LONG(i,
    const V slope = pointwise_slope(pointwise, take(x + i, some), take(y + i, some));
    give(dx + i, flush(take(dy + i, some) * slope), some););
}

SMALL double TANREN_NAME(softmax_cross_entropy)(T *probs, const T *logits, const int32_t *labels, int m, int n) {
  double loss = 0;
  for (int i = 0; i < m; i++, probs += n, logits += n) {
    T max = -(T)__builtin_inf();
    for (int j = 0; j < n; j++) max = logits[j] > max ? logits[j] : max;
    EACH_LONG(j, give(probs + j, vector_exp(take(logits + j, some) - max), some););
    T sum = 0;
    for (int j = 0; j < n; j++) sum += probs[j];
    for (int j = 0; j < n; j++) probs[j] = flush_one(probs[j] / sum);
    double p = (double)probs[labels[i]] + 1e-7;
    loss -= p == p ? scalar_log(p) : p;
  }
  return loss;
}

SMALL void TANREN_NAME(softmax_cross_entropy_backward)(T *dx, const T *probs, const int32_t *labels, int m, int n) {
  for (int i = 0; i < m; i++, dx += n, probs += n) {
    T target = probs[labels[i]] - 1;
    for (int j = 0; j < n; j++) dx[j] = flush_one(probs[j] / m);
    dx[labels[i]] = target / m;
  }
}

SMALL APART void divide(T *sums, int m, int n) {
  for (int j = 0; j < n; j++) sums[j] = flush_one(sums[j] / m);
}

SMALL APART void invert_deviations(T *inv_std, const T *variance, double eps, int n) {
  for (int j = 0; j < n; j++) inv_std[j] = (T)(1 / __builtin_sqrt((double)variance[j] + eps));
}

void TANREN_NAME(batch_norm)(T *y, T *restrict x_hat, T *restrict mean, T *restrict variance, T *restrict inv_std,
                             const T *x, const T *restrict gamma, const T *restrict beta, double eps, int m, int n) {
  TANREN_NAME(column_sums)(mean, x, m, n);
  divide(mean, m, n);
  for (int j = 0; j < n; j++) variance[j] = 0;
  for (int i = 0; i < m; i++)
    for (int j = 0; j < n; j++) {
      T d = x[(ptrdiff_t)i * n + j] - mean[j];
      variance[j] += d * d;
    }
  divide(variance, m, n);
  invert_deviations(inv_std, variance, eps, n);
  for (int i = 0; i < m; i++)
    for (int j = 0; j < n; j++) {
      ptrdiff_t at = (ptrdiff_t)i * n + j;
      T h = (x[at] - mean[j]) * inv_std[j];
      x_hat[at] = flush_one(h);
      y[at] = flush_one(gamma[j] * h + beta[j]);
    }
}

void TANREN_NAME(batch_norm_evaluate)(T *y, const T *x, const T *restrict mean, const T *restrict variance,
                                      const T *restrict gamma, const T *restrict beta, double eps, int m, int n,
                                      T *restrict inv_std) {
  invert_deviations(inv_std, variance, eps, n);
  for (int i = 0; i < m; i++)
    for (int j = 0; j < n; j++) {
      ptrdiff_t at = (ptrdiff_t)i * n + j;
      y[at] = flush_one(gamma[j] * ((x[at] - mean[j]) * inv_std[j]) + beta[j]);
    }
}

void TANREN_NAME(batch_norm_backward)(T *dx, T *restrict d_gamma, T *restrict d_beta, const T *dy, const T *restrict x_hat,
                                      const T *restrict inv_std, const T *restrict gamma, int m, int n) {
  TANREN_NAME(column_sums)(d_beta, dy, m, n);
  for (int j = 0; j < n; j++) d_gamma[j] = 0;
  for (int i = 0; i < m; i++)
    for (int j = 0; j < n; j++) d_gamma[j] += x_hat[(ptrdiff_t)i * n + j] * dy[(ptrdiff_t)i * n + j];
  for (int i = 0; i < m; i++)
    for (int j = 0; j < n; j++) {
      ptrdiff_t at = (ptrdiff_t)i * n + j;
      dx[at] = flush_one(gamma[j] * inv_std[j] / m * (m * dy[at] - d_beta[j] - x_hat[at] * d_gamma[j]));
    }
}

void TANREN_NAME(multiply)(T *y, const T *x, const T *mask, int n) {
  for (int i = 0; i < n; i++) y[i] = flush_one(x[i] * mask[i]);
}

void TANREN_NAME(scale)(T *y, double alpha, const T *x, int n) {
  for (int i = 0; i < n; i++) y[i] = flush_one((T)alpha * x[i]);
}

void TANREN_NAME(axpy)(T *y, double alpha, const T *x, int n) {
  for (int i = 0; i < n; i++) y[i] = flush_one(y[i] + (T)alpha * x[i]);
}

typedef double Sums __attribute__((vector_size(64)));

double TANREN_NAME(sum_of_squares)(const T *x, int n) {
  Sums sums = {0};
  int i = 0;
  for (; i + 8 <= n; i += 8)
#pragma GCC unroll 8
    for (int l = 0; l < 8; l++) {
      double v = x[i + l];
      sums[l] += v * v;
    }
  double sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  for (; i < n; i++) sum += (double)x[i] * x[i];
  return sum;
}

int TANREN_NAME(all_finite)(const T *x, int n) {
  // 0·x is NaN for NaN and ±Infinity, else 0; a NaN never leaves a sum.
  V sums = {0};
  EACH(i, sums += take(x + i, some) * 0;);
  return sum_of(sums) == 0;
}

void TANREN_NAME(gather_rows)(T *restrict out, const uint8_t *restrict source, const int32_t *indices, int m, int count,
                              int width) {
  (void)count;
  // b/255 in float32 without dividing: 1/255 in two parts, b times the first is exact, so the sum is rounded once.
  const float high = 0x1.01p-8f, low = (float)(1.0 / 255 - 0x1.01p-8);
  for (int i = 0; i < m; i++, out += width) {
    const uint8_t *row = source + (ptrdiff_t)(indices ? indices[i] : i) * width;
    for (int j = 0; j < width; j++) {
      float b = (float)row[j];
      out[j] = b * high + b * low;
    }
  }
}

SMALL void TANREN_NAME(argmax_rows)(int32_t *out, const T *x, int m, int n) {
  for (int i = 0; i < m; i++, x += n) {
    int best = 0;
    for (int j = 1; j < n; j++)
      if (x[j] > x[best] || (x[j] != x[j] && x[best] == x[best])) best = j;
    out[i] = best;
  }
}
