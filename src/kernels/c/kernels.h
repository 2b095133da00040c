// The kernels' C interface: the operations, as ../table.ts describes them, and what the bindings ask beside. Pointers are to
// the arena, sizes in elements; no tensor lies at the arena's first byte, so that an offset of 0 is none.
#pragma once
#include "operations.generated.h"

// The activations that are not made with a product's last sums, as ReLU is.
INLINE void bend(int activation, T *y, int n) {
  if (activation == ACTIVATION_SIGMOID) TANREN_NAME(sigmoid)(y, y, n);
  if (activation == ACTIVATION_TANH) TANREN_NAME(tanh)(y, y, n);
}

// Bytes of the scratch memory that operations are given.
int TANREN_NAME(scratch_bytes)(void);
