// The kernels as a Node-API addon: picks the widest variant the processor has and binds it to one arena at a time.
// Keeps no state of its own, so that every worker thread may load it.
#include <node_api.h>
#include <stdint.h>
#include <stdlib.h>
#include "loops.generated.h"
#include "table.generated.h"
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

typedef double (*Call)(int operation, const double *arguments, char *arena);
typedef void (*Update)(int loop, const double *arguments, char *arena);

#define DECLARE(variant, dtype)                                                                \
  double tanren_##variant##_##dtype##_call(int, const double *, char *);                       \
  void tanren_##variant##_##dtype##_update(int, const double *, char *);                       \
  int tanren_##variant##_##dtype##_scratch_bytes(void);
#define ENTRY(variant, dtype)                                                    \
  {tanren_##variant##_##dtype##_call, tanren_##variant##_##dtype##_update, \
   tanren_##variant##_##dtype##_scratch_bytes}

typedef struct {
  const char *name;
  struct {
    Call call;
    Update update;
    int (*scratch_bytes)(void);
  } of[2];  // float32, float64
} Variant;

#define VARIANT(variant) DECLARE(variant, f32) DECLARE(variant, f64)
TANREN_VARIANTS(VARIANT)
#undef VARIANT
#define VARIANT(variant) {#variant, {ENTRY(variant, f32), ENTRY(variant, f64)}},
static const Variant variants[] = {TANREN_VARIANTS(VARIANT)};
enum { COUNT = sizeof variants / sizeof *variants };

static int runs_here(const char *name) {
#if defined(__x86_64__)
  if (name[3] == '5') {  // avx512
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw");
  }
  if (name[0] == 'a') return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
  (void)name;
  return 1;
}

typedef struct {
  Call call;
  Update update;
  int loop;
  const double *arguments;
  char *arena;
} Binding;

static napi_value fail(napi_env env, const char *message) {
  napi_throw_error(env, NULL, message);
  return NULL;
}

// Has the processor take subnormal numbers for 0, as operands and as results, until `restore`: see `flush` in lanes.h. Left
// so, it would change JavaScript's own arithmetic.
#if defined(__x86_64__)
typedef unsigned int Mode;
static inline Mode flush_subnormals(void) {
  const Mode before = _mm_getcsr();
  _mm_setcsr(before | 0x8040);
  return before;
}
static inline void restore(Mode before) { _mm_setcsr(before); }
#elif defined(__aarch64__)
typedef uint64_t Mode;
static inline void restore(Mode before) { __asm__ volatile("msr fpcr, %0" ::"r"(before) : "memory"); }
static inline Mode flush_subnormals(void) {
  Mode before;
  __asm__ volatile("mrs %0, fpcr" : "=r"(before)::"memory");
  restore(before | (Mode)1 << 24);
  return before;
}
#else
#error "subnormal numbers: this processor's way of taking them for 0 is not known here"
#endif

// call(operation) → number
static napi_value call(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, result;
  void *data;
  int32_t operation;
  napi_get_cb_info(env, info, &count, &argument, NULL, &data);
  napi_get_value_int32(env, argument, &operation);
  const Binding *binding = data;
  const Mode before = flush_subnormals();
  const double value = binding->call(operation, binding->arguments, binding->arena);
  restore(before);
  napi_create_double(env, value, &result);
  return result;
}

static void forget(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  free(data);
}

// update() runs a rule's loop. It rounds as WebAssembly does, subnormal numbers included: see rules.c.
static napi_value update(napi_env env, napi_callback_info info) {
  void *data;
  napi_get_cb_info(env, info, NULL, NULL, NULL, &data);
  const Binding *binding = data;
  binding->update(binding->loop, binding->arguments, binding->arena);
  return NULL;
}

// bind(variant, dtype, arena: ArrayBuffer, arguments: Float64Array) → call; with the number of a rule's loop behind them →
// update. The caller keeps both memories alive.
static napi_value bind(napi_env env, napi_callback_info info) {
  size_t count = 5, length;
  napi_value argument[5], function;
  int32_t variant, dtype, loop = -1;
  void *arena, *arguments;
  napi_get_cb_info(env, info, &count, argument, NULL, NULL);
  if ((count != 4 && (count != 5 || napi_get_value_int32(env, argument[4], &loop) != napi_ok)) || napi_get_value_int32(env, argument[0], &variant) != napi_ok ||
      napi_get_value_int32(env, argument[1], &dtype) != napi_ok || variant < 0 || variant >= COUNT || dtype < 0 || dtype > 1 ||
      napi_get_arraybuffer_info(env, argument[2], &arena, &length) != napi_ok ||
      napi_get_typedarray_info(env, argument[3], NULL, NULL, &arguments, NULL, NULL) != napi_ok)
    return fail(env, "bind: variant, dtype, an ArrayBuffer and a Float64Array are needed");
  Binding *binding = malloc(sizeof *binding);
  if (binding == NULL) return fail(env, "bind: out of memory");
  *binding = (Binding){variants[variant].of[dtype].call, variants[variant].of[dtype].update, loop, arguments, arena};
  if (napi_create_function(env, "bound", NAPI_AUTO_LENGTH, loop < 0 ? call : update, binding, &function) != napi_ok ||
      napi_add_finalizer(env, function, binding, forget, NULL, NULL) != napi_ok) {
    free(binding);
    return fail(env, "bind: the function could not be made");
  }
  return function;
}

// addressOf(bytes: Uint8Array) → number; the caller keeps the memory alive.
static napi_value address_of(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, result;
  void *data;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (count != 1 || napi_get_typedarray_info(env, argument, NULL, NULL, &data, NULL, NULL) != napi_ok)
    return fail(env, "addressOf: a Uint8Array is needed");
  napi_create_double(env, (double)(uintptr_t)data, &result);
  return result;
}

// Adds { index, name, scratch: [float32, float64] } to `list` for each variant this processor runs, widest first.
static napi_value describe(napi_env env) {
  napi_value list, entry, value, pair;
  uint32_t found = 0;
  napi_create_array(env, &list);
  for (int i = 0; i < COUNT; i++) {
    if (!runs_here(variants[i].name)) continue;
    napi_create_object(env, &entry);
    napi_create_int32(env, i, &value);
    napi_set_named_property(env, entry, "index", value);
    napi_create_string_utf8(env, variants[i].name, NAPI_AUTO_LENGTH, &value);
    napi_set_named_property(env, entry, "name", value);
    napi_create_array(env, &pair);
    for (int dtype = 0; dtype < 2; dtype++) {
      napi_create_int32(env, variants[i].of[dtype].scratch_bytes(), &value);
      napi_set_element(env, pair, dtype, value);
    }
    napi_set_named_property(env, entry, "scratch", pair);
    napi_set_element(env, list, found++, entry);
  }
  return list;
}

NAPI_MODULE_INIT() {
  napi_value function, table;
  napi_create_function(env, "bind", NAPI_AUTO_LENGTH, bind, NULL, &function);
  napi_set_named_property(env, exports, "bind", function);
  napi_create_function(env, "addressOf", NAPI_AUTO_LENGTH, address_of, NULL, &function);
  napi_set_named_property(env, exports, "addressOf", function);
  napi_create_string_utf8(env, TANREN_TABLE, NAPI_AUTO_LENGTH, &table);
  napi_set_named_property(env, exports, "table", table);
  napi_create_string_utf8(env, TANREN_LOOPS, NAPI_AUTO_LENGTH, &table);
  napi_set_named_property(env, exports, "loops", table);
  napi_set_named_property(env, exports, "variants", describe(env));
  return exports;
}
