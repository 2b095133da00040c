// The processor's multiply-add peak in float32, one thread: twelve independent accumulators, in assembly, because a
// compiler folds accumulators that start equal and then reports a peak that does not exist.
// Prints one line a width: `512 213.4` (bits, GFLOP/s); widths the processor lacks are left out.
#include <stdio.h>
#include <time.h>

#define TWELVE(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11)

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#if defined(__x86_64__)
#define LOOP(reg)                                                                                   \
  __asm__ volatile("1:\n\t" TWELVE(reg) "dec %0\n\tjnz 1b\n\t"                                      \
                   : "+r"(n)                                                                        \
                   :                                                                                \
                   : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", \
                     "xmm10", "xmm11", "xmm12", "xmm13", "cc")
#define Z(i) "vfmadd231ps %%zmm12, %%zmm13, %%zmm" #i "\n\t"
#define Y(i) "vfmadd231ps %%ymm12, %%ymm13, %%ymm" #i "\n\t"
#define X(i) "vfmadd231ps %%xmm12, %%xmm13, %%xmm" #i "\n\t"
static void run512(long n) { LOOP(Z); }
static void run256(long n) { LOOP(Y); }
static void run128(long n) { LOOP(X); }
static int has512(void) { return __builtin_cpu_supports("avx512f"); }
static int hasFma(void) { return __builtin_cpu_supports("fma"); }
#elif defined(__aarch64__)
#define V(i) "fmla v" #i ".4s, v12.4s, v13.4s\n\t"
static void run128(long n) {
  __asm__ volatile("1:\n\t" TWELVE(V) "subs %0, %0, #1\n\tb.ne 1b\n\t"
                   : "+r"(n)
                   :
                   : "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "cc");
}
static int hasFma(void) { return 1; }
#endif

static void measure(int bits, void (*run)(long)) {
  const long n = 4000000;
  double best = 0;
  for (int round = 0; round < 20; round++) {
    double began = now();
    run(n);
    double rate = 12.0 * 2.0 * (bits / 32) * (double)n / (now() - began) * 1e-9;
    best = rate > best ? rate : best;
  }
  printf("%d %.1f\n", bits, best);
}

int main(void) {
#if defined(__x86_64__)
  if (has512()) measure(512, run512);
  if (hasFma()) measure(256, run256);
#endif
#if defined(__x86_64__) || defined(__aarch64__)
  if (hasFma()) measure(128, run128);
#endif
  return 0;
}
