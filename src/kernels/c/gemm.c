#include "gemm.h"
#include "kernels.h"
#include "nonzero.h"
#include "thin.h"
#include "transpose.h"

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

// The same of B given as [n, k].
SMALL static void pack_columns(T *to, const T *b, ptrdiff_t ldb, int depth, int columns, int width) {
  TANREN_NAME(transpose)(to, width, b, ldb, depth, columns);
  for (int k = 0; k < depth; k++)
    for (int j = columns; j < width; j++) to[k * width + j] = 0;
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
  if (WIDE == 2 || height == ROWS)
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
static void product_of_few_rows(const Product *of) {
  enum { FEW = 4 };
  const int m = of->m, n = of->n, k = of->k;
  for (int j = 0; j < n; j++)
    for (int i = 0; i < m; i++) {
      const T *x = of->a + (ptrdiff_t)i * k, *y = of->b + (ptrdiff_t)j * k;
      V sums[FEW] = {0};
      int p = 0;
      for (; p + FEW * LANES <= k; p += FEW * LANES)
#pragma GCC unroll 4
        for (int l = 0; l < FEW; l++) sums[l] += load(x + p + l * LANES) * load(y + p + l * LANES);
      V all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
      for (; p < k; p += LANES) {
        const int some = least(LANES, k - p);
        all += take_part(x + p, some) * take_part(y + p, some);
      }
      of->c[(ptrdiff_t)i * n + j] = flush_one(sum_of(all));
    }
}

SMALL static void pack_block(T *to, const Product *p, int j0, int columns, int k0, int depth) {
  const ptrdiff_t ldb = p->form == FORM_NT ? p->k : p->n;
  for (int j = 0; j < columns;) {
    const int wide = panel_width(columns - j), width = wide * LANES, some = least(width, columns - j);
    if (p->form == FORM_NT)
      pack_columns(to, p->b + (ptrdiff_t)(j0 + j) * ldb + k0, ldb, depth, some, width);
    else
      pack_rows(to, p->b + (ptrdiff_t)k0 * ldb + j0 + j, ldb, depth, some, wide);
    to += depth * width;
    j += some;
  }
}

// `rows` rows of C, from i0 on, by B's block at [k0, j0], which lies packed at the scratch memory's start. `choosy`: what is
// zero in a whole block of A is left out.
SMALL static void multiply_rows(const Product *p, int i0, int rows, int j0, int columns, int k0, int depth, int choosy) {
  const int across = p->form == FORM_TN, last = k0 + depth == p->k;
  const ptrdiff_t lda = p->lda, row = across ? 1 : lda, step = across ? lda : 1;
  const T *a = p->a + i0 * row + k0 * step, *panel = p->scratch;
  T *packed_a = p->scratch + PACKED_B;
  int32_t *kept = (int32_t *)(packed_a + PACKED_A);
  // Where the columns of A lie a page or more apart, each k would need its own page and few cache sets serve them all. (Strips
  // see to that by themselves.)
  const int far = across && !p->add && lda * (ptrdiff_t)sizeof(T) >= 4096 && p->n > LANES * WIDE;
  int ready_for = 0;
  for (int j = 0; j < columns;) {
    const int wide = panel_width(columns - j), width = wide * LANES, height = wide == WIDE ? ROWS : TALL;
    // A panel one register wide is all that is left of a row of C, or all of it: too little to get ready for.
    const int pack_a = far && wide > 1, keep_some = choosy && wide > 1;
    if (wide > 1 && ready_for != height) {
      if (pack_a) pack_left(packed_a, a, lda, depth, rows, height);
      if (keep_some) keep(height, rows / height, a, row, step, depth, kept);
      ready_for = height;
    }
    Block at = {
        .a = pack_a ? packed_a : a,
        .row = row,
        .step = pack_a ? height : step,
        .b = panel,
        .c = p->c + i0 * p->ldc + j0 + j,
        .ldc = p->ldc,
        .depth = depth,
        .columns = columns - j,
        .times = rows / height,
        .next = height * (pack_a ? depth : row),
        .kept = keep_some ? kept : 0,
        .add = p->add || k0 > 0,
        .plain = p->add,
    };
    const Finish finish = {last && p->bias ? p->bias + j0 + j : 0, last && p->relu};
    high[across][wide - 1](&at, &finish);
    for (int some = 4; some > 0; some /= 2)
      if (rows % height & some) low[wide - 1][some / 2](&at, &finish);
    panel += depth * width;
    j += width;
  }
}

SMALL int TANREN_NAME(product)(const Product *p) {
  const int m = p->m, n = p->n, k = p->k;
  if (k == 0) {
    for (int i = 0; i < m; i++)
      for (int j = 0; j < n; j++) finish_one(p->c + i * p->ldc + j, 0, p->bias ? p->bias + j : 0, p->relu);
    return 0;
  }
  if (p->form == FORM_NT && m < 4 && !p->add) {
    product_of_few_rows(p);
    return 0;
  }
  const int thin = m >= 16 && k <= PACKED_B / THIN && !p->add ? thin_part(n) : 0;
  if (thin > 0) thin_product(p, thin, p->scratch);
  const int broad = n - thin;
  // Blocks of k as even as they go: a thin last one would read and write all of C for little.
  const int deep = ((k + (k + DEPTH - 1) / DEPTH - 1) / ((k + DEPTH - 1) / DEPTH) + 3) & ~3;
  // One block of B is packed but once for several products, where no thin one needs the memory.
  const int one = broad <= COLUMNS && k <= deep && thin == 0, packed = one && p->packed == broad;
  // 0 times what is not finite is NaN: then every k matters.
  const int choosy = !p->add && n >= MANY && many_zeros(p) && TANREN_NAME(all_finite)(p->b, k * n);
  for (int j0 = 0; j0 < broad; j0 += COLUMNS) {
    const int columns = least(COLUMNS, broad - j0);
    for (int k0 = 0; k0 < k; k0 += deep) {
      const int depth = least(deep, k - k0);
      if (!packed) pack_block(p->scratch, p, j0, columns, k0, depth);
      for (int i0 = 0; i0 < m; i0 += BLOCK_ROWS)
        multiply_rows(p, i0, least(BLOCK_ROWS, m - i0), j0, columns, k0, depth, choosy);
    }
  }
  return one ? broad : 0;
}

int TANREN_NAME(scratch_bytes)(void) { return (PACKED_B + PACKED_A + ALL_KEPT) * (int)sizeof(T); }

void TANREN_NAME(matmul)(T *out, const T *a, const T *b, const T *bias, int activation, int m, int n, int k, T *scratch) {
  const int relu = activation == ACTIVATION_RELU;
  TANREN_NAME(product)(&(Product){FORM_NN, m, n, k, a, k, b, out, n, bias, relu, .scratch = scratch});
  bend(activation, out, m * n);
}

void TANREN_NAME(matmul_nt)(T *out, const T *a, const T *b, int m, int n, int k, T *scratch) {
  TANREN_NAME(product)(&(Product){FORM_NT, m, n, k, a, k, b, out, n, .scratch = scratch});
}

void TANREN_NAME(matmul_tn)(T *out, const T *a, const T *b, int m, int n, int k, T *scratch) {
  TANREN_NAME(product)(&(Product){FORM_TN, m, n, k, a, m, b, out, n, .scratch = scratch});
}
