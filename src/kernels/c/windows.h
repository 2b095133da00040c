// A window that moves over images with channels last.
#pragma once
#include "kernels.h"

typedef struct {
  int height, width, channels, size, stride, padding;
} Window;
#define WINDOW_ARGUMENTS int height, int width, int channels, int size, int stride, int padding
#define WINDOW {height, width, channels, size, stride, padding}

// Image rows and columns that a window at output pixel (oy, ox) covers: [top, bottom) × [left, right) of its own.
typedef struct {
  ptrdiff_t at;  // of its first value in the image; may lie before it
  int top, bottom, left, right;
} Place;

INLINE Place place_of(const Window *w, int oy, int ox) {
  const int y = oy * w->stride - w->padding, x = ox * w->stride - w->padding;
  Place place = {
      .at = ((ptrdiff_t)y * w->width + x) * w->channels,
      .top = y < 0 ? -y : 0,
      .bottom = y + w->size > w->height ? w->height - y : w->size,
      .left = x < 0 ? -x : 0,
      .right = x + w->size > w->width ? w->width - x : w->size,
  };
  // A window that lies wholly in the padding covers nothing.
  if (place.bottom <= place.top) place.bottom = place.top = 0;
  if (place.right <= place.left) place.right = place.left = 0;
  return place;
}

// Where pixel number `pixel` of the whole batch lies; the next one is stepped to.
typedef struct {
  ptrdiff_t image;
  int oy, ox, rows, columns;
} Cursor;

INLINE int places(int side, const Window *w) { return (side + 2 * w->padding - w->size) / w->stride + 1; }

INLINE Cursor cursor_at(int pixel, const Window *w) {
  Cursor c = {.rows = places(w->height, w), .columns = places(w->width, w)};
  const int pixels = c.rows * c.columns;
  c.image = pixel / pixels;
  c.oy = pixel % pixels / c.columns;
  c.ox = pixel % c.columns;
  return c;
}

INLINE void advance(Cursor *c) {
  if (++c->ox < c->columns) return;
  c->ox = 0;
  if (++c->oy < c->rows) return;
  c->oy = 0;
  c->image++;
}

SMALL APART void fill_span(T *to, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) to[i] = 0;
}

SMALL __attribute__((unused)) APART void copy_span(T *to, const T *from, ptrdiff_t n) {
  ptrdiff_t i = 0;
  for (; i + LANES <= n; i += LANES) store(to + i, load(from + i));
  for (; i < n; i++) to[i] = from[i];
}
