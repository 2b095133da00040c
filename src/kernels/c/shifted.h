// A convolution by 1 over images of one channel, without patches: as a product it would fill as many lanes as there are
// filters. Here what is shifted lies filter by filter, `filters` values a pixel (an image's pixel is repeated), and a register
// of the result over pixels and filters together: y[row][at] = Σ wide[row + ky][at + kx·filters] · W[ky, kx][at mod filters].
#pragma once
#include "lanes.h"

// Registers that are held at a time. V8 keeps 8 sums and what is multiplied in its 15, as in gemm.h.
enum {
  HIGH = 4,                            // rows of a result
  BROAD = TANREN_BYTES > 16 ? 3 : 2,   // registers of each
  TAPS = TANREN_BYTES == 64 ? 5 : 3,   // weights whose gradients are summed
};

typedef struct {
  int size, filters;
  int rows, length;  // of the result: values of a row
  int line;          // values from one row of `wide` to the next
} Shifts;

INLINE ptrdiff_t whole_registers(ptrdiff_t values, int registers) {
  const ptrdiff_t unit = registers * LANES;
  return (values + unit - 1) / unit * unit;
}

// Values of `wide`: rows and registers beyond the result are computed as well, and left.
INLINE ptrdiff_t wide_values(const Shifts *s) {
  const ptrdiff_t rows = s->rows + s->size - 1 + HIGH - 1;
  return whole_registers(rows * s->line + s->size * s->filters + BROAD * LANES, 1);
}

// A row of weights over and over, so that a register may begin at any filter.
INLINE int pattern_values(const Shifts *s) { return (int)whole_registers(s->filters + BROAD * LANES, 1); }

SMALL static T *write_pattern(T *to, const T *row, const Shifts *s) {
  const int values = pattern_values(s);
  for (int i = 0, f = 0; i < values; i++, f = f + 1 < s->filters ? f + 1 : 0) to[i] = row[f];
  return to + values;
}

// What a block's sums become, of which only `rows` and `left` values are kept.
SMALL APART void keep_block(const V *sum, int broad, const Shifts *s, T *y, const T *bias, int rows, int left, int relu) {
  for (int r = 0; r < HIGH && r < rows; r++, y += s->length, sum += BROAD)
    for (int j = 0; j < broad && j * LANES < left; j++) {
      V value = sum[j] + load(bias + j * LANES);
      if (relu) value = gate(value, value);
      give(y + j * LANES, flush(value), left - j * LANES);
    }
}

// HIGH rows and `broad` registers of the result; `broad` is a constant where it is inlined.
INLINE void shifted_block(const int broad, const Shifts *s, T *y, const T *from, const T *pattern, int rows, int left,
                          int relu) {
  V sum[HIGH][BROAD];
#pragma GCC unroll 4
  for (int r = 0; r < HIGH; r++)
#pragma GCC unroll 3
    for (int j = 0; j < broad; j++) sum[r][j] = splat(0);
  for (int ky = 0; ky < s->size; ky++, from += s->line) {
    const T *at = from;
    for (int kx = 0; kx < s->size; kx++, at += s->filters, pattern += pattern_values(s)) {
      V right[BROAD];
#pragma GCC unroll 3
      for (int j = 0; j < broad; j++) right[j] = load(pattern + j * LANES);
      const T *row = at;
#pragma GCC unroll 4
      for (int r = 0; r < HIGH; r++, row += s->line)
#pragma GCC unroll 3
        for (int j = 0; j < broad; j++) sum[r][j] = multiply_add(load(row + j * LANES), right[j], sum[r][j]);
    }
  }
  // Of its own: sums whose address is given away would be kept in memory from the beginning.
  V out[HIGH * BROAD];
#pragma GCC unroll 4
  for (int r = 0; r < HIGH; r++)
#pragma GCC unroll 3
    for (int j = 0; j < broad; j++) out[r * BROAD + j] = sum[r][j];
  keep_block(out, broad, s, y, pattern, rows, left, relu);
}

// y = what the weights make of `wide`. The patterns of the weights lie one behind the other, and behind them the bias's.
APART void shifted_products(T *y, const T *wide, const T *patterns, int relu, const Shifts *s) {
  for (int top = 0; top < s->rows; top += HIGH)
    for (int j = 0; j < s->length; j += BROAD * LANES) {
      const T *from = wide + (ptrdiff_t)top * s->line + j, *pattern = patterns + j % s->filters;
      T *to = y + (ptrdiff_t)top * s->length + j;
      const int rows = s->rows - top, left = s->length - j;
      if (BROAD > 2 && left > 2 * LANES)
        shifted_block(BROAD, s, to, from, pattern, rows, left, relu);
      else
        shifted_block(2, s, to, from, pattern, rows, left, relu);
    }
}

// Values of one weight's sums: its gradient's parts at each pixel of a row, for the rows of all images. There are sums for a
// few weights more, so that there are TAPS of them every time.
INLINE int sums_values(const Shifts *s) { return (int)whole_registers(s->length, BROAD); }
INLINE int sums_rows(const Shifts *s) { return (s->size * s->size + TAPS - 1) / TAPS * TAPS; }

// sums[tap][at] += Σ_rows wide[row + ky][at + kx·filters] · dy[row][at]; `broad` is a constant where it is inlined.
INLINE void shifted_sums(const int broad, const Shifts *s, T *sums, const T *wide, const int *at, const T *dy) {
  const int step = sums_values(s);
  V sum[TAPS][BROAD];
#pragma GCC unroll 5
  for (int t = 0; t < TAPS; t++)
#pragma GCC unroll 3
    for (int j = 0; j < broad; j++) sum[t][j] = load(sums + t * step + j * LANES);
  for (int r = 0; r < s->rows; r++, wide += s->line, dy += s->length) {
    V d[BROAD];
#pragma GCC unroll 3
    for (int j = 0; j < broad; j++) d[j] = load(dy + j * LANES);
#pragma GCC unroll 5
    for (int t = 0; t < TAPS; t++)
#pragma GCC unroll 3
      for (int j = 0; j < broad; j++) sum[t][j] = multiply_add(load(wide + at[t] + j * LANES), d[j], sum[t][j]);
  }
#pragma GCC unroll 5
  for (int t = 0; t < TAPS; t++)
#pragma GCC unroll 3
    for (int j = 0; j < broad; j++) store(sums + t * step + j * LANES, sum[t][j]);
}

// Of an image, for each weight. Registers reach beyond the rows of dy, and what they sum there is left.
APART void shifted_gradients(T *sums, const T *wide, const T *dy, const Shifts *s) {
  const int step = sums_values(s), weights = s->size * s->size;
  for (int j = 0; j < s->length; j += BROAD * LANES)
    for (int w = 0; w < weights; w += TAPS) {
      int at[TAPS];
      for (int t = 0; t < TAPS; t++) {
        const int tap = w + t < weights ? w + t : weights - 1;
        at[t] = tap / s->size * s->line + tap % s->size * s->filters;
      }
      T *to = sums + (ptrdiff_t)w * step + j;
      if (BROAD > 2 && s->length - j > 2 * LANES)
        shifted_sums(BROAD, s, to, wide + j, at, dy + j);
      else
        shifted_sums(2, s, to, wide + j, at, dy + j);
    }
}
