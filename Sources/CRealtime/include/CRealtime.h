#pragma once
#include <math.h>
#include <stdint.h>

#define REALTIME_SAFE __attribute__((swift_attr("@_noLocks")))

static inline REALTIME_SAFE double rt_sin(double x) { return sin(x); }
static inline REALTIME_SAFE double rt_ceil(double x) { return ceil(x); }
static inline REALTIME_SAFE double rt_cos(double x) { return cos(x); }
static inline REALTIME_SAFE double rt_pow(double x, double y) { return pow(x, y); }
static inline REALTIME_SAFE double rt_exp(double x) { return exp(x); }

// Denormal numbers become zero on the calling thread: a decaying tail must not slow the processor down.
REALTIME_SAFE void rt_flush_denormals(void);

// Brackets for RealtimeSanitizer; they do nothing in a program that is not linked with its runtime.
REALTIME_SAFE void rt_sanitizer_enter(void);
REALTIME_SAFE void rt_sanitizer_leave(void);
int rt_sanitizer_present(void);

// Whether FluidSynth's parallel regions come to this library's definition: a question of how the program is linked.
int rt_parallel_runs_in_place(void);
