// Where all of a block's values of A are 0 for a k, as at the dark pixels of handwritten digits, that k adds nothing to the
// block's sums and is left out: a fifth of MNIST's pixels are lit, and in one of six images or more 44%. The sums keep their
// bits. Included by gemm.c.
#pragma once
#include "gemm.h"

enum {
  TRIED = 16,  // k that are looked at before the others are; whole registers
  MANY = 32,   // columns of C for which looking pays
  ALL_KEPT = KEPT * (BLOCK_ROWS / ROWS),
};

// Whether a product's A has so many zeros that looking for them pays, by 64 values all over it.
SMALL static int many_zeros(const Product *p) {
  const int rows = p->form == FORM_TN ? p->k : p->m, columns = p->form == FORM_TN ? p->m : p->k;
  int zeros = 0;
  for (int i = 0; i < 64; i++) zeros += p->a[(i * rows >> 6) * p->lda + ((i * 37 & 63) * columns >> 6)] == 0;
  return zeros >= 40;
}

// Whether one of `rows` values, an even number of them, has a bit set.
INLINE int some_across(const int rows, const T *a) {
  typedef int64_t Word __attribute__((may_alias, aligned(sizeof(T))));
  const Word *words = (const Word *)a;
  int64_t any = 0;
#pragma GCC unroll 8
  for (int i = 0; i < rows * (int)sizeof(T) / 8; i++) any |= words[i];
  return any != 0;
}

INLINE int keep_across(const int rows, const T *a, ptrdiff_t step, int from, int to, int32_t *kept, int count) {
  for (int k = from; k < to; k++) {
    kept[count] = k;
    count += some_across(rows, a + k * step);
  }
  return count;
}

// to: k, k + 1, … of those lanes of v that have a bit set; how many they are.
INLINE int keep_lanes(VI v, int k, int32_t *to) {
#if defined(__AVX512F__) && !defined(TANREN_F64)
  const __m512i next = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const __mmask16 set = _mm512_test_epi32_mask((__m512i)v, (__m512i)v);
  _mm512_storeu_si512(to, _mm512_maskz_compress_epi32(set, _mm512_add_epi32(next, _mm512_set1_epi32(k))));
  return __builtin_popcount(set);
#else
  I bits[LANES];
  store((T *)bits, (V)v);
  int count = 0;
  for (int l = 0; l < LANES; l++) {
    to[count] = k + l;
    count += bits[l] != 0;
  }
  return count;
#endif
}

INLINE int keep_down(const int rows, const T *a, ptrdiff_t row, int from, int to, int32_t *kept, int count) {
  for (int k = from; k < to; k += LANES) {
    VI any = {0};
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++) any |= (VI)take(a + i * row + k, to - k);
    count += keep_lanes(any, k, kept + count);
  }
  return count;
}

// kept: the k < depth at which one of `rows` values is not 0, behind their number; −1 where too few could be left out.
INLINE void keep_of(const int rows, const T *a, ptrdiff_t row, ptrdiff_t step, int depth, int32_t *kept) {
  int count = 0;
  for (int from = 0, to = least(TRIED, depth); from < depth; from = to, to = depth) {
    count = step == 1 ? keep_down(rows, a, row, from, to, kept + 1, count)
                      : keep_across(rows, a, step, from, to, kept + 1, count);
    if (8 * count > 7 * to) {
      count = -1;
      break;
    }
  }
  kept[0] = count;
}

// The same of `blocks` blocks of `height` rows, one below the other.
SMALL static void keep(int height, int blocks, const T *a, ptrdiff_t row, ptrdiff_t step, int depth, int32_t *kept) {
  for (; blocks > 0; blocks--, a += height * row, kept += KEPT)
    if (WIDE == 2 || height == ROWS)
      keep_of(ROWS, a, row, step, depth, kept);
    else
      keep_of(TALL, a, row, step, depth, kept);
}
