// Rows become columns. Included by gemm.c.
#pragma once
#include "lanes.h"

// to[k, 0 … 4) = b[0 … 4, k] for four k.
INLINE void transpose4(T *to, ptrdiff_t width, const T *b, ptrdiff_t ldb) {
  V4 r0 = *(const V4U *)b, r1 = *(const V4U *)(b + ldb), r2 = *(const V4U *)(b + 2 * ldb), r3 = *(const V4U *)(b + 3 * ldb);
  V4 low01 = __builtin_shufflevector(r0, r1, 0, 4, 1, 5), high01 = __builtin_shufflevector(r0, r1, 2, 6, 3, 7);
  V4 low23 = __builtin_shufflevector(r2, r3, 0, 4, 1, 5), high23 = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
  *(V4U *)to = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
  *(V4U *)(to + width) = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
  *(V4U *)(to + 2 * width) = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
  *(V4U *)(to + 3 * width) = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
}

#if TANREN_BYTES == 64 || (TANREN_BYTES == 32 && !defined(TANREN_F64))
// The same in each quad of a wide register, all by one instruction.
#define WIDE_SQUARES 1
#if TANREN_BYTES == 64 && !defined(TANREN_F64)
#define EACH_QUAD(DO) DO(0), DO(4), DO(8), DO(12)
typedef T V8 __attribute__((vector_size(8 * sizeof(T))));
#else
#define EACH_QUAD(DO) DO(0), DO(4)
#endif

INLINE void transpose_quads(V r[4]) {
#define LOW(q) q, LANES + q, q + 1, LANES + q + 1
#define HIGH(q) q + 2, LANES + q + 2, q + 3, LANES + q + 3
#define FIRST(q) q, q + 1, LANES + q, LANES + q + 1
#define LAST(q) q + 2, q + 3, LANES + q + 2, LANES + q + 3
  const V low01 = __builtin_shufflevector(r[0], r[1], EACH_QUAD(LOW)), low23 = __builtin_shufflevector(r[2], r[3], EACH_QUAD(LOW));
  const V high01 = __builtin_shufflevector(r[0], r[1], EACH_QUAD(HIGH));
  const V high23 = __builtin_shufflevector(r[2], r[3], EACH_QUAD(HIGH));
  r[0] = __builtin_shufflevector(low01, low23, EACH_QUAD(FIRST));
  r[1] = __builtin_shufflevector(low01, low23, EACH_QUAD(LAST));
  r[2] = __builtin_shufflevector(high01, high23, EACH_QUAD(FIRST));
  r[3] = __builtin_shufflevector(high01, high23, EACH_QUAD(LAST));
}

INLINE V load_quads(const T *p, ptrdiff_t step) {
#define QUAD(q) *(const V4U *)(p + q * step)
#if TANREN_BYTES == 64 && !defined(TANREN_F64)
  const V8 low = __builtin_shufflevector(QUAD(0), QUAD(1), 0, 1, 2, 3, 4, 5, 6, 7);
  const V8 high = __builtin_shufflevector(QUAD(2), QUAD(3), 0, 1, 2, 3, 4, 5, 6, 7);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#else
  return __builtin_shufflevector(QUAD(0), QUAD(1), 0, 1, 2, 3, 4, 5, 6, 7);
#endif
}

INLINE void store_quads(T *p, ptrdiff_t step, V v) {
#define KEEP_QUAD(q) *(V4U *)(p + q / 4 * step) = __builtin_shufflevector(v, v, q, q + 1, q + 2, q + 3)
  EACH_QUAD(KEEP_QUAD);
}

// A register of k, for four columns.
INLINE void transpose_down(T *to, ptrdiff_t width, const T *b, ptrdiff_t ldb) {
  V r[4];
#pragma GCC unroll 4
  for (int j = 0; j < 4; j++) r[j] = load(b + j * ldb);
  transpose_quads(r);
#pragma GCC unroll 4
  for (int k = 0; k < 4; k++) store_quads(to + k * width, 4 * width, r[k]);
}

// Four k, for a register of columns.
INLINE void transpose_across(T *to, ptrdiff_t width, const T *b, ptrdiff_t ldb) {
  V r[4];
#pragma GCC unroll 4
  for (int j = 0; j < 4; j++) r[j] = load_quads(b + j * ldb, 4 * ldb);
  transpose_quads(r);
#pragma GCC unroll 4
  for (int k = 0; k < 4; k++) store(to + k * width, r[k]);
}
#else
#define WIDE_SQUARES 0
#endif

// The last squares lie over those before them. `k_step` and `j_step` are constants.
#define SQUARES(SQUARE, k_step, j_step)                                                                        \
  for (int k0 = 0; k0 < depth; k0 += k_step) {                                                                 \
    const int k = least(k0, depth - k_step), rest = columns % j_step;                                          \
    T *row = to + k * width;                                                                                   \
    const T *from = b + k;                                                                                     \
    for (int j = columns / j_step; j > 0; j--, row += j_step, from += j_step * ldb) SQUARE(row, width, from, ldb); \
    if (rest) SQUARE(row + rest - j_step, width, from + (rest - j_step) * ldb, ldb);                           \
  }

SMALL void TANREN_NAME(transpose)(T *to, ptrdiff_t width, const T *b, ptrdiff_t ldb, int depth, int columns) {
  if (depth < 4 || columns < 4) {
    for (int k = 0; k < depth; k++)
      for (int j = 0; j < columns; j++) to[k * width + j] = b[j * ldb + k];
    return;
  }
#if WIDE_SQUARES
  if (depth >= LANES) {
    SQUARES(transpose_down, LANES, 4)
    return;
  }
  if (columns >= LANES) {
    SQUARES(transpose_across, 4, LANES)
    return;
  }
#endif
  SQUARES(transpose4, 4, 4)
}
