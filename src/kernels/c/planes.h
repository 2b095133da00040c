// A convolution by 1 of few channels to few, without patches: as a product it would fill as many lanes as there are filters.
// Here each channel lies by itself, a plane, and a register over pixels of it that follow each other, from one row into the
// next: y[f][q] = Σ x[c][q + ky·line + kx] · w[(ky, kx, c), f]. Between the rows lie zeros, one border for the end of a row and
// the beginning of the next; what is computed there is left. (In a gradient it is 0 times a pixel: one that is not finite may
// reach weights that it did not meet.)
#pragma once
#include "channels.h"

// Registers that are held at a time. V8 has 15 for sums and what they are made of.
enum {
  GROUP = 3,                            // results
  PIXELS = TANREN_BYTES == 64 ? 6 : 3,  // registers of each
  TAPS = TANREN_BYTES == 64 ? 5 : 3,    // weights whose gradients are summed, for each of a group
  ALONE = 8,                            // registers of one result by itself; or, where they are wide,
  HIGH = TANREN_BYTES == 64 ? 7 : TANREN_BYTES == 32 ? 2 : 0,  // so many of its rows
  ACROSS = TANREN_BYTES == 64 ? 2 : 4,                         // and registers of each
};

// The planes of one image: `from` are convolved with the window, `to` is what comes of them.
typedef struct {
  int size, line;      // of the window; from one row of a plane to the next
  int rows, columns;   // of the result
  int from, to;        // planes
  int border;          // zeros before the first row and column of what is convolved
  ptrdiff_t values;    // of a plane of either, with all that a register reaches over
} Planes;

SMALL APART Planes planes_of(int from, int to, int rows, int columns, int line, int border, int size) {
  const ptrdiff_t most = ALONE * LANES;  // no less than any block
  const ptrdiff_t reach = (ptrdiff_t)(rows + size + HIGH) * line + size + most;
  return (Planes){size, line, rows, columns, from, to, border, (reach + LANES - 1) / LANES * LANES};
}

INLINE int positions(const Planes *s) { return (s->rows - 1) * s->line + s->columns; }

// The planes of an image of `height` rows; around them nothing is written.
SMALL APART void split(T *planes, const T *image, int height, int width, int channels, int border, const Planes *s) {
  turn_rows(1, planes + border * (s->line + 1), s->values, s->line, (T *)image, height, width, channels);
}

// And back: the rows of the result.
SMALL APART void join(T *image, T *planes, const Planes *s) {
  turn_rows(0, planes, s->values, s->line, image, s->rows, s->columns, s->to);
}

// Where the weight of a window's pixel, a plane convolved and a plane of the result lies.
typedef struct {
  const T *w;
  ptrdiff_t tap, from, to;
} Weights;

// `group` planes of the result, `pixels` registers of each; both are constants where it is inlined.
INLINE void planes_block(const int group, const int pixels, T *to, const T *from, const Weights *weights, const T *bias,
                         const Planes *s) {
  V sum[GROUP][ALONE];
#pragma GCC unroll 3
  for (int f = 0; f < group; f++)
#pragma GCC unroll 8
    for (int p = 0; p < pixels; p++) sum[f][p] = splat(bias[f]);
  const T *plane_weights = weights->w;
  for (int c = 0; c < s->from; c++, from += s->values, plane_weights += weights->from) {
    const T *row = from, *w = plane_weights;
    for (int ky = 0; ky < s->size; ky++, row += s->line)
      for (int kx = 0; kx < s->size; kx++, w += weights->tap) {
        V weight[GROUP];
#pragma GCC unroll 3
        for (int f = 0; f < group; f++) weight[f] = splat(w[f * weights->to]);
#pragma GCC unroll 8
        for (int p = 0; p < pixels; p++) {
          V pixel = load(row + kx + p * LANES);
          if (group > 1) HELD(pixel);
#pragma GCC unroll 3
          for (int f = 0; f < group; f++) {
            sum[f][p] = multiply_add(pixel, weight[f], sum[f][p]);
            if (group > 1) IN_TURN(sum[f][p]);
          }
        }
      }
  }
#pragma GCC unroll 3
  for (int f = 0; f < group; f++)
#pragma GCC unroll 8
    for (int p = 0; p < pixels; p++) store(to + f * s->values + p * LANES, flush(sum[f][p]));
}

