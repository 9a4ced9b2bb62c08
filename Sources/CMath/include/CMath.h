#pragma once
// The libm calls a realtime function may make: none of them locks, allocates or waits.
#include <math.h>
#define REALTIME_SAFE __attribute__((swift_attr("@_noLocks")))

static inline REALTIME_SAFE double rt_log1p(double x) { return log1p(x); }
static inline REALTIME_SAFE double rt_expm1(double x) { return expm1(x); }
static inline REALTIME_SAFE double rt_floor(double x) { return floor(x); }
static inline REALTIME_SAFE double rt_round(double x) { return round(x); }
