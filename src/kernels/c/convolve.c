// Convolution: a product of patches, or by planes.
#include "planes.h"
#include "product.h"
#include "strips.h"

// — By planes —

// Up to so many filters, and weights of a window's pixel, a product would leave lanes empty, or gather more than it multiplies.
#if defined(__wasm__) && defined(TANREN_F64)
enum { FILTERS = 0, MOST = 0 };  // what a page fetches for it would not pay
#else
enum { FILTERS = 8, MOST = 36 };
#endif

INLINE Planes planes_forth(const Window *w, int n) {
  return planes_of(w->channels, n, places(w->height, w), places(w->width, w), w->width + w->padding, w->padding, w->size);
}

// The same backward: dy with a border of its own is convolved with the weights from the last to the first.
INLINE Planes planes_back(const Window *w, int n) {
  return planes_of(n, w->channels, w->height, w->width, w->width + w->padding, w->size - 1 - w->padding, w->size);
}

// Whether a convolution and its gradients go by planes: where the scratch memory holds all that is made of an image.
SMALL static int by_planes(const Window *w, int n) {
  if (FILTERS == 0 || n > FILTERS || w->channels * n > MOST || w->stride != 1 || w->padding >= w->size) return 0;
  const Planes forth = planes_forth(w, n), back = planes_back(w, n);
  const ptrdiff_t most = TANREN_NAME(scratch_bytes)() / (ptrdiff_t)sizeof(T), planes = w->channels + n;
  return planes * forth.values + sums_values(&forth) <= most && planes * back.values <= most;
}

SMALL static void convolve_by_planes(T *y, const T *x, const T *w, const T *bias, int rectify, const Window *window, int m,
                                     int n, T *scratch) {
  const Planes s = planes_forth(window, n);
  T *from = scratch, *to = from + s.from * s.values;
  fill_span(from, s.from * s.values);
  for (int i = 0; i < m; i++, x += window->height * window->width * s.from, y += s.rows * s.columns * n) {
    split(from, x, window->height, window->width, s.from, s.border, &s);
    convolve_planes(to, from, (Weights){w, s.from * n, n, 1}, bias, &s);
    join(y, to, &s);
    if (rectify) TANREN_NAME(relu)(y, y, s.rows * s.columns * n);
  }
}

SMALL static void gradients_by_planes(T *dw, T *db, const T *x, const T *dy, const Window *window, int m, int n, T *scratch) {
  const Planes s = planes_forth(window, n);
  T *from = scratch, *to = from + s.from * s.values, *bias = to + n * s.values, *sums = bias + n * LANES;
  fill_span(from, bias + sums_values(&s) - from);
  for (int i = 0; i < m; i++, x += window->height * window->width * s.from, dy += s.rows * s.columns * n) {
    split(from, x, window->height, window->width, s.from, s.border, &s);
    split(to, dy, s.rows, s.columns, n, 0, &s);
    sum_pixels(bias, to, &s);
    sum_planes(sums, to, from, &s);
  }
  for (int f = 0; f < n; f++) db[f] = flush_one(sum_of(load(bias + f * LANES)));
  keep_sums(dw, sums, &s);
}

SMALL static void back_by_planes(T *dx, const T *dy, const T *w, const Window *window, int m, int n, T *scratch) {
  const Planes s = planes_back(window, n);
  const int rows = places(window->height, window), columns = places(window->width, window), tap = s.to * n;
  T *from = scratch, *to = from + n * s.values;
  const T none[MOST + 1] = {0};
  fill_span(from, n * s.values);
  for (int i = 0; i < m; i++, dx += s.rows * s.columns * s.to, dy += rows * columns * n) {
    split(from, dy, rows, columns, n, s.border, &s);
    convolve_planes(to, from, (Weights){w + (s.size * s.size - 1) * tap, -tap, 1, n}, none, &s);
    join(dx, to, &s);
  }
}

// — By strips, in as much room as k patches take —

