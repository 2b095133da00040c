// Pooling: the largest of what lies under a window, or the mean.
#include "windows.h"

// The larger of two, the first of equals; a NaN is larger than all.
INLINE V larger(V best, V x) { return choose((x > best) | ((x != x) & (best == best)), x, best); }

// Each value under the window at `place`, the channels from `offset` on: its offset in the image.
#define EACH(at)                                                                                  \
  for (int ky = place.rows.begin; ky < place.rows.end; ky++)                                               \
    for (ptrdiff_t kx = place.columns.begin, at = place.at + (ky * width + kx) * channels + offset; \
         kx < place.columns.end; kx++, at += channels)

// One loop for all four. out is y, or dx; dy is read only backward, x not for the mean.
enum { MAX_POOL, MAX_POOL_BACKWARD, AVERAGE_POOL, AVERAGE_POOL_BACKWARD };

// The windows at one place, of all channels; out and dy from the place on where they are values of places.
INLINE void pool_place(int kind, T *out, const T *dy, const T *x, Place place, int width, int channels, T share) {
  const int backward = kind == MAX_POOL_BACKWARD || kind == AVERAGE_POOL_BACKWARD, average = kind >= AVERAGE_POOL;
  for (int offset = 0; offset < channels; offset += LANES) {
    const int n = least(LANES, channels - offset);
    V found = {0};
    int any = 0;
    if (kind == AVERAGE_POOL) {
      EACH(at) found += take(x + at, n);
      found /= share;
    } else if (!average) {
      EACH(at) {
        const V value = take(x + at, n);
        found = any++ ? larger(found, value) : value;
      }
    }
    if (!backward) {
      give(out + offset, average ? flush(found) : found, n);
      continue;
    }
    const V d = average ? take(dy + offset, n) / share : take(dy + offset, n);
    VI open = ~(VI){0};
    EACH(at) {
      VI chosen = open;
      if (!average) {
        const V value = take(x + at, n);
        chosen &= (value == found) | ((value != value) & (found != found));
        open &= ~chosen;
      }
      give(out + at, flush(take(out + at, n) + (V)((VI)d & chosen)), n);
    }
  }
}

SMALL __attribute__((noinline)) static void pool(int kind, T *out, const T *dy, const T *x, int images, WINDOW_ARGUMENTS) {
  const Window window = WINDOW, *w = &window;
  const ptrdiff_t image = (ptrdiff_t)height * width * channels;
  const int backward = kind == MAX_POOL_BACKWARD || kind == AVERAGE_POOL_BACKWARD;
  const T share = (T)(size * size);
  for (int i = 0; i < images; i++, x += image) {
    // An image at a time, so that it is still in cache when its first window comes.
    if (backward) fill_span(out, image);
    for (int oy = 0; oy < places(height, w); oy++)
      for (int ox = 0; ox < places(width, w); ox++) {
        pool_place(kind, out, dy, x, place_of(w, oy, ox), width, channels, share);
        if (backward)
          dy += channels;
        else
          out += channels;
      }
    if (backward) out += image;
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
