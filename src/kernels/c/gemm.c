#include "gemm.h"
#include "kernels.h"
#include "thin.h"

// A panel of `wide` registers: for each k the columns of B one after the other, zeros where B has none. `wide` is a constant
// where it is inlined: a loop of unknown length becomes a call of memcpy for a few bytes.
INLINE void pack_rows_of(const int wide, T *to, const T *b, ptrdiff_t ldb, int depth, int columns) {
  const int part = columns - (wide - 1) * LANES;  // of the last register
  VI kept = {0};
  for (int l = 0; l < LANES; l++) kept[l] = l < part ? -1 : 0;
  // A whole register is read where B goes on behind it; the last rows of the block are taken as they are.
  const int ahead = part >= LANES ? 0 : (int)((LANES + ldb - 1) / ldb);
  const int whole = depth > ahead ? depth - ahead : 0;
  const T *last = b + (wide - 1) * LANES;
  int k = 0;
  for (; k < whole; k++, b += ldb, last += ldb, to += wide * LANES) {
#pragma GCC unroll 4
    for (int j = 0; j < wide - 1; j++) store(to + j * LANES, load(b + j * LANES));
    store(to + (wide - 1) * LANES, (V)((VI)load(last) & kept));
  }
  for (; k < depth; k++, b += ldb, last += ldb, to += wide * LANES) {
#pragma GCC unroll 4
    for (int j = 0; j < wide - 1; j++) store(to + j * LANES, load(b + j * LANES));
    store(to + (wide - 1) * LANES, take_part(last, part));
  }
}

static void pack_rows(T *to, const T *b, ptrdiff_t ldb, int depth, int columns, int wide) {
  // A panel wider than WIDE there is none, and no code for it.
  switch (wide) {
    case 1: pack_rows_of(1, to, b, ldb, depth, columns); break;
    case 2: pack_rows_of(2, to, b, ldb, depth, columns); break;
    case 3: if (WIDE >= 3) pack_rows_of(3, to, b, ldb, depth, columns); break;
    case 4: if (WIDE >= 4) pack_rows_of(4, to, b, ldb, depth, columns); break;
  }
}

// to[k, 0 … 4) = b[0 … 4, k] for four k.
INLINE void transpose4(T *to, ptrdiff_t width, const T *b, ptrdiff_t ldb) {
  V4 r0 = *(const V4U *)b, r1 = *(const V4U *)(b + ldb), r2 = *(const V4U *)(b + 2 * ldb), r3 = *(const V4U *)(b + 3 * ldb);
  V4 low01 = __builtin_shufflevector(r0, r1, 0, 4, 1, 5), high01 = __builtin_shufflevector(r0, r1, 2, 6, 3, 7);
  V4 low23 = __builtin_shufflevector(r2, r3, 0, 4, 1, 5), high23 = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
  *(V4U *)to = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
  *(V4U *)(to + width) = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
  *(V4U *)(to + 2 * width) = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
  *(V4U *)(to + 3 * width) = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
}

// The same of B given as [n, k].
SMALL static void pack_columns(T *to, const T *b, ptrdiff_t ldb, int depth, int columns, int width) {
  const int squares = columns & ~3;
  int k = 0;
  for (; k + 4 <= depth; k += 4) {
    for (int j = 0; j < squares; j += 4) transpose4(to + k * width + j, width, b + j * ldb + k, ldb);
    for (int j = squares; j < width; j++)
      for (int l = k; l < k + 4; l++) to[l * width + j] = j < columns ? b[j * ldb + l] : 0;
  }
  for (; k < depth; k++)
    for (int j = 0; j < width; j++) to[k * width + j] = j < columns ? b[j * ldb + k] : 0;
}

// Rows of A given as [k, m], `height` at a time: to[k, 0 … height). `height` is a constant where it is inlined.
INLINE void pack_left_of(const int height, T *to, const T *a, ptrdiff_t lda, int depth, int rows) {
  int i = 0;
  for (; i + height <= rows; i += height) {
    const T *from = a + i;
    for (int k = 0; k < depth; k++, to += height, from += lda)
#pragma GCC unroll 8
      for (int r = 0; r < height; r++) to[r] = from[r];
  }
  if (i < rows) {
    const T *from = a + i;
    for (int k = 0; k < depth; k++, to += height, from += lda)
      for (int r = 0; r < rows - i; r++) to[r] = from[r];
  }
}

static void pack_left(T *to, const T *a, ptrdiff_t lda, int depth, int rows, int height) {
  if (height == ROWS)
    pack_left_of(ROWS, to, a, lda, depth, rows);
  else
    pack_left_of(TALL, to, a, lda, depth, rows);
}

// How many registers the next panel takes: as even as they go, so that no thin one is left over.
static int panel_width(int columns) {
  int registers = (columns + LANES - 1) / LANES;
  int panels = (registers + WIDE - 1) / WIDE;
  return (registers + panels - 1) / panels;
}

// c[m,n] = a[m,k]·b[n,k]ᵀ as scalar products: for a few rows, packing b would cost more than the product.
static void product_of_few_rows(int m, int n, int k, const T *a, const T *b, T *c) {
  enum { FEW = 4 };
  for (int j = 0; j < n; j++)
    for (int i = 0; i < m; i++) {
      const T *x = a + (ptrdiff_t)i * k, *y = b + (ptrdiff_t)j * k;
      V sums[FEW] = {0};
      int p = 0;
      for (; p + FEW * LANES <= k; p += FEW * LANES)
        for (int l = 0; l < FEW; l++) sums[l] += load(x + p + l * LANES) * load(y + p + l * LANES);
      V all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
      for (; p < k; p += LANES) {
        const int some = least(LANES, k - p);
        all += take_part(x + p, some) * take_part(y + p, some);
      }
      T sum = 0;
      for (int l = 0; l < LANES; l++) sum += all[l];
      c[(ptrdiff_t)i * n + j] = flush_one(sum);
    }
}

