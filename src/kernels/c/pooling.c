// Pooling: the largest of what lies under a window, or the mean.
#include "windows.h"

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
