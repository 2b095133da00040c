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
// V8 keeps 8 sums, 2 of B and one of A in its 15 registers; with one row more it spills and halves its speed, and so it
// does when k is unrolled.
enum { ROWS = 4, WIDE = 2, TALL = 8 };
#endif

enum {
  DEPTH = 400,             // k at a time
  COLUMNS = 512,           // columns of B packed at a time; a multiple of every panel
  BLOCK_ROWS = 48,         // rows of A packed at a time where A is packed; a multiple of ROWS and TALL
  PACKED_B = DEPTH * (COLUMNS + LANES * WIDE),
  PACKED_A = DEPTH * BLOCK_ROWS,
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
  int times;            // so many blocks, one below the other
  ptrdiff_t next;       // from one's rows of A to those of the next
  int add, plain;       // to what C holds; and nothing else happens to it
} Block;

// Writes a block's sums, or adds them, however many columns there are.
APART void write_block(const V *sum, int rows, int wide, const Block *at, const Finish *finish) {
  for (int j = 0; j < wide; j++) {
    const int left = at->columns - j * LANES, columns = left < LANES ? left : LANES;
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

// c[rows, columns] (+)= a[rows, depth] · panel[depth, columns], all in registers. `rows` and `wide` are constants where it
// is inlined.
INLINE void block(const int rows, const int wide, const Block *at, const Finish *finish, ptrdiff_t row, ptrdiff_t step) {
  V sum[8][4];
  const T *a = at->a, *b = at->b;
#pragma GCC unroll 8
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
    for (int j = 0; j < wide; j++) sum[i][j] = splat(0);
  for (int k = 0; k < at->depth; k++) {
    V right[4];
#pragma GCC unroll 4
    for (int j = 0; j < wide; j++) right[j] = load(b + j * LANES);
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++) {
      T left = a[i * row];
#pragma GCC unroll 4
      for (int j = 0; j < wide; j++) sum[i][j] = multiply_add(splat(left), right[j], sum[i][j]);
    }
    a += step;
    b += wide * LANES;
  }
  const int left = at->columns - (wide - 1) * LANES, part = left < LANES ? left : LANES;
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

// One function a block shape, for A with its rows contiguous (step 1) and for A with its columns contiguous (row 1).
#define BLOCK(R, W)                                                                                            \
  static void block_rows_##R##x##W(Block *at, const Finish *f) { EACH_BLOCK(R) block(R, W, at, f, at->row, 1); }  \
  static void block_cols_##R##x##W(Block *at, const Finish *f) { EACH_BLOCK(R) block(R, W, at, f, 1, at->step); }
#define EACH_BLOCK(R) for (; at->times > 0; at->times--, at->a += at->next, at->c += R * at->ldc)
#define BLOCKS(W) BLOCK(1, W) BLOCK(2, W) BLOCK(4, W)
#define NAMES(L, W, R) {block_##L##_1x##W, block_##L##_2x##W, block_##L##_4x##W, block_##L##_##R##x##W}
BLOCKS(1) BLOCKS(2)
#if TANREN_BYTES == 64
BLOCK(8, 1) BLOCK(8, 2) BLOCKS(3) BLOCK(8, 3) BLOCKS(4) BLOCK(6, 4)
#elif TANREN_BYTES == 32
BLOCK(8, 1) BLOCK(6, 2)
#else
BLOCK(8, 1)
#endif

typedef void (*BlockFunction)(Block *, const Finish *);
// [1 where the columns of A are contiguous][registers wide − 1][rows: 1, 2, 4, or the full height]
static const BlockFunction blocks[2][WIDE][4] = {
#if TANREN_BYTES == 64
    {NAMES(rows, 1, 8), NAMES(rows, 2, 8), NAMES(rows, 3, 8), NAMES(rows, 4, 6)},
    {NAMES(cols, 1, 8), NAMES(cols, 2, 8), NAMES(cols, 3, 8), NAMES(cols, 4, 6)},
#elif TANREN_BYTES == 32
    {NAMES(rows, 1, 8), NAMES(rows, 2, 6)},
    {NAMES(cols, 1, 8), NAMES(cols, 2, 6)},
#else
    {NAMES(rows, 1, 8), NAMES(rows, 2, 4)},
    {NAMES(cols, 1, 8), NAMES(cols, 2, 4)},
#endif
};

// Which of those takes as many of `rows` as can be, and how many it takes.
INLINE int block_height(int rows, int full, int *index) {
  *index = rows >= full ? 3 : rows >= 4 ? 2 : rows >= 2 ? 1 : 0;
  return rows >= full ? full : 1 << *index;
}
