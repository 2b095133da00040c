// Convolution: a product of patches, some places at a time, or of shifted images.
#include "patches.h"
#include "shifted.h"

// Places whose patches lie side by side.
typedef struct {
  int depth;   // values of a patch
  int places;  // of all images
} Extent;

INLINE Extent extent_of(const Window *w, int images) {
  return (Extent){w->size * w->size * w->channels, images * places(w->height, w) * places(w->width, w)};
}

// — By shifts —

// Up to so many filters a product would leave lanes empty, or gather more than it multiplies.
#if defined(__wasm__) && defined(TANREN_F64)
enum { MOST_FILTERS = 0 };  // what a page fetches for it would not pay
#else
enum { MOST_FILTERS = 2 * LANES < 16 ? 2 * LANES : 16 };
#endif

INLINE Shifts shifts_of(const Window *w, int filters) {
  const int columns = places(w->width, w);
  return (Shifts){w->size, filters, places(w->height, w), columns * filters, (w->width + 2 * w->padding) * filters};
}

// The same backward: dy with a border of its own is shifted over, and the result has `filters` values for each pixel of dx.
INLINE Shifts shifts_back(const Window *w, int filters) {
  const int border = w->size - 1 - w->padding;
  return (Shifts){w->size, filters, w->height, w->width * filters, (places(w->width, w) + 2 * border) * filters};
}

// Whether a convolution and its gradients go by shifts: where the scratch memory holds all that is made of an image.
SMALL static int shifts(const Window *w, int filters) {
  if (w->channels != 1 || w->stride != 1 || w->padding >= w->size || filters < 1 || filters > MOST_FILTERS) return 0;
  const Shifts forth = shifts_of(w, filters), back = shifts_back(w, filters);
  const ptrdiff_t patterns = (w->size * w->size + 1) * (ptrdiff_t)pattern_values(&forth);
  const ptrdiff_t sums = (sums_rows(&forth) + 1) * (ptrdiff_t)sums_values(&forth);
  const ptrdiff_t result = (ptrdiff_t)forth.rows * forth.length, parts = (ptrdiff_t)back.rows * back.length;
  const ptrdiff_t most = TANREN_NAME(scratch_bytes)() / (ptrdiff_t)sizeof(T);
  return wide_values(&forth) + patterns <= most && wide_values(&forth) + sums + result + BROAD * LANES <= most &&
         wide_values(&back) + patterns + parts <= most;
}

// Each pixel as often as there are filters, within a border that stays as it is.
SMALL static void widen(T *wide, const T *x, const Window *w, const Shifts *s) {
  T *row = wide + w->padding * (s->line + s->filters);
  for (int y = 0; y < w->height; y++, row += s->line) {
    T *to = row;
    // The last register of a pixel reaches over the next ones, of the last over the border.
    for (int i = 0; i < w->width + w->padding; i++, to += s->filters) {
      const V pixel = splat(i < w->width ? *x++ : 0);
      for (int f = 0; f < s->filters; f += LANES) store(to + f, pixel);
    }
  }
}

SMALL static void convolve_by_shifts(T *y, const T *x, const T *weights, const T *bias, int relu, const Window *w, int images,
                                     int n, T *scratch) {
  const Shifts s = shifts_of(w, n);
  T *wide = scratch, *patterns = wide + wide_values(&s), *to = patterns;
  for (int t = 0; t < s.size * s.size; t++) to = write_pattern(to, weights + t * n, &s);
  write_pattern(to, bias, &s);
  fill_span(wide, wide_values(&s));
  for (int i = 0; i < images; i++, x += w->height * w->width, y += s.rows * s.length) {
    widen(wide, x, w, &s);
    shifted_products(y, wide, patterns, relu, &s);
  }
}

SMALL static void gradients_by_shifts(T *dw, T *db, const T *x, const T *dy, const Window *w, int images, int n,
                                      T *scratch) {
  const Shifts s = shifts_of(w, n);
  const int step = sums_values(&s), weights = s.size * s.size, values = s.rows * s.length;
  T *wide = scratch, *sums = wide + wide_values(&s), *bias = sums + sums_rows(&s) * step, *last = bias + step;
  fill_span(scratch, last + values + BROAD * LANES - scratch);
  for (int i = 0; i < images; i++, x += w->height * w->width, dy += values) {
    const T *d = dy;
    if (i == images - 1) {
      // Nothing may be read beyond the last image.
      copy_span(last, dy, values);
      d = last;
    }
    widen(wide, x, w, &s);
    shifted_gradients(sums, wide, d, &s);
    for (int r = 0; r < s.rows; r++) add_span(bias, d + r * s.length, s.length);
  }
  for (int t = 0; t <= weights; t++) {
    const T *sum = t < weights ? sums + t * step : bias;
    T *to = t < weights ? dw + t * n : db;
    fill_span(to, n);
    for (int l = 0; l < s.length; l += n)
      for (int f = 0; f < n; f++) to[f] += sum[l + f];
    for (int f = 0; f < n; f++) to[f] = flush_one(to[f]);
  }
}

