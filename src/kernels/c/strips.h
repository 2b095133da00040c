// Strips: for each column of places what lies under it, from the top to the bottom of the image. The patch of a place is a
// piece of its strip, and patches of places one below the other share what they both cover: each value is copied once a column
// of the window, not once a place. After Cho & Brand 2017 (MEC).
#pragma once
#include "windows.h"

// Places of some images, of which strips are made at a time: several whole images, or of one some rows and columns.
typedef struct {
  int all, filters;    // images that there are, and values of a place's result
  ptrdiff_t most;      // values that have room
  int image, images;   // 0 images when all are through
  int row, rows, column, columns;
  int across, high;    // values of a strip's row, and its rows
  ptrdiff_t step;      // from one strip to the next
} Piece;

// From the patch of a place to that of the one below.
INLINE ptrdiff_t patch_step(const Piece *p, const Window *w) { return (ptrdiff_t)w->stride * p->across; }

INLINE ptrdiff_t strip_values(const Piece *p) { return (ptrdiff_t)p->high * p->across; }
// An odd number of the cache's lines from one strip to the next, so that strips do not displace each other.
INLINE ptrdiff_t apart(ptrdiff_t values) {
  enum { LINE = 64 / sizeof(T) };
  return ((values + LINE - 1) / LINE | 1) * LINE;
}

// As many places as have room, from where the piece begins: at least one, for which size · across values are needed. Beside the
// strips of several images a row of their results has room as well.
SMALL APART void measure_piece(Piece *p, const Window *w) {
  const ptrdiff_t line = (ptrdiff_t)p->across * places(w->width, w);
  p->rows = places(w->height, w) - p->row;
  p->columns = places(w->width, w) - p->column;
  p->high = (p->rows - 1) * w->stride + w->size;
  p->images = p->image < p->all;
  p->step = apart(strip_values(p));
  const ptrdiff_t whole = p->columns * (p->step + p->filters);
  if (p->row == 0 && p->column == 0 && 2 * whole <= p->most) {
    p->images = least(p->all - p->image, (int)(p->most / whole));
    return;
  }
  if (p->column == 0 && w->size * line <= p->most) {
    p->rows = least(p->rows, (int)((p->most / line - w->size) / w->stride + 1));
  } else {
    p->rows = 1;
    p->columns = least(p->columns, (int)(p->most / (w->size * p->across)));
  }
  p->high = (p->rows - 1) * w->stride + w->size;
  p->step = apart(strip_values(p));
  if (p->columns * p->step > p->most) p->step = strip_values(p);
}

SMALL APART Piece first_piece(int images, int filters, ptrdiff_t most, const Window *w) {
  Piece p = {.all = images, .filters = filters, .most = most, .across = w->size * w->channels};
  measure_piece(&p, w);
  return p;
}

SMALL APART void next_piece(Piece *p, const Window *w) {
  p->column += p->columns;
  if (p->column == places(w->width, w)) {
    p->column = 0;
    p->row += p->rows;
  }
  if (p->row == places(w->height, w)) {
    p->row = 0;
    p->image += p->images;
  }
  measure_piece(p, w);
}

// What of a strip lies within the image, and what that covers of it.
typedef struct {
  Span rows, values;  // the rows of the strip, and the values of each
  ptrdiff_t at;       // of the first of those rows in the image; may lie before it
} Cover;

SMALL APART Cover cover_of(const Piece *p, int image, int column, const Window *w) {
  const int y = p->row * w->stride - w->padding, x = (p->column + column) * w->stride - w->padding;
  const Span rows = within(y, p->high, w->height), pixels = within(x, w->size, w->width);
  return (Cover){
      .rows = rows,
      .values = {pixels.begin * w->channels, pixels.end * w->channels},
      .at = (((ptrdiff_t)(p->image + image) * w->height + y + rows.begin) * w->width + x) * w->channels,
  };
}

