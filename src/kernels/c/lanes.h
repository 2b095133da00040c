// What every kernel is written over: the element type T and a register V of it.
//
// Compiled once a variant, with
//   TANREN_F64      float64 instead of float32
//   TANREN_BYTES    bytes of a register: 64 (AVX-512), 32 (AVX2), 16 (NEON, WASM)
//   TANREN_NAME(f)  the name a function gets in this variant
#pragma once
#include <stddef.h>
#include <stdint.h>
#ifdef __AVX512F__
#include <immintrin.h>
#endif

#ifdef TANREN_F64
typedef double T;
typedef int64_t I;
#define MANTISSA 52
#define BIAS 1023
#else
typedef float T;
typedef int32_t I;
#define MANTISSA 23
#define BIAS 127
#endif

typedef T V __attribute__((vector_size(TANREN_BYTES)));
typedef I VI __attribute__((vector_size(TANREN_BYTES)));
// The same register in memory that is aligned to its elements only.
typedef T VU __attribute__((vector_size(TANREN_BYTES), aligned(sizeof(T)), may_alias));

// Four elements, whatever the width of the registers.
typedef T V4 __attribute__((vector_size(4 * sizeof(T))));
typedef T V4U __attribute__((vector_size(4 * sizeof(T)), aligned(sizeof(T)), may_alias));

enum { LANES = TANREN_BYTES / sizeof(T) };

#define INLINE static inline __attribute__((always_inline))

INLINE V load(const T *p) { return *(const VU *)p; }
INLINE void store(T *p, V v) { *(VU *)p = v; }
INLINE V splat(T x) { return x - (V){0}; }
INLINE VI splat_int(I x) { return x - (VI){0}; }

// c + a·b. Where a file is compiled with -ffp-contract=fast it is one rounding, on processors that have FMA.
#if defined(__wasm_relaxed_simd__) && defined(TANREN_F64)
INLINE V multiply_add(V a, V b, V c) { return __builtin_wasm_relaxed_madd_f64x2(a, b, c); }
#elif defined(__wasm_relaxed_simd__)
INLINE V multiply_add(V a, V b, V c) { return __builtin_wasm_relaxed_madd_f32x4(a, b, c); }
#else
INLINE V multiply_add(V a, V b, V c) { return c + a * b; }
#endif

// What is read once: GCC would read it again for each multiplication it goes into, where registers become scarce.
#if defined(__x86_64__)
#define HELD(v) __asm__("" : "+v"(v))
#elif defined(__aarch64__)
#define HELD(v) __asm__("" : "+w"(v))
#else
#define HELD(v)
#endif

// What is computed before all that is written behind it: Clang moves sums of a block behind the reading of what others need,
// and V8 then has too few registers.
#ifdef __wasm__
#define IN_TURN(v) __asm__ volatile("" : "+r"(v))
#else
#define IN_TURN(v)
#endif

INLINE int least(int a, int b) { return a < b ? a : b; }

INLINE T sum_of(V v) {
#if defined(__AVX512F__) && !defined(TANREN_F64)
  return _mm512_reduce_add_ps((__m512)v);
#else
  T sum = 0;
  for (int l = 0; l < LANES; l++) sum += v[l];
  return sum;
#endif
}

// x where y > 0 or NaN, else 0.
INLINE V gate(V x, V y) { return (V)((VI)x & ~(VI)(y <= 0)); }
INLINE V choose(VI mask, V yes, V no) { return (V)((mask & (VI)yes) | (~mask & (VI)no)); }

// Subnormal numbers become 0 where a kernel stores its result: a network whose gradients or statistics die away would
// otherwise compute with them for ever, on some processors a hundred times slower. The addon has the processor see to it
// (addon.c); WebAssembly knows no such mode.
#ifdef __wasm__
#define EXPONENT_BITS (~(((I)1 << MANTISSA) - 1) & ~((I)1 << (sizeof(T) * 8 - 1)))
INLINE V flush(V v) { return (V)((VI)v & (VI)(((VI)v & EXPONENT_BITS) != 0)); }
INLINE T flush_one(T x) {
  union { T x; I bits; } u = {x};
  return u.bits & EXPONENT_BITS ? x : 0;
}
#else
INLINE V flush(V v) { return v; }
INLINE T flush_one(T x) { return x; }
#endif

// PAIRED: each lane picks a value of either of two registers, by one instruction.
#if defined(__AVX512F__) && defined(TANREN_F64)
#define PAIRED 1
INLINE V pick(V a, V b, VI from) { return (V)_mm512_permutex2var_pd((__m512d)a, (__m512i)from, (__m512d)b); }
#elif defined(__AVX512F__)
#define PAIRED 1
INLINE V pick(V a, V b, VI from) { return (V)_mm512_permutex2var_ps((__m512)a, (__m512i)from, (__m512)b); }
#else
#define PAIRED 0
#endif

// load_within: the elements from `begin` to before `end` ≤ LANES, zeros around them; nothing else is read. store_part: the
// first n ≤ LANES. MASKED: by one instruction.
#if defined(__AVX512F__) && defined(TANREN_F64)
enum { MASKED = 1 };
INLINE V load_within(const T *p, int begin, int end) {
  return (V)_mm512_maskz_loadu_pd((__mmask8)((1u << end) - (1u << begin)), p);
}
INLINE void store_part(T *p, V v, int n) { _mm512_mask_storeu_pd(p, (__mmask8)((1u << n) - 1), (__m512d)v); }
#elif defined(__AVX512F__)
enum { MASKED = 1 };
INLINE V load_within(const T *p, int begin, int end) {
  return (V)_mm512_maskz_loadu_ps((__mmask16)((1u << end) - (1u << begin)), p);
}
INLINE void store_part(T *p, V v, int n) { _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)v); }
#else
enum { MASKED = 0 };
// Lane by lane, each named by a constant: with a variable one a register would go through memory.
INLINE V load_within(const T *p, int begin, int end) {
  V v = {0};
#pragma GCC unroll 8
  for (int i = 0; i < LANES; i++)
    if (i >= begin && i < end) v[i] = p[i];
  return v;
}
INLINE void store_part(T *p, V v, int n) {
#pragma GCC unroll 8
  for (int i = 0; i < LANES; i++)
    if (i < n) p[i] = v[i];
}
#endif

INLINE V load_part(const T *p, int n) { return load_within(p, 0, n); }

// WebAssembly is fetched by every page: what waits for memory, or for a function out of line, is made small there.
#ifdef __wasm__
#define SMALL __attribute__((minsize))
#else
#define SMALL
#endif
#define APART static __attribute__((noinline))

// A register or, where less than one is left, what is left: out of line, since it would be written out in every loop.
SMALL __attribute__((noinline, unused)) static V take_part(const T *p, int n) { return load_part(p, n); }
SMALL __attribute__((noinline, unused)) static void give_part(T *p, V v, int n) { store_part(p, v, n); }
INLINE V take(const T *p, int n) { return n >= LANES ? load(p) : take_part(p, n); }
INLINE void give(T *p, V v, int n) {
  if (n >= LANES)
    store(p, v);
  else
    give_part(p, v, n);
}
