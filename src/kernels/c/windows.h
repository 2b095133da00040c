// A window that moves over images with channels last.
#pragma once
#include "kernels.h"

typedef struct {
  int height, width, channels, size, stride, padding;
} Window;
#define WINDOW_ARGUMENTS int height, int width, int channels, int size, int stride, int padding
#define WINDOW {height, width, channels, size, stride, padding}

// What of `length` values, from `at` on, lies within a side: [begin, end) of them.
typedef struct {
  int begin, end;
} Span;

INLINE Span within(int at, int length, int side) {
  const int begin = at < 0 ? least(-at, length) : 0, end = least(length, side - at);
  return (Span){begin, end < begin ? begin : end};
}

// Image rows and columns that a window at output pixel (oy, ox) covers, of its own.
typedef struct {
  ptrdiff_t at;  // of its first value in the image; may lie before it
  Span rows, columns;
} Place;

INLINE Place place_of(const Window *w, int oy, int ox) {
  const int y = oy * w->stride - w->padding, x = ox * w->stride - w->padding;
  return (Place){((ptrdiff_t)y * w->width + x) * w->channels, within(y, w->size, w->height), within(x, w->size, w->width)};
}

INLINE int places(int side, const Window *w) { return (side + 2 * w->padding - w->size) / w->stride + 1; }

SMALL APART void fill_span(T *to, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) to[i] = 0;
}

SMALL __attribute__((unused)) APART void copy_span(T *to, const T *from, ptrdiff_t n) {
  ptrdiff_t i = 0;
  for (; i + LANES <= n; i += LANES) store(to + i, load(from + i));
  if (MASKED && i < n) store_part(to + i, load_part(from + i, (int)(n - i)), (int)(n - i));
  for (; !MASKED && i < n; i++) to[i] = from[i];
}