// `rows` rows of n values, one below the other, of which those within `some` are copied and the rest is 0. They are a few values
// long: so that no time goes into loops over single ones, the last register lies over the one before where n is no multiple
// of it.
INLINE void copy_rows(T *to, int n, const T *from, ptrdiff_t line, Span some, int rows) {
  const int begin = some.begin, end = some.end, whole = end - begin == n;
#define EACH_ROW for (int r = 0; r < rows; r++, to += n, from += line)
  if (MASKED && n <= LANES) {
    EACH_ROW store_part(to, load_within(from, begin, end), n);
  } else if (whole && n >= LANES) {
    EACH_ROW {
      for (int i = 0; i < n - LANES; i += LANES) store(to + i, load(from + i));
      store(to + n - LANES, load(from + n - LANES));
    }
  } else if (whole && LANES > 4 && n >= 4) {
    EACH_ROW {
      *(V4U *)to = *(const V4U *)from;
      *(V4U *)(to + n - 4) = *(const V4U *)(from + n - 4);
    }
  } else {
    EACH_ROW {
      for (int i = 0; i < begin; i++) to[i] = 0;
      for (int i = begin; i < end; i++) to[i] = from[i];
      for (int i = end; i < n; i++) to[i] = 0;
    }
  }
#undef EACH_ROW
}

// The strips of a piece, image by image and column by column; zeros beyond the border.
SMALL static void gather_strips(T *strips, const T *x, const Piece *p, const Window *w) {
  for (int i = 0; i < p->images; i++)
    for (int column = 0; column < p->columns; column++, strips += p->step) {
      const Cover c = cover_of(p, i, column, w);
      T *begin = strips + c.rows.begin * p->across, *end = strips + c.rows.end * p->across;
      fill_span(strips, begin - strips);
      copy_rows(begin, p->across, x + c.at, w->width * w->channels, c.values, c.rows.end - c.rows.begin);
      fill_span(end, (p->high - c.rows.end) * p->across);
    }
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

// dx[pixel] += what the strips of a piece hold of it. An image is 0 before its first piece, so that all in order make the whole
// of it. Rows come one after the other: a sum that has just been written would be waited for.
SMALL static void spread_strips(T *dx, const T *strips, const Piece *p, const Window *w) {
  const ptrdiff_t line = (ptrdiff_t)w->width * w->channels, values = w->height * line;
  if (p->row == 0 && p->column == 0) fill_span(dx + p->image * values, p->images * values);
  for (int i = 0; i < p->images; i++)
    for (int column = 0; column < p->columns; column++, strips += p->step) {
      const Cover c = cover_of(p, i, column, w);
      const T *from = strips + c.rows.begin * p->across + c.values.begin;
      T *to = dx + c.at + c.values.begin;
      for (int r = c.rows.begin; r < c.rows.end; r++, from += p->across, to += line)
        add_span(to, from, c.values.end - c.values.begin);
    }
}

// Where the results of a row of the piece's places lie in one of its images.
INLINE ptrdiff_t result_at(const Piece *p, int image, int row, const Window *w) {
  const ptrdiff_t rows = places(w->height, w), columns = places(w->width, w);
  return (((p->image + image) * rows + p->row + row) * columns + p->column) * p->filters;
}
// Room for a row's results of all its images, one behind the other, behind the strips.
INLINE T *result_copy(T *strips, const Piece *p) { return strips + p->images * p->columns * p->step; }

// The results of a row: as they lie where there is one image, else copied.
SMALL APART const T *result_row(T *copy, const T *y, const Piece *p, int row, const Window *w) {
  if (p->images == 1) return y + result_at(p, 0, row, w);
  const int values = p->columns * p->filters;
  for (int i = 0; i < p->images; i++) copy_span(copy + i * values, y + result_at(p, i, row, w), values);
  return copy;
}

// And back, of more images than one.
SMALL APART void keep_result_row(T *y, const T *copy, const Piece *p, int row, const Window *w) {
  const int values = p->columns * p->filters;
  for (int i = 0; i < p->images; i++) copy_span(y + result_at(p, i, row, w), copy + i * values, values);
}
