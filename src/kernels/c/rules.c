// The loops of the update rules that come with the engine, at the width of this variant: rules.generated.h is written from the
// rules' own formulas (scripts/generate-rules.ts). They give the bits of the loops compiled to WASM (formula/compile.ts):
// every operation rounds by itself, what is tiny becomes 0 where it is read or kept, and the processor's mode is left alone.
#include "kernels.h"
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#if defined(__AVX512F__) && defined(TANREN_F64)
#define SQRT(v) (V)_mm512_sqrt_pd((__m512d)(v))
#elif defined(__AVX512F__)
#define SQRT(v) (V)_mm512_sqrt_ps((__m512)(v))
#elif TANREN_BYTES == 32 && defined(TANREN_F64)
#define SQRT(v) (V)_mm256_sqrt_pd((__m256d)(v))
#elif TANREN_BYTES == 32
#define SQRT(v) (V)_mm256_sqrt_ps((__m256)(v))
#elif defined(__x86_64__) && defined(TANREN_F64)
#define SQRT(v) (V)_mm_sqrt_pd((__m128d)(v))
#elif defined(__x86_64__)
#define SQRT(v) (V)_mm_sqrt_ps((__m128)(v))
#elif defined(TANREN_F64)
#define SQRT(v) (V)vsqrtq_f64((float64x2_t)(v))
#else
#define SQRT(v) (V)vsqrtq_f32((float32x4_t)(v))
#endif

#define MAGNITUDE splat_int((I)(~(uint64_t)0 >> (65 - 8 * sizeof(T))))

// The powers of two below which a number counts as 0, of float32 and of float64.
#define BOUND(f32, f64) (T)(sizeof(T) == 4 ? f32 : f64)

INLINE V absolute(V x) { return (V)((VI)x & MAGNITUDE); }
// x, or 0 where it is smaller than a positive bound; NaN stays. Whole numbers order positive floats as they are.
INLINE V zeroed(V x, T bound) { return (V)((VI)x & ~(VI)((VI)absolute(x) < (VI)splat(bound))); }
// 1 with the sign of x, where |x| > 0; else x itself.
INLINE V sign_of(V x) {
  const V one = (V)(((VI)splat(1) & MAGNITUDE) | ((VI)x & ~MAGNITUDE));
  return choose((VI)(absolute(x) > splat(0)), one, x);
}
// Of zeros of unlike sign −0 is the less; NaN of either is NaN.
INLINE V less_of(V a, V b) { return (V)((VI)choose((VI)(b < a), b, a) | (VI)choose((VI)(a < b), a, b)); }
INLINE V more_of(V a, V b) {
  const VI one = (VI)choose((VI)(a < b), b, a), other = (VI)choose((VI)(b < a), a, b);
  return (V)(one | other) - (V)(one ^ other);
}
INLINE V where(V condition, V yes, V no) { return choose((VI)(condition > splat(0)), yes, no); }

// arguments: begin, count, the scalars' place; the vectors' places; the scalars' distances from theirs. All in bytes.
void TANREN_NAME(update)(int loop, const double *arguments, char *arena) {
  const ptrdiff_t begin = (ptrdiff_t)arguments[0], count = (ptrdiff_t)arguments[1];
  const char *scalars = arena + (ptrdiff_t)arguments[2];
#define VECTOR(i) T *const p##i = (T *)(arena + (ptrdiff_t)arguments[3 + i]) + begin;
#define SCALAR(i, at) const V s##i = splat((T) * (const double *)(scalars + (ptrdiff_t)arguments[3 + at]));
#define EACH for (ptrdiff_t i = 0; i < count; i += LANES)
#define LEFT (int)(count - i < LANES ? count - i : LANES)
#define READ(vector) take(p##vector + i, LEFT)
#define KEEP(vector, value) give(p##vector + i, value, LEFT)
#define TINY(value) zeroed(value, TINIEST)
  switch (loop) {
#include "rules.generated.h"
  }
}
