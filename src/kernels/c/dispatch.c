// One entry for the addon: the arguments of every kernel lie in an array of numbers, pointers as byte offsets into the
// arena. The order of the cases is that of `operations` in ../native.ts.
#include "kernels.h"

double TANREN_NAME(call)(int operation, const double *a, char *arena, void *scratch) {
#define P(i) ((T *)(arena + (ptrdiff_t)a[i]))
#define L(i) ((int32_t *)(arena + (ptrdiff_t)a[i]))
#define N(i) ((int)a[i])
  switch (operation) {
    case 0: {
      const T *bias = a[6] < 0 ? 0 : P(6);
      TANREN_NAME(gemm)(N(0), N(1), N(2), N(3), P(4), P(5), bias, N(7), P(8), scratch);
      return 0;
    }
    case 1: TANREN_NAME(column_sums)(P(0), P(1), N(2), N(3)); return 0;
    case 2: TANREN_NAME(relu)(P(0), P(1), N(2)); return 0;
    case 3: TANREN_NAME(relu_backward)(P(0), P(1), P(2), N(3)); return 0;
    case 4: TANREN_NAME(sigmoid)(P(0), P(1), N(2)); return 0;
    case 5: TANREN_NAME(sigmoid_backward)(P(0), P(1), P(2), N(3)); return 0;
    case 6: TANREN_NAME(tanh)(P(0), P(1), N(2)); return 0;
    case 7: TANREN_NAME(tanh_backward)(P(0), P(1), P(2), N(3)); return 0;
    case 8: return TANREN_NAME(softmax_cross_entropy)(P(0), P(1), L(2), N(3), N(4));
    case 9: TANREN_NAME(softmax_cross_entropy_backward)(P(0), P(1), L(2), N(3), N(4)); return 0;
    case 10:
      TANREN_NAME(batch_norm)(P(0), P(1), P(2), P(3), P(4), P(5), P(6), P(7), a[8], N(9), N(10));
      return 0;
    case 11:
      TANREN_NAME(batch_norm_evaluate)(P(0), P(1), P(2), P(3), P(4), P(5), scratch, a[6], N(7), N(8));
      return 0;
    case 12:
      TANREN_NAME(batch_norm_backward)(P(0), P(1), P(2), P(3), P(4), P(5), P(6), N(7), N(8));
      return 0;
    case 13: TANREN_NAME(multiply)(P(0), P(1), P(2), N(3)); return 0;
    case 14: TANREN_NAME(scale)(P(0), a[1], P(2), N(3)); return 0;
    case 15: TANREN_NAME(axpy)(P(0), a[1], P(2), N(3)); return 0;
    case 16: return TANREN_NAME(sum_of_squares)(P(0), N(1));
    case 17: return TANREN_NAME(all_finite)(P(0), N(1));
    // The source is a real address: the data set lies outside every arena.
    case 18: TANREN_NAME(gather_rows)(P(0), (const uint8_t *)(uintptr_t)a[1], L(2), N(3), N(4)); return 0;
    case 19: TANREN_NAME(argmax_rows)(L(0), P(1), N(2), N(3)); return 0;
    case 20: TANREN_NAME(gather_patches)(P(0), P(1), N(2), N(3), N(4), N(5), N(6), N(7), N(8), N(9)); return 0;
    case 21: TANREN_NAME(scatter_patches)(P(0), P(1), N(2), N(3), N(4), N(5), N(6), N(7), N(8), N(9)); return 0;
    case 22: TANREN_NAME(pool)(N(0), P(1), P(2), P(3), N(4), N(5), N(6), N(7), N(8), N(9), N(10)); return 0;
  }
  return 0;
}
