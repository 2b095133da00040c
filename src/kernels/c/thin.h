// A product's last few columns, when they fill a quarter of a register or less: kept as a column of registers they would
// cost as much as a full one (100 columns on AVX-512: 7 registers instead of 6¼). Included by gemm.c.
#pragma once
#include "gemm.h"

enum { THIN = 4, STRIP = 4 };

INLINE void finish_one(T *c, T value, const T *bias, int relu) {
  if (bias) value += *bias;
  *c = relu && value <= 0 ? 0 : value;
}

// c[m, columns] = a[m,k] · b[columns,k]ᵀ: registers run along k.
INLINE void thin_rows(const int columns, int m, int k, const T *a, ptrdiff_t lda, const T *b, T *c, ptrdiff_t ldc,
                      const T *bias, int relu) {
  for (int i = 0; i < m; i += STRIP) {
    const int rows = least(STRIP, m - i);
    const T *from[STRIP];
    V sum[STRIP][THIN];
#pragma GCC unroll 4
    for (int r = 0; r < STRIP; r++) {
      // A row beyond the last is the last once more; it is not written.
      from[r] = a + (i + (r < rows ? r : rows - 1)) * lda;
#pragma GCC unroll 4
      for (int j = 0; j < columns; j++) sum[r][j] = splat(0);
    }
    int p = 0;
    for (; p + LANES <= k; p += LANES) {
#pragma GCC unroll 4
      for (int j = 0; j < columns; j++) {
        V right = load(b + (ptrdiff_t)j * k + p);
#pragma GCC unroll 4
        for (int r = 0; r < STRIP; r++) sum[r][j] += load(from[r] + p) * right;
      }
    }
    if (p < k) {
#pragma GCC unroll 4
      for (int j = 0; j < columns; j++) {
        V right = load_part(b + (ptrdiff_t)j * k + p, k - p);
#pragma GCC unroll 4
        for (int r = 0; r < STRIP; r++) sum[r][j] += load_part(from[r] + p, k - p) * right;
      }
    }
#pragma GCC unroll 4
    for (int r = 0; r < STRIP; r++)
      if (r < rows)
#pragma GCC unroll 4
        for (int j = 0; j < columns; j++)
          finish_one(c + (i + r) * ldc + j, sum_of(sum[r][j]), bias ? bias + j : 0, relu);
  }
}

// c[m, columns] = a[k,m]ᵀ · b[k, columns]: registers run along the rows of c.
INLINE void thin_columns(const int columns, int m, int k, const T *a, ptrdiff_t lda, const T *b, ptrdiff_t ldb, T *c,
                         ptrdiff_t ldc) {
  enum { WIDTH = STRIP * LANES };
  for (int i = 0; i < m; i += WIDTH) {
    const int rows = least(WIDTH, m - i);
    V sum[THIN][STRIP];
#pragma GCC unroll 4
    for (int j = 0; j < columns; j++)
#pragma GCC unroll 4
      for (int r = 0; r < STRIP; r++) sum[j][r] = splat(0);
    for (int p = 0; p < k; p++) {
      const T *left = a + p * lda + i, *right = b + p * ldb;
      V x[STRIP];
#pragma GCC unroll 4
      for (int r = 0; r < STRIP; r++) {
        const int some = rows - r * LANES;
        x[r] = some >= LANES ? load(left + r * LANES) : load_part(left + r * LANES, some > 0 ? some : 0);
      }
#pragma GCC unroll 4
      for (int j = 0; j < columns; j++)
#pragma GCC unroll 4
        for (int r = 0; r < STRIP; r++) sum[j][r] += x[r] * right[j];
    }
    T out[THIN][WIDTH];
#pragma GCC unroll 4
    for (int j = 0; j < columns; j++)
#pragma GCC unroll 4
      for (int r = 0; r < STRIP; r++) store(out[j] + r * LANES, sum[j][r]);
    for (int r = 0; r < rows; r++)
      for (int j = 0; j < columns; j++) c[(i + r) * ldc + j] = out[j][r];
  }
}

// How many of n columns are taken here.
INLINE int thin_part(int n) {
  const int rest = n % LANES;
  return LANES >= 8 && n > LANES && rest <= LANES / 4 && rest <= THIN ? rest : 0;
}

// The last `columns` of c[m,n]. `packed` holds columns · k elements.
static void thin_product(const Product *of, int columns, T *packed) {
#define FOR_EACH_WIDTH(CALL) \
  switch (columns) {         \
    case 1: CALL(1); break;  \
    case 2: CALL(2); break;  \
    case 3: CALL(3); break;  \
    case 4: CALL(4); break;  \
  }
  const int m = of->m, n = of->n, k = of->k, first = n - columns;
  T *c = of->c + first;
  if (of->form == FORM_TN) {
#define COLUMNS_CALL(N) thin_columns(N, m, k, of->a, of->lda, of->b + first, n, c, of->ldc)
    FOR_EACH_WIDTH(COLUMNS_CALL)
    return;
  }
  const T *right = of->b + (ptrdiff_t)first * k, *bias = of->bias ? of->bias + first : 0;
  if (of->form == FORM_NN) {
    for (int p = 0; p < k; p++)
      for (int j = 0; j < columns; j++) packed[(ptrdiff_t)j * k + p] = of->b[(ptrdiff_t)p * n + first + j];
    right = packed;
  }
#define ROWS_CALL(N) thin_rows(N, m, k, of->a, of->lda, right, c, of->ldc, bias, of->relu)
  FOR_EACH_WIDTH(ROWS_CALL)
}
