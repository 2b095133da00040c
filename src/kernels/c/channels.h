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

// One row of `width` ≥ LANES pixels, taken apart or put together, a register of them at a time; the last one lies over the one
// before.
INLINE void turn_row(const int channels, const int apart, T *planes, ptrdiff_t plane, T *image, int width) {
  for (int x0 = 0; x0 < width; x0 += LANES) {
    const int x = least(x0, width - LANES);
    V given[8], turned[8];
#pragma GCC unroll 8
    for (int i = 0; i < channels; i++) given[i] = load(apart ? image + x * channels + i * LANES : planes + i * plane + x);
    turn(channels, apart ? channels : LANES, turned, given);
#pragma GCC unroll 8
    for (int i = 0; i < channels; i++) store(apart ? planes + i * plane + x : image + x * channels + i * LANES, turned[i]);
  }
}
#define KNOWN(C) \
  case C: EACH_LINE turn_row(C, apart, planes, plane, image, width); return;
#define WHERE_KNOWN \
  if (width >= LANES) switch (channels) { KNOWN(2) KNOWN(3) KNOWN(4) KNOWN(5) KNOWN(6) KNOWN(7) KNOWN(8) }
#else
#define WHERE_KNOWN
#endif

// The rows of an image, apart to those of its planes or together from them, of which only what is written changes: `plane` values
// lie from one plane to the next, `line` from a row of it to the next. `apart` is a constant where it is inlined.
INLINE void turn_rows(const int apart, T *planes, ptrdiff_t plane, int line, T *image, int height, int width, int channels) {
#define EACH_LINE for (int y = 0; y < height; y++, planes += line, image += width * channels)
  WHERE_KNOWN
  EACH_LINE {
    if (channels == 1)
      copy_span(apart ? planes : image, apart ? image : planes, width);
    else if (apart)
      TANREN_NAME(transpose)(planes, plane, image, channels, channels, width);
    else
      TANREN_NAME(transpose)(image, channels, planes, plane, width, channels);
  }
#undef EACH_LINE
}
