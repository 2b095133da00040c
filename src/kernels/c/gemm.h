// The matrix product, after Goto & van de Geijn 2008: B is packed into panels a few registers wide that stay in cache, and
// a block of C is kept in registers while the panel streams by. Included by gemm.c.
#pragma once
#include "product.h"

// Registers of C held at a time: ROWS × WIDE, and TALL × (less than WIDE).
#if TANREN_BYTES == 64
enum { ROWS = 6, WIDE = 4, TALL = 8 };
#elif TANREN_BYTES == 32
enum { ROWS = 6, WIDE = 2, TALL = 8 };
#else
// V8 keeps 8 sums, 2 registers of B and 4 of A in its 15, as Clang orders them; with one row more it spills and halves its
// speed, and so it does when k is unrolled. (In turn, lanes.h, 5 rows fit: 2% faster, for 400 bytes of a page.)
enum { ROWS = 4, WIDE = 2, TALL = 8 };
#endif

enum {
  DEPTH = 400,             // k at a time
  COLUMNS = 512,           // columns of B packed at a time; a multiple of every panel
  BLOCK_ROWS = 48,         // rows of A packed at a time where A is packed; a multiple of ROWS and TALL
  PACKED_B = DEPTH * (COLUMNS + LANES * WIDE),
  PACKED_A = DEPTH * BLOCK_ROWS,
  KEPT = 1 + DEPTH + LANES,  // a few behind the last one are written over
};

// What happens to a block of C, when its sum over k is complete: else nothing.
typedef struct {
  const T *bias;  // added to each row; may be null
  int relu;
} Finish;

typedef struct {
  const T *a;
  ptrdiff_t row, step;  // a[i·row + k·step]
  const T *b;           // a panel: WIDTH registers for each k
  T *c;
  ptrdiff_t ldc;
  int depth, columns;   // of this block
  int times;            // so many blocks of the greatest height, one below the other
  ptrdiff_t next;       // from one's rows of A to those of the next
  const int32_t *kept;  // KEPT numbers a block: how many k matter, and which (nonzero.h); −1 or null: all
  int add, plain;       // to what C holds; and nothing else happens to it
} Block;

// Writes a block's sums, or adds them, however many columns there are.
APART void write_block(const V *sum, int rows, int wide, const Block *at, const Finish *finish) {
  for (int j = 0; j < wide; j++) {
    const int left = at->columns - j * LANES, columns = least(left, LANES);
    const V bias = finish->bias ? take(finish->bias + j * LANES, columns) : splat(0);
    T *c = at->c + j * LANES;
    for (int i = 0; i < rows; i++, c += at->ldc) {
      V value = sum[i * wide + j];
      if (at->add) value += take(c, columns);
      value += bias;
      if (finish->relu) value = gate(value, value);
      give(c, flush(value), columns);
    }
  }
}

// sum += a · b, a column of the block's A and a row of its panel.
INLINE void add_products(const int rows, const int wide, V sum[8][4], const T *a, ptrdiff_t row, const T *b) {
  V right[4];
#pragma GCC unroll 4
  for (int j = 0; j < wide; j++) right[j] = load(b + j * LANES);
#pragma GCC unroll 8
  for (int i = 0; i < rows; i++) {
    const T left = a[i * row];
#pragma GCC unroll 4
    for (int j = 0; j < wide; j++) sum[i][j] = multiply_add(splat(left), right[j], sum[i][j]);
  }
}

