#define _GNU_SOURCE
#include <errno.h>
#include <sys/prctl.h>
#include <time.h>

#include "cycle.h"

static int64_t monotonic_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void sleep_until(int64_t due) {
  struct timespec time = {.tv_sec = due / 1000000000, .tv_nsec = due % 1000000000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) {
  }
}

// Each block is due at a time counted in frames from an anchor, so rounding never adds up. One period of lateness
// is made good, as a device with two periods would; more is lost time: an xrun, and a new anchor at the present.
// Catching up on it would call the renderer in a burst, which no device does.
void drv_timer_run(drv_cycle *cycle, uint32_t period_frames) {
  prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
  drv_figures figures;
  drv_cycle_figures(cycle, &figures);
  double frame_nanoseconds = 1e9 / figures.sample_rate;
  int64_t period = (int64_t)(period_frames * frame_nanoseconds);
  int64_t anchor = monotonic_nanoseconds();
  uint64_t played = 0;
  while (drv_cycle_is_open(cycle)) {
    int64_t due = anchor + (int64_t)((double)played * frame_nanoseconds);
    sleep_until(due);
    int64_t now = monotonic_nanoseconds();
    if (now - due > period) {
      drv_cycle_count_xrun(cycle, DRV_XRUN_LATE_WAKE);
      anchor = now;
      played = 0;
    }
    drv_cycle_run(cycle, NULL, period_frames);
    played += period_frames;
  }
}
