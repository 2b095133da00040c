// Patches: what lies under each place of a window, a row each, so that a convolution is a matrix product.
#pragma once
#include "windows.h"

// The part of a span of n values that lies within the image: [begin, end); 0 beyond it.
typedef struct {
  int n, begin, end;
} Span;

// A span from `from` to `to`, and so `times` times, each some steps further on. It is a few values long: so that no time goes
// into loops over single ones, the last register lies over the one before where n is no multiple of it.
INLINE void copy_spans(T *to, ptrdiff_t to_step, const T *from, ptrdiff_t from_step, Span span, int times) {
  const int n = span.n, whole = span.end - span.begin == n;
#define EACH_TIME for (int t = 0; t < times; t++, to += to_step, from += from_step)
  if (MASKED && n <= LANES) {
    EACH_TIME store_part(to, load_within(from, span.begin, span.end), n);
  } else if (whole && n >= LANES) {
    EACH_TIME {
      for (int i = 0; i < n - LANES; i += LANES) store(to + i, load(from + i));
      store(to + n - LANES, load(from + n - LANES));
    }
  } else if (whole && LANES > 4 && n >= 4) {
    EACH_TIME {
      *(V4U *)to = *(const V4U *)from;
      *(V4U *)(to + n - 4) = *(const V4U *)(from + n - 4);
    }
  } else {
    EACH_TIME {
      for (int i = 0; i < span.begin; i++) to[i] = 0;
      for (int i = span.begin; i < span.end; i++) to[i] = from[i];
      for (int i = span.end; i < n; i++) to[i] = 0;
    }
  }
#undef EACH_TIME
}

// to += from
INLINE void add_span(T *to, const T *from, int n) {
  int i = 0;
  for (; i + LANES <= n; i += LANES) store(to + i, flush(load(to + i) + load(from + i)));
  if (MASKED) {
    if (i < n) store_part(to + i, load_part(to + i, n - i) + load_part(from + i, n - i), n - i);
    return;
  }
  if (LANES > 4 && i + 4 <= n) {
    *(V4U *)(to + i) += *(const V4U *)(from + i);
    i += 4;
  }
  for (; i < n; i++) to[i] = flush_one(to[i] + from[i]);
}

// patches[p] = what lies under the window's place `first` + p, counted through all images; zeros beyond the border. Places of
// one row of the result at a time: those at its sides reach over the border, all between them are alike.
SMALL static void gather_patches(T *patches, const T *x, int first, int count, const Window *w) {
  const int size = w->size, channels = w->channels;
  const int across = size * channels, line = w->width * channels, depth = across * size;
  // Places before the first that reaches over the right side.
  const int inside = (w->width + w->padding - size) / w->stride + 1;
  for (Cursor c = cursor_at(first, w); count > 0; advance(&c)) {
    const int end = c.ox + count < c.columns ? c.ox + count : c.columns;
    count -= end - c.ox;
    for (int alike; c.ox < end; c.ox += alike) {
      const Place place = place_of(w, c.oy, c.ox);
      const Span span = {across, place.left * channels, place.right * channels}, none = {across, 0, 0};
      alike = place.right - place.left < size ? 1 : (inside < end ? inside : end) - c.ox;
      const T *row = x + c.image * w->height * line + place.at;
      T *to = patches;
      for (int ky = 0; ky < size; ky++, to += across, row += line)
        copy_spans(to, depth, row, w->stride * channels, ky < place.top || ky >= place.bottom ? none : span, alike);
      patches += alike * (ptrdiff_t)depth;
    }
    c.ox = end - 1;
  }
}

// dx[pixel] += what patches hold of it. An image is 0 before its first place, so that places given in order, some at a time,
// make the whole of it.
SMALL static void scatter_patches(T *dx, const T *patches, int first, int count, const Window *w) {
  const int channels = w->channels, across = w->size * channels, line = w->width * channels;
  const ptrdiff_t values = (ptrdiff_t)w->height * line;
  Cursor c = cursor_at(first, w);
  for (int p = 0; p < count; p++, advance(&c)) {
    T *image = dx + c.image * values;
    if (c.oy == 0 && c.ox == 0) fill_span(image, values);
    const Place place = place_of(w, c.oy, c.ox);
    const int before = place.left * channels, some = (place.right - place.left) * channels;
    const T *from = patches + place.top * across + before;
    T *row = image + place.at + before + place.top * line;
    for (int ky = place.top; ky < place.bottom; ky++, from += across, row += line) add_span(row, from, some);
    patches += across * w->size;
  }
}