// c[rows, columns] (+)= a[rows, depth] · panel[depth, columns], all in registers. `rows` and `wide` are constants where it
// is inlined.
INLINE void block(const int rows, const int wide, const Block *at, const Finish *finish, ptrdiff_t row, ptrdiff_t step) {
  V sum[8][4];
  const T *a = at->a, *b = at->b;
#pragma GCC unroll 8
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
    for (int j = 0; j < wide; j++) sum[i][j] = splat(0);
  if (rows >= ROWS && wide > 1 && at->kept && at->kept[0] >= 0) {
    for (int q = 1; q <= at->kept[0]; q++) {
      const ptrdiff_t k = at->kept[q];
      add_products(rows, wide, sum, at->a + k * step, row, at->b + k * (wide * LANES));
    }
  } else {
    for (int k = 0; k < at->depth; k++, a += step, b += wide * LANES) add_products(rows, wide, sum, a, row, b);
  }
  const int left = at->columns - (wide - 1) * LANES, part = least(left, LANES);
  const int straight = MASKED || left >= LANES;
  if (straight && at->plain) {
#pragma GCC unroll 4
    for (int j = 0; j < wide; j++)
#pragma GCC unroll 8
      for (int i = 0; i < rows; i++) {
        T *c = at->c + i * at->ldc + j * LANES;
        if (!MASKED || j < wide - 1 || left >= LANES)
          store(c, load(c) + sum[i][j]);
        else
          store_part(c, load_part(c, part) + sum[i][j], part);
      }
    return;
  }
  if (straight && !at->add) {
    // The usual case, straight from the registers.
#pragma GCC unroll 4
    for (int j = 0; j < wide; j++) {
      const int whole = !MASKED || j < wide - 1 || left >= LANES;
      const T *more = finish->bias + j * LANES;
      const V bias = !finish->bias ? splat(0) : whole ? load(more) : load_part(more, part);
#pragma GCC unroll 8
      for (int i = 0; i < rows; i++) {
        T *c = at->c + i * at->ldc + j * LANES;
        V value = sum[i][j] + bias;
        if (finish->relu) value = gate(value, value);
        if (whole)
          store(c, flush(value));
        else
          store_part(c, flush(value), part);
      }
    }
    return;
  }
  V out[8 * 4];
#pragma GCC unroll 8
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
    for (int j = 0; j < wide; j++) out[i * wide + j] = sum[i][j];
  write_block(out, rows, wide, at, finish);
}

// One function a block shape; of the highest, which do nearly all the work, one for A with its rows contiguous (step 1) and one
// for A with its columns contiguous (row 1). Each leaves `at` behind the rows it took.
#define HIGHEST(NAME, R, W, ROW, STEP)                                            \
  static void NAME(Block *at, const Finish *finish) {                             \
    for (; at->times > 0; at->times--, at->a += at->next, at->c += R * at->ldc) { \
      block(R, W, at, finish, ROW, STEP);                                         \
      if (at->kept) at->kept += KEPT;                                             \
    }                                                                             \
  }
#define HIGH(R, W) HIGHEST(rows_##R##x##W, R, W, at->row, 1) HIGHEST(cols_##R##x##W, R, W, 1, at->step)
#define LOW(R, W)                                              \
  static void low_##R##x##W(Block *at, const Finish *finish) { \
    block(R, W, at, finish, at->row, at->step);                \
    at->a += R * at->row;                                      \
    at->c += R * at->ldc;                                      \
  }

// high: [1 where the columns of A are contiguous][registers wide − 1]
// low: [registers wide − 1][1, 2, 4 rows], as far as that is less than the highest
typedef void (*BlockFunction)(Block *, const Finish *);
HIGH(8, 1) LOW(1, 1) LOW(2, 1) LOW(4, 1) LOW(1, 2) LOW(2, 2)
#if TANREN_BYTES == 64
HIGH(8, 2) LOW(4, 2)
HIGH(8, 3) LOW(1, 3) LOW(2, 3) LOW(4, 3)
HIGH(6, 4) LOW(1, 4) LOW(2, 4) LOW(4, 4)
static const BlockFunction high[2][WIDE] = {
    {rows_8x1, rows_8x2, rows_8x3, rows_6x4}, {cols_8x1, cols_8x2, cols_8x3, cols_6x4}};
static const BlockFunction low[WIDE][3] = {
    {low_1x1, low_2x1, low_4x1}, {low_1x2, low_2x2, low_4x2}, {low_1x3, low_2x3, low_4x3}, {low_1x4, low_2x4, low_4x4}};
#elif TANREN_BYTES == 32
HIGH(6, 2) LOW(4, 2)
static const BlockFunction high[2][WIDE] = {{rows_8x1, rows_6x2}, {cols_8x1, cols_6x2}};
static const BlockFunction low[WIDE][3] = {{low_1x1, low_2x1, low_4x1}, {low_1x2, low_2x2, low_4x2}};
#else
HIGH(4, 2)
static const BlockFunction high[2][WIDE] = {{rows_8x1, rows_4x2}, {cols_8x1, cols_4x2}};
static const BlockFunction low[WIDE][3] = {{low_1x1, low_2x1, low_4x1}, {low_1x2, low_2x2}};
#endif
