#include "tap.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct drv_tap {
  float *channels[2];
  uint64_t capacity;
  // Written by the realtime thread alone; `filled` releases the samples below it.
  _Atomic uint64_t filled, missed;
};

drv_tap *drv_tap_create(uint64_t capacity) {
  if (capacity == 0 || capacity > SIZE_MAX / sizeof(float)) return NULL;
  drv_tap *tap = calloc(1, sizeof *tap);
  if (tap == NULL) return NULL;
  tap->capacity = capacity;
  for (int i = 0; i < 2; i++) {
    size_t bytes = capacity * sizeof(float);
    tap->channels[i] = malloc(bytes);
    if (tap->channels[i] == NULL) {
      drv_tap_destroy(tap);
      return NULL;
    }
    // Written, not calloc'ed: a page that is first touched by the realtime thread is a fault there.
    memset(tap->channels[i], 0, bytes);
  }
  return tap;
}

void drv_tap_destroy(drv_tap *tap) {
  free(tap->channels[0]);
  free(tap->channels[1]);
  free(tap);
}

void drv_tap_write(drv_tap *tap, const float *left, const float *right, uint32_t frames) {
  uint64_t filled = atomic_load_explicit(&tap->filled, memory_order_relaxed);
  uint64_t room = tap->capacity - filled;
  uint64_t kept = frames < room ? frames : room;
  if (kept > 0) {
    memcpy(tap->channels[0] + filled, left, kept * sizeof(float));
    memcpy(tap->channels[1] + filled, right, kept * sizeof(float));
    atomic_store_explicit(&tap->filled, filled + kept, memory_order_release);
  }
  if (kept < frames) {
    uint64_t missed = atomic_load_explicit(&tap->missed, memory_order_relaxed);
    atomic_store_explicit(&tap->missed, missed + (frames - kept), memory_order_relaxed);
  }
}

uint64_t drv_tap_filled(const drv_tap *tap) { return atomic_load_explicit(&tap->filled, memory_order_acquire); }

uint64_t drv_tap_missed(const drv_tap *tap) { return atomic_load_explicit(&tap->missed, memory_order_relaxed); }

const float *drv_tap_channel(const drv_tap *tap, int channel) { return tap->channels[channel & 1]; }