#define EACH_PIECE(p) \
  for (Piece p = first_piece(m, n, (ptrdiff_t)k * depth, &window); p.images > 0; next_piece(&p, &window))

SMALL void TANREN_NAME(convolve)(T *y, T *patches, const T *x, const T *w, const T *bias, int activation,
                                 WINDOW_ARGUMENTS, int m, int n, int k, T *scratch) {
  const Window window = WINDOW;
  const int depth = size * size * channels, rectify = activation == ACTIVATION_RELU;
  if (by_planes(&window, n)) {
    convolve_by_planes(y, x, w, bias, rectify, &window, m, n, scratch);
  } else {
    int packed = 0;
    EACH_PIECE(p) {
      gather_strips(patches, x, &p, &window);
      T *copy = result_copy(patches, &p);
      for (int r = 0; r < p.rows; r++) {
        T *out = p.images == 1 ? y + result_at(&p, 0, r, &window) : copy;
        packed = TANREN_NAME(product)(&(Product){
            FORM_NN, p.images * p.columns, n, depth, patches + r * patch_step(&p, &window), p.step, w, out, n,
            bias, rectify, .packed = packed, .scratch = scratch});
        if (p.images > 1) keep_result_row(y, copy, &p, r, &window);
      }
    }
  }
  bend(activation, y, m * places(height, &window) * places(width, &window) * n);
}

// db = Σ dy, a whole row of places at a time where the scratch memory holds one: n sums alone would wait for each other.
SMALL static void sum_places(T *db, const T *dy, int rows, int columns, int n, T *scratch) {
  const int values = columns * n;
  if (values > TANREN_NAME(scratch_bytes)() / (int)sizeof(T)) {
    TANREN_NAME(column_sums)(db, dy, rows * columns, n);
    return;
  }
  TANREN_NAME(column_sums)(scratch, dy, rows, values);
  TANREN_NAME(column_sums)(db, scratch, columns, n);
}

SMALL void TANREN_NAME(convolve_gradients)(T *dw, T *db, T *patches, const T *x, const T *dy, WINDOW_ARGUMENTS, int m, int n,
                                           int k, T *scratch) {
  const Window window = WINDOW;
  const int depth = size * size * channels;
  if (by_planes(&window, n)) {
    gradients_by_planes(dw, db, x, dy, &window, m, n, scratch);
    return;
  }
  sum_places(db, dy, m * places(height, &window), places(width, &window), n, scratch);
  fill_span(dw, (ptrdiff_t)depth * n);
  EACH_PIECE(p) {
    gather_strips(patches, x, &p, &window);
    for (int r = 0; r < p.rows; r++)
      TANREN_NAME(product)(&(Product){
          FORM_TN, depth, n, p.images * p.columns, patches + r * patch_step(&p, &window), p.step,
          result_row(result_copy(patches, &p), dy, &p, r, &window), dw, n, .add = 1, .scratch = scratch});
  }
  for (int i = 0; i < depth * n; i++) dw[i] = flush_one(dw[i]);
}

SMALL void TANREN_NAME(convolve_backward)(T *dx, T *patches, const T *dy, const T *w, WINDOW_ARGUMENTS, int m, int n,
                                          int k, T *scratch) {
  const Window window = WINDOW;
  const int depth = size * size * channels;
  if (by_planes(&window, n)) {
    back_by_planes(dx, dy, w, &window, m, n, scratch);
    return;
  }
  int packed = 0;
  EACH_PIECE(p) {
    fill_span(patches, p.images * p.columns * p.step);
    for (int r = 0; r < p.rows; r++)
      packed = TANREN_NAME(product)(&(Product){
          FORM_NT, p.images * p.columns, depth, n, result_row(result_copy(patches, &p), dy, &p, r, &window), n, w,
          patches + r * patch_step(&p, &window), p.step, .add = 1, .packed = packed, .scratch = scratch});
    spread_strips(dx, patches, &p, &window);
  }
}
