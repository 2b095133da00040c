// What moves a window over images with channels last: patches, so that a convolution is a matrix product, and pooling.
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
  if (place.bottom < place.top) place.bottom = place.top;
  if (place.right < place.left) place.right = place.left;
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

INLINE void copy_span(T *to, const T *from, int n) {
  for (int i = 0; i < n; i++) to[i] = from[i];
}

INLINE void fill_span(T *to, int n) {
  for (int i = 0; i < n; i++) to[i] = 0;
}

SMALL void TANREN_NAME(gather_patches)(T *patches, const T *x, int first, WINDOW_ARGUMENTS, int images, int count) {
  (void)images;
  const Window window = WINDOW, *w = &window;
  const int across = size * channels, line = width * channels;
  const ptrdiff_t values = (ptrdiff_t)height * line, depth = (ptrdiff_t)across * size;
  const T *end = patches + count * depth - LANES;
  Cursor c = cursor_at(first, w);
  for (int p = 0; p < count; p++, advance(&c)) {
    const T *image = x + c.image * values, *last = image + values - LANES;
    const Place place = place_of(w, c.oy, c.ox);
    const int before = place.left * channels, some = (place.right - place.left) * channels;
    const T *row = image + place.at + before;
    if (place.bottom - place.top == size && some == across && row + (size - 1) * line + across <= last &&
        patches + depth <= end) {
      // The usual case: by whole registers, whatever lies behind a span is written again by the next one.
      for (int ky = 0; ky < size; ky++, patches += across, row += line)
        for (int i = 0; i < across; i += LANES) store(patches + i, load(row + i));
      continue;
    }
    for (int ky = 0; ky < size; ky++, patches += across, row += line) {
      if (ky < place.top || ky >= place.bottom || some == 0) {
        fill_span(patches, across);
        continue;
      }
      copy_span(patches + before, row, some);
      if (some < across) {
        fill_span(patches, before);
        fill_span(patches + before + some, across - before - some);
      }
    }
  }
}

SMALL void TANREN_NAME(scatter_patches)(T *dx, const T *patches, int first, WINDOW_ARGUMENTS, int images, int count) {
  (void)images;
  const Window window = WINDOW, *w = &window;
  const int across = size * channels, line = width * channels;
  const ptrdiff_t values = (ptrdiff_t)height * line;
  Cursor c = cursor_at(first, w);
  for (int p = 0; p < count; p++, advance(&c)) {
    T *image = dx + c.image * values;
    if (c.oy == 0 && c.ox == 0)
      for (ptrdiff_t i = 0; i < values; i++) image[i] = 0;
    const Place place = place_of(w, c.oy, c.ox);
    const int before = place.left * channels, some = (place.right - place.left) * channels;
    const T *from = patches + place.top * across + before;
    T *row = image + place.at + before + place.top * line;
    for (int ky = place.top; ky < place.bottom; ky++, from += across, row += line) {
      int i = 0;
      for (; i + LANES <= some; i += LANES) store(row + i, flush(load(row + i) + load(from + i)));
      for (; i < some; i++) row[i] = flush_one(row[i] + from[i]);
    }
    patches += across * size;
  }
}

// The larger of two, the first of equals; a NaN is larger than all.
INLINE V larger(V best, V x) { return choose((x > best) | ((x != x) & (best == best)), x, best); }

// Each value under the window at `place`, the channels from `offset` on: its offset in the image.
#define EACH(at)                                                                                  \
  for (int ky = place.top; ky < place.bottom; ky++)                                               \
    for (ptrdiff_t kx = place.left, at = place.at + (ky * width + kx) * channels + offset;        \
         kx < place.right; kx++, at += channels)

// One loop for all four; out is y, or dx; x is not read for the mean, dy only backward.
enum { MAX_POOL, MAX_POOL_BACKWARD, AVERAGE_POOL, AVERAGE_POOL_BACKWARD };
SMALL __attribute__((noinline)) static void pool(int kind, T *out, const T *dy, const T *x, int images, WINDOW_ARGUMENTS) {
  const Window window = WINDOW, *w = &window;
  const ptrdiff_t image = (ptrdiff_t)height * width * channels;
  const int backward = kind == MAX_POOL_BACKWARD || kind == AVERAGE_POOL_BACKWARD, average = kind >= AVERAGE_POOL;
  const T share = (T)(size * size);
  Cursor c = cursor_at(0, w);
  const ptrdiff_t pixels = (ptrdiff_t)images * c.rows * c.columns;
  for (ptrdiff_t p = 0; p < pixels; p++, advance(&c)) {
    const Place place = place_of(w, c.oy, c.ox);
    const T *from = x + c.image * image;
    // An image at a time, so that it is still in cache when its first window comes.
    if (backward && c.oy == 0 && c.ox == 0) fill_span(out + c.image * image, image);
    for (int offset = 0; offset < channels; offset += LANES) {
      const int n = channels - offset < LANES ? channels - offset : LANES;
      const ptrdiff_t here = p * channels + offset;
      V found = {0};
      int any = 0;
      if (kind == AVERAGE_POOL) {
        EACH(at) found += take(from + at, n);
        found /= share;
      } else if (!average) {
        EACH(at) {
          const V value = take(from + at, n);
          found = any++ ? larger(found, value) : value;
        }
      }
      if (!backward) {
        give(out + here, average ? flush(found) : found, n);
        continue;
      }
      const V d = average ? take(dy + here, n) / share : take(dy + here, n);
      T *to = out + c.image * image;
      VI open = ~(VI){0};
      EACH(at) {
        VI chosen = open;
        if (!average) {
          const V value = take(from + at, n);
          chosen &= (value == found) | ((value != value) & (found != found));
          open &= ~chosen;
        }
        give(to + at, flush(take(to + at, n) + (V)((VI)d & chosen)), n);
      }
    }
  }
}

#define GIVEN images, height, width, channels, size, stride, padding
SMALL void TANREN_NAME(max_pool)(T *y, const T *x, WINDOW_ARGUMENTS, int images) { pool(MAX_POOL, y, y, x, GIVEN); }
SMALL void TANREN_NAME(max_pool_backward)(T *dx, const T *dy, const T *x, WINDOW_ARGUMENTS, int images) {
  pool(MAX_POOL_BACKWARD, dx, dy, x, GIVEN);
}
SMALL void TANREN_NAME(average_pool)(T *y, const T *x, WINDOW_ARGUMENTS, int images) { pool(AVERAGE_POOL, y, y, x, GIVEN); }
SMALL void TANREN_NAME(average_pool_backward)(T *dx, const T *dy, WINDOW_ARGUMENTS, int images) {
  pool(AVERAGE_POOL_BACKWARD, dx, dy, dx, GIVEN);
}
