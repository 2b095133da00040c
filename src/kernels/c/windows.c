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

INLINE void fill_span(T *to, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) to[i] = 0;
}

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
  } else if (whole) {
    // Three at most.
    EACH_TIME {
      to[0] = from[0];
      if (n > 1) to[1] = from[1];
      if (n > 2) to[2] = from[2];
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

// Places of one row of the result at a time: those at its sides reach over the border, all between them are alike.
SMALL void TANREN_NAME(gather_patches)(T *patches, const T *x, int first, WINDOW_ARGUMENTS, int images, int count) {
  (void)images;
  const Window window = WINDOW, *w = &window;
  const int across = size * channels, line = width * channels, depth = across * size;
  const int inside = (width + padding - size) / stride + 1;  // places before the first that reaches over the right side
  for (Cursor c = cursor_at(first, w); count > 0; advance(&c)) {
    const int end = c.ox + count < c.columns ? c.ox + count : c.columns;
    count -= end - c.ox;
    for (int alike; c.ox < end; c.ox += alike) {
      const Place place = place_of(w, c.oy, c.ox);
      const Span span = {across, place.left * channels, place.right * channels}, none = {across, 0, 0};
      alike = place.right - place.left < size ? 1 : (inside < end ? inside : end) - c.ox;
      const T *row = x + c.image * height * line + place.at;
      T *to = patches;
      for (int ky = 0; ky < size; ky++, to += across, row += line)
        copy_spans(to, depth, row, stride * channels, ky < place.top || ky >= place.bottom ? none : span, alike);
      patches += alike * (ptrdiff_t)depth;
    }
    c.ox = end - 1;
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
    if (c.oy == 0 && c.ox == 0) fill_span(image, values);
    const Place place = place_of(w, c.oy, c.ox);
    const int before = place.left * channels, some = (place.right - place.left) * channels;
    const T *from = patches + place.top * across + before;
    T *row = image + place.at + before + place.top * line;
    for (int ky = place.top; ky < place.bottom; ky++, from += across, row += line) add_span(row, from, some);
    patches += across * size;
  }
}

// By rows of the result: a plane's line is added to each image row under it. What is added to a pixel comes in the order of the
// places, as in scatter_patches; between two additions to the same pixels lie those to the window's other rows.
SMALL void TANREN_NAME(scatter_planes)(T *dx, const T *planes, int first, WINDOW_ARGUMENTS, int images, int count) {
  (void)images;
  const Window window = WINDOW, *w = &window;
  const ptrdiff_t line = (ptrdiff_t)width * channels, step = (ptrdiff_t)stride * channels;
  Cursor c = cursor_at(first, w);
  for (int p = 0, times; p < count; p += times, advance(&c)) {
    T *image = dx + c.image * height * line;
    if (c.oy == 0 && c.ox == 0) fill_span(image, height * line);
    times = c.columns - c.ox < count - p ? c.columns - c.ox : count - p;
    const Place place = place_of(w, c.oy, c.ox);
    for (int kx = size - 1; kx >= 0; kx--) {
      // Of the places from here to the row's end, those whose column kx lies within the image.
      const int x = c.ox * stride - padding + kx;
      const int begin = x < 0 ? (-x + stride - 1) / stride : 0;
      const int behind = x < width ? (width - x + stride - 1) / stride : 0, end = behind < times ? behind : times;
      for (int ky = place.top; ky < place.bottom; ky++)
        for (int channel = 0; channel < channels && begin < end; channel++) {
          const T *from = planes + ((ptrdiff_t)(ky * size + kx) * channels + channel) * count + p + begin;
          T *to = image + ((ptrdiff_t)(c.oy * stride - padding + ky) * width + x) * channels + channel + begin * step;
          if (step == 1) {
            add_span(to, from, end - begin);
          } else {
            for (int i = 0; i < end - begin; i++, to += step) *to = flush_one(*to + from[i]);
          }
        }
    }
    c.ox += times - 1;
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