#if TANREN_BYTES > 16
// HIGH rows of one plane of the result, ACROSS registers of each: a pixel is read once for all rows that it is part of. `size`
// is a constant where it is inlined, of the usual windows.
INLINE void rows_block(const int size, T *to, const T *from, const Weights *weights, T bias, const Planes *s) {
  V sum[HIGH][ACROSS];
#pragma GCC unroll 7
  for (int r = 0; r < HIGH; r++)
#pragma GCC unroll 4
    for (int p = 0; p < ACROSS; p++) sum[r][p] = splat(bias);
  const T *plane_weights = weights->w;
  for (int c = 0; c < s->from; c++, from += s->values, plane_weights += weights->from)
    for (int kx = 0; kx < size; kx++) {
      const T *at = from + kx, *w = plane_weights + kx * weights->tap;
#pragma GCC unroll 11
      for (int i = 0; i < size + HIGH - 1; i++, at += s->line) {
        V pixel[ACROSS];
#pragma GCC unroll 4
        for (int p = 0; p < ACROSS; p++) {
          pixel[p] = load(at + p * LANES);
          HELD(pixel[p]);
        }
#pragma GCC unroll 7
        for (int r = 0; r < HIGH; r++)
          if (i >= r && i - r < size) {
            const V weight = splat(w[(i - r) * size * weights->tap]);
#pragma GCC unroll 4
            for (int p = 0; p < ACROSS; p++) sum[r][p] = multiply_add(pixel[p], weight, sum[r][p]);
          }
      }
    }
#pragma GCC unroll 7
  for (int r = 0; r < HIGH; r++)
#pragma GCC unroll 4
    for (int p = 0; p < ACROSS; p++) store(to + r * s->line + p * LANES, flush(sum[r][p]));
}

// One plane of the result.
APART void convolve_plane(T *to, const T *from, const Weights *weights, const T *bias, const Planes *s) {
  for (int y = 0; y < s->rows; y += HIGH)
    for (int x = 0; x < s->columns; x += ACROSS * LANES) {
      const ptrdiff_t q = (ptrdiff_t)y * s->line + x;
      switch (s->size) {
        case 3: rows_block(3, to + q, from + q, weights, *bias, s); break;
        case 5: rows_block(5, to + q, from + q, weights, *bias, s); break;
        default: rows_block(s->size, to + q, from + q, weights, *bias, s);
      }
    }
}
#else
APART void convolve_plane(T *to, const T *from, const Weights *weights, const T *bias, const Planes *s) {
  for (int q = 0; q < positions(s); q += ALONE * LANES) planes_block(1, ALONE, to + q, from + q, weights, bias, s);
}
#endif

// All of them. The last group lies over the one before where they do not come out even.
APART void convolve_planes(T *to, const T *from, Weights weights, const T *bias, const Planes *s) {
  const int all = positions(s), group = s->to < GROUP ? 1 : GROUP;
  for (int f = 0;;) {
    const Weights own = {weights.w + f * weights.to, weights.tap, weights.from, weights.to};
    T *plane = to + f * s->values;
    if (group == 1) convolve_plane(plane, from, &own, bias + f, s);
    for (int q = 0; q < all && group > 1; q += PIXELS * LANES)
      planes_block(GROUP, PIXELS, plane + q, from + q, &own, bias + f, s);
    if (f == s->to - group) break;
    f = least(f + group, s->to - group);
  }
}