SMALL static void back_by_shifts(T *dx, const T *dy, const T *weights, const Window *w, int images, int n, T *scratch) {
  const Shifts s = shifts_back(w, n);
  const int border = w->size - 1 - w->padding, all = s.size * s.size;
  const int rows = places(w->height, w), length = places(w->width, w) * n;
  T *wide = scratch, *patterns = wide + wide_values(&s), *to = patterns;
  // The weights from the last to the first, and no bias.
  for (int t = all - 1; t >= 0; t--) to = write_pattern(to, weights + t * n, &s);
  fill_span(to, pattern_values(&s));
  T *parts = to + pattern_values(&s);
  fill_span(wide, wide_values(&s));
  for (int i = 0; i < images; i++, dy += rows * length) {
    T *row = wide + border * (s.line + n);
    for (int r = 0; r < rows; r++, row += s.line) copy_span(row, dy + r * length, length);
    shifted_products(parts, wide, patterns, 0, &s);
    const T *part = parts;
    for (int p = 0; p < w->height * w->width; p++, part += n) {
      T sum = part[0];
      for (int f = 1; f < n; f++) sum += part[f];
      *dx++ = flush_one(sum);
    }
  }
}

// — By patches, of k places at a time —

SMALL void TANREN_NAME(convolve)(T *y, T *patches, const T *x, const T *w, const T *bias, int activation,
                                 WINDOW_ARGUMENTS, int m, int n, int k, T *scratch) {
  const Window window = WINDOW;
  const Extent of = extent_of(&window, m);
  if (shifts(&window, n)) {
    convolve_by_shifts(y, x, w, bias, activation == ACTIVATION_RELU, &window, m, n, scratch);
    bend(activation, y, of.places * n);
    return;
  }
  for (int first = 0, some; first < of.places; first += some, y += (ptrdiff_t)some * n) {
    some = least(k, of.places - first);
    gather_patches(patches, x, first, some, &window);
    TANREN_NAME(matmul)(y, patches, w, bias, activation, some, n, of.depth, scratch);
  }
}

SMALL void TANREN_NAME(convolve_gradients)(T *dw, T *db, T *patches, T *part, const T *x, const T *dy,
                                           WINDOW_ARGUMENTS, int m, int n, int k, T *scratch) {
  const Window window = WINDOW;
  const Extent of = extent_of(&window, m);
  if (shifts(&window, n)) {
    gradients_by_shifts(dw, db, x, dy, &window, m, n, scratch);
    return;
  }
  TANREN_NAME(column_sums)(db, dy, of.places, n);
  fill_span(dw, of.places == 0 ? (ptrdiff_t)of.depth * n : 0);
  for (int first = 0, some; first < of.places; first += some, dy += (ptrdiff_t)some * n) {
    some = least(k, of.places - first);
    gather_patches(patches, x, first, some, &window);
    TANREN_NAME(matmul_tn)(first == 0 ? dw : part, patches, dy, of.depth, n, some, scratch);
    if (first > 0) TANREN_NAME(axpy)(dw, 1, part, of.depth * n);
  }
}

SMALL void TANREN_NAME(convolve_backward)(T *dx, T *patches, const T *dy, const T *w, WINDOW_ARGUMENTS, int m, int n,
                                          int k, T *scratch) {
  const Window window = WINDOW;
  const Extent of = extent_of(&window, m);
  if (shifts(&window, n)) {
    back_by_shifts(dx, dy, w, &window, m, n, scratch);
    return;
  }
  for (int first = 0, some; first < of.places; first += some, dy += (ptrdiff_t)some * n) {
    some = least(k, of.places - first);
    TANREN_NAME(matmul_nt)(patches, dy, w, some, of.depth, n, scratch);
    scatter_patches(dx, patches, first, some, &window);
  }
}
