// The channels of an image taken apart, a plane each, and put together again.
#pragma once
#include "product.h"
#include "windows.h"

#if PAIRED
// `channels` registers given as [rows, columns], kept as [columns, rows]: a lane picks its value from two of them at a time.
// `channels` and `columns` are constants where it is inlined, and so is all that says where a value comes from.
INLINE void turn(const int channels, const int columns, V *to, const V *from) {
  const int rows = channels * LANES / columns;
#pragma GCC unroll 8
  for (int i = 0; i < channels; i++) {
    VI lane, pair;
#pragma GCC unroll 16
    for (int l = 0; l < LANES; l++) {
      const int at = i * LANES + l, source = at % rows * columns + at / rows;
      lane[l] = source % (2 * LANES);
      pair[l] = source / (2 * LANES);
    }
#pragma GCC unroll 4
    for (int p = 0; 2 * p < channels; p++) {
      const V picked = pick(from[2 * p], from[least(2 * p + 1, channels - 1)], lane);
      to[i] = p == 0 ? picked : choose(pair == p, picked, to[i]);
    }
  }
}

// One row of `width` ≥ LANES pixels, a register of them at a time; the last one lies over the one before.
INLINE void split_row(const int channels, T *planes, ptrdiff_t plane, const T *image, int width) {
  for (int x0 = 0; x0 < width; x0 += LANES) {
    const int x = least(x0, width - LANES);
    V together[8], apart[8];
#pragma GCC unroll 8
    for (int i = 0; i < channels; i++) together[i] = load(image + x * channels + i * LANES);
    turn(channels, channels, apart, together);
#pragma GCC unroll 8
    for (int c = 0; c < channels; c++) store(planes + c * plane + x, apart[c]);
  }
}

INLINE void join_row(const int channels, T *image, const T *planes, ptrdiff_t plane, int width) {
  for (int x0 = 0; x0 < width; x0 += LANES) {
    const int x = least(x0, width - LANES);
    V together[8], apart[8];
#pragma GCC unroll 8
    for (int c = 0; c < channels; c++) apart[c] = load(planes + c * plane + x);
    turn(channels, LANES, together, apart);
#pragma GCC unroll 8
    for (int i = 0; i < channels; i++) store(image + x * channels + i * LANES, together[i]);
  }
}

#define KNOWN(C, DO) case C: DO(C); return;
#define WHERE_KNOWN(DO)                                                                        \
  if (width >= LANES) switch (channels) {                                                      \
    KNOWN(2, DO) KNOWN(3, DO) KNOWN(4, DO) KNOWN(5, DO) KNOWN(6, DO) KNOWN(7, DO) KNOWN(8, DO) \
  }
#else
#define WHERE_KNOWN(DO)
#endif

// The rows of an image to those of its planes: `plane` values lie from one plane to the next, `line` from a row of it to the next.
INLINE void split_rows(T *planes, ptrdiff_t plane, int line, const T *image, int height, int width, int channels) {
#define EACH_LINE for (int y = 0; y < height; y++, planes += line, image += width * channels)
#define SPLIT(C) EACH_LINE split_row(C, planes, plane, image, width)
  WHERE_KNOWN(SPLIT)
  EACH_LINE {
    if (channels == 1)
      copy_span(planes, image, width);
    else
      TANREN_NAME(transpose)(planes, plane, image, channels, channels, width);
  }
}

// And back.
INLINE void join_rows(T *image, const T *planes, ptrdiff_t plane, int line, int height, int width, int channels) {
#define JOIN(C) EACH_LINE join_row(C, image, planes, plane, width)
  WHERE_KNOWN(JOIN)
  EACH_LINE {
    if (channels == 1)
      copy_span(image, planes, width);
    else
      TANREN_NAME(transpose)(image, channels, planes, plane, width, channels);
  }
}
#undef EACH_LINE
