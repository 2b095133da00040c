// What the kernels ask of the matrix product's file.
#pragma once
#include "lanes.h"

enum { FORM_NN, FORM_NT, FORM_TN };

// c[m,n] = op(a)·op(b): a[m,k]·b[k,n], a[m,k]·b[n,k]ᵀ or a[k,m]ᵀ·b[k,n].
typedef struct {
  int form, m, n, k;
  const T *a;
  ptrdiff_t lda;  // from one row of a, as it lies, to the next
  const T *b;     // its rows one behind the other
  T *c;
  ptrdiff_t ldc;
  const T *bias;  // added to each row; may be null
  int relu;
  int add;        // to what c holds; without bias and relu, and tiny sums stay what they are
  int packed;     // columns of this b that the last product left packed, as it returned; 0: none
  T *scratch;
} Product;

// Returns how many columns of b it leaves packed in the scratch memory: all or none.
int TANREN_NAME(product)(const Product *of);

// to[k, j] = b[j, k] for `depth` k and `columns` j; `width` and `ldb` from one row to the next.
void TANREN_NAME(transpose)(T *to, ptrdiff_t width, const T *b, ptrdiff_t ldb, int depth, int columns);
