// The kernels' C interface: the operations, as ../table.ts describes them, and what the bindings ask beside. Pointers are to
// the arena, sizes in elements; no tensor lies at the arena's first byte, so that an offset of 0 is none.
#pragma once
#include "operations.generated.h"

// Bytes of the scratch memory that operations are given.
int TANREN_NAME(scratch_bytes)(void);