// sum[f][t] += dy[f] · from[at[t]], over all pixels; `group` is a constant where it is inlined.
INLINE void planes_sums(const int group, T *sums, const T *dy, const T *from, const int *at, const Planes *s) {
  V sum[GROUP][TAPS];
#pragma GCC unroll 3
  for (int f = 0; f < group; f++)
#pragma GCC unroll 5
    for (int t = 0; t < TAPS; t++) sum[f][t] = load(sums + (f * TAPS + t) * LANES);
  const int all = positions(s);
  for (int q = 0; q < all; q += LANES, from += LANES, dy += LANES) {
    V d[GROUP];
#pragma GCC unroll 3
    for (int f = 0; f < group; f++) {
      d[f] = load(dy + f * s->values);
      HELD(d[f]);
    }
#pragma GCC unroll 5
    for (int t = 0; t < TAPS; t++) {
      V pixel = load(from + at[t]);
      HELD(pixel);
#pragma GCC unroll 3
      for (int f = 0; f < group; f++) sum[f][t] = multiply_add(pixel, d[f], sum[f][t]);
    }
  }
#pragma GCC unroll 3
  for (int f = 0; f < group; f++)
#pragma GCC unroll 5
    for (int t = 0; t < TAPS; t++) store(sums + (f * TAPS + t) * LANES, sum[f][t]);
}

// Sums of an image's gradients: a register for each of the result's planes (its bias), then for each group of them and TAPS
// weights of the window a block of registers.
enum { SUMS = GROUP * TAPS * LANES };
INLINE int groups_of(int planes) { return (planes + GROUP - 1) / GROUP; }
INLINE int sums_values(const Planes *s) {
  return s->to * LANES + s->from * groups_of(s->to) * ((s->size * s->size + TAPS - 1) / TAPS) * SUMS;
}

// Of an image, for each weight.
APART void sum_planes(T *sums, const T *dy, const T *from, const Planes *s) {
  const int weights = s->size * s->size;
  for (int c = 0; c < s->from; c++, from += s->values)
    for (int f = 0; f < s->to; f += GROUP)
      for (int w = 0; w < weights; w += TAPS, sums += SUMS) {
        int at[TAPS];
        for (int t = 0; t < TAPS; t++) {
          const int tap = least(w + t, weights - 1);
          at[t] = tap / s->size * s->line + tap % s->size;
        }
        const T *group = dy + f * s->values;
        if (s->to - f < GROUP)
          for (int one = 0; one < s->to - f; one++)
            planes_sums(1, sums + one * TAPS * LANES, group + one * s->values, from, at, s);
        else
          planes_sums(GROUP, sums, group, from, at, s);
      }
}

// sums[f] += dy[f] over all pixels; behind the last one lie zeros.
APART void sum_pixels(T *sums, const T *dy, const Planes *s) {
  const int all = positions(s);
  for (int f = 0; f < s->to; f++, sums += LANES, dy += s->values) {
    V even = load(sums), odd = splat(0), even_too = odd, odd_too = odd;
    for (int q = 0; q < all; q += 4 * LANES) {
      even += load(dy + q);
      odd += load(dy + q + LANES);
      even_too += load(dy + q + 2 * LANES);
      odd_too += load(dy + q + 3 * LANES);
    }
    store(sums, (even + odd) + (even_too + odd_too));
  }
}

// dw[(ky, kx, c), f] = what its lanes come to.
SMALL static void keep_sums(T *dw, const T *sums, const Planes *s) {
  const int weights = s->size * s->size;
  for (int c = 0; c < s->from; c++)
    for (int g = 0; g < s->to; g += GROUP)
      for (int w = 0; w < weights; w += TAPS, sums += SUMS)
        for (int f = g; f < g + GROUP && f < s->to; f++)
          for (int t = w; t < w + TAPS && t < weights; t++)
            dw[(t * s->from + c) * s->to + f] = flush_one(sum_of(load(sums + ((f - g) * TAPS + t - w) * LANES)));
}
