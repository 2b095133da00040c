// One entry for the addon: the arguments of every kernel lie in an array of numbers, pointers as byte offsets into the
// arena.
#include "kernels.h"

double TANREN_NAME(call)(int operation, const double *a, char *arena) {
#define TENSOR(i) ((T *)(arena + (ptrdiff_t)a[i]))
#define TENSOR_OR_NULL(i) (a[i] == 0 ? 0 : TENSOR(i))
#define INTEGERS(i) ((int32_t *)(arena + (ptrdiff_t)a[i]))
#define INTEGER(i) ((int)a[i])
#define NUMBER(i) a[i]
// A real address: the data set lies outside every arena.
#define OUTSIDE(i) ((const uint8_t *)(uintptr_t)a[i])
  switch (operation) {
#include "cases.generated.h"
  }
  return 0;
}
