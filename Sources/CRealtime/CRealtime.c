#define _GNU_SOURCE
#include "CRealtime.h"
#include <dlfcn.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
void rt_flush_denormals(void) { _mm_setcsr(_mm_getcsr() | 0x8040); }
#elif defined(__aarch64__)
void rt_flush_denormals(void) {
  uint64_t fpcr;
  __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
  __asm__ volatile("msr fpcr, %0" : : "r"(fpcr | (1ull << 24)));
}
#else
void rt_flush_denormals(void) {}
#endif

// FluidSynth mixes its effects in an OpenMP parallel region even with one thread, and libgomp allocates and frees a
// team for each. This definition stands before libgomp's in symbol lookup, where the program is linked to show it, and
// runs the region in place.
void GOMP_parallel(void (*function)(void *), void *data, unsigned threads, unsigned flags) {
  (void)threads;
  (void)flags;
  function(data);
}

int rt_parallel_runs_in_place(void) { return dlsym(RTLD_DEFAULT, "GOMP_parallel") == (void *)GOMP_parallel; }

__attribute__((weak)) void __rtsan_ensure_initialized(void);
__attribute__((weak)) void __rtsan_realtime_enter(void);
__attribute__((weak)) void __rtsan_realtime_exit(void);

int rt_sanitizer_present(void) { return __rtsan_realtime_enter != 0; }

void rt_sanitizer_enter(void) {
  if (!__rtsan_realtime_enter) return;
  __rtsan_ensure_initialized();
  __rtsan_realtime_enter();
}

void rt_sanitizer_leave(void) {
  if (__rtsan_realtime_exit) __rtsan_realtime_exit();
}