// c[m,n] = op(a)·op(b), with op(b) of `n` columns from `j0` packed block by block.
SMALL APART void product(int form, int m, int n, int k, const T *a, const T *b, const T *bias, int relu, T *c, T *scratch) {
  T *packed_b = scratch, *packed_a = scratch + PACKED_B;
  const int left_columns = form == FORM_TN;
  const ptrdiff_t lda = left_columns ? m : k, ldb = form == FORM_NT ? k : n;
  // Where the columns of A lie a page or more apart, each k would need its own page and few cache sets serve them all.
  const int pack_a = left_columns && lda * (ptrdiff_t)sizeof(T) >= 4096 && n > LANES * WIDE;
  if (k == 0) {
    for (int i = 0; i < m; i++)
      for (int j = 0; j < n; j++) {
        T x = bias ? bias[j] : 0;
        c[(ptrdiff_t)i * n + j] = relu && x <= 0 ? 0 : x;
      }
    return;
  }
  if (form == FORM_NT && m < 4) {
    product_of_few_rows(m, n, k, a, b, c);
    return;
  }
  const int thin = m >= 16 && k <= PACKED_B / THIN ? thin_part(n) : 0;
  if (thin > 0) {
    const Finish finish = {bias ? bias + n - thin : 0, relu};
    thin_product(form, thin, m, n, k, a, b, c, &finish, packed_b);
  }
  const int broad = n - thin;
  // Blocks of k as even as they go: a thin last one would read and write all of C for little.
  const int deep = ((k + (k + DEPTH - 1) / DEPTH - 1) / ((k + DEPTH - 1) / DEPTH) + 3) & ~3;
  for (int j0 = 0; j0 < broad; j0 += COLUMNS) {
    const int columns = least(COLUMNS, broad - j0);
    for (int k0 = 0; k0 < k; k0 += deep) {
      const int depth = least(deep, k - k0);
      T *to = packed_b;
      for (int j = 0; j < columns;) {
        const int wide = panel_width(columns - j), width = wide * LANES, some = least(width, columns - j);
        if (form == FORM_NT)
          pack_columns(to, b + (ptrdiff_t)(j0 + j) * ldb + k0, ldb, depth, some, width);
        else
          pack_rows(to, b + (ptrdiff_t)k0 * ldb + j0 + j, ldb, depth, some, wide);
        to += depth * width;
        j += some;
      }
      for (int i0 = 0; i0 < m; i0 += BLOCK_ROWS) {
        const int rows = least(BLOCK_ROWS, m - i0);
        const T *panel = packed_b;
        int packed_for = 0;
        for (int j = 0; j < columns;) {
          const int wide = panel_width(columns - j), width = wide * LANES;
          const int height = wide == WIDE ? ROWS : TALL;
          if (pack_a && packed_for != height) {
            pack_left(packed_a, a + (ptrdiff_t)k0 * lda + i0, lda, depth, rows, height);
            packed_for = height;
          }
          for (int i = 0, index, some; i < rows; i += some) {
            const int tall = block_height(rows - i, height, &index);
            const int times = (rows - i) / tall;
            some = times * tall;
            Block at = {
                .b = panel,
                .c = c + (ptrdiff_t)(i0 + i) * n + j0 + j,
                .ldc = n,
                .depth = depth,
                .columns = columns - j,
                .first = k0 == 0,
                .last = k0 + depth == k,
                .times = times,
            };
            const Finish finish = {bias ? bias + j0 + j : 0, relu};
            if (pack_a) {
              at.a = packed_a + (ptrdiff_t)(i / height) * height * depth + i % height;
              at.step = height;
              at.next = (ptrdiff_t)height * depth;
            } else if (left_columns) {
              at.a = a + (ptrdiff_t)k0 * lda + i0 + i;
              at.step = lda;
              at.next = tall;
            } else {
              at.a = a + (ptrdiff_t)(i0 + i) * lda + k0;
              at.row = lda;
              at.next = tall * lda;
            }
            blocks[left_columns][wide - 1][index](&at, &finish);
          }
          panel += depth * width;
          j += width;
        }
      }
    }
  }
}

int TANREN_NAME(scratch_bytes)(void) { return (PACKED_B + PACKED_A) * (int)sizeof(T); }

void TANREN_NAME(matmul)(T *out, const T *a, const T *b, const T *bias, int activation, int m, int n, int k, T *scratch) {
  product(FORM_NN, m, n, k, a, b, bias, activation == ACTIVATION_RELU, out, scratch);
  bend(activation, out, m * n);
}

void TANREN_NAME(matmul_nt)(T *out, const T *a, const T *b, int m, int n, int k, T *scratch) {
  product(FORM_NT, m, n, k, a, b, 0, 0, out, scratch);
}

void TANREN_NAME(matmul_tn)(T *out, const T *a, const T *b, int m, int n, int k, T *scratch) {
  product(FORM_TN, m, n, k, a, b, 0, 0, out, scratch);
}
