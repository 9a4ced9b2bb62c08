#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "baton.h"

/// How often it looks whether a device has ended, lost time or been taken away.
static const int64_t poll_nanoseconds = 10000000;
/// Back-to-back work after which others get a turn, and how long that is: a realtime thread must not hold a processor.
static const int64_t burst_nanoseconds = 8000000, rest_nanoseconds = 1000000;
/// How soon it tries again while another thread is inside.
static const int64_t retry_nanoseconds = 200000;

struct drv_keeper {
  drv_baton *baton;
  _Atomic uint32_t period;
  _Atomic int64_t watchdog;
  _Atomic bool is_stopping;
  // Its own thread's.
  int64_t burst_began;
  bool is_catching_up;
  int64_t cpu_at_end;
  // Shown to anyone.
  _Atomic uint64_t blocks, late_wakes, late_blocks, lost_frames;
  _Atomic double load, worst;
  _Atomic int32_t thread;
};

#define GET(field) atomic_load_explicit(&keeper->field, memory_order_relaxed)
#define SET(field, value) atomic_store_explicit(&keeper->field, value, memory_order_relaxed)

drv_keeper *drv_keeper_create(drv_baton *baton, uint32_t period, double watchdog_seconds) {
  drv_keeper *keeper = calloc(1, sizeof *keeper);
  if (keeper == NULL) return NULL;
  keeper->baton = baton;
  SET(period, period);
  SET(watchdog, (int64_t)(watchdog_seconds * 1e9));
  return keeper;
}

void drv_keeper_destroy(drv_keeper *keeper) { free(keeper); }
void drv_keeper_set_period(drv_keeper *keeper, uint32_t period) { SET(period, period); }
void drv_keeper_stop(drv_keeper *keeper) { atomic_store(&keeper->is_stopping, true); }

static int64_t thread_cpu_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void sleep_until(int64_t due) {
  struct timespec time = {.tv_sec = due / 1000000000, .tv_nsec = due % 1000000000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) {
  }
}

static int64_t earlier(int64_t a, int64_t b) { return a < b ? a : b; }

/// A device has the baton: is it still there? Answers when to look again.
static int64_t watch(drv_keeper *keeper, int64_t now) {
  int64_t limit = drv_baton_watch_limit(keeper->baton, GET(watchdog));
  if (now < limit && !drv_baton_has_ended(keeper->baton, drv_baton_holder(keeper->baton)))
    return earlier(limit, now + poll_nanoseconds);
  drv_baton_give_up(keeper->baton, true);
  keeper->is_catching_up = true;
  return now;
}

static void measure(drv_keeper *keeper, uint32_t frames) {
  int64_t cpu = thread_cpu_nanoseconds();
  double load = (double)(cpu - keeper->cpu_at_end) * 1e-9 * drv_baton_rate(keeper->baton) / frames;
  keeper->cpu_at_end = cpu;
  SET(load, GET(load) + (load - GET(load)) * 0.01);
  if (load > GET(worst)) SET(worst, load);
  if (load > 0.5) SET(late_blocks, GET(late_blocks) + 1);
  SET(blocks, GET(blocks) + 1);
}

/// The keeper has the baton: the block that is due, if one is. Nobody hears it, so what was missed while a device died is
/// made up as fast as it can be rendered. Answers when to come again.
static int64_t keep(drv_keeper *keeper, int64_t now) {
  drv_baton *baton = keeper->baton;
  drv_baton_watch_resync(baton, now, GET(watchdog));
  uint32_t period = GET(period);
  int64_t behind = drv_baton_due(baton, now) - drv_baton_rendered(baton);
  if (behind > (int64_t)(DRV_CATCH_UP_SECONDS * drv_baton_rate(baton))) {
    SET(lost_frames, GET(lost_frames) + (uint64_t)behind);
    drv_baton_set_anchor(baton, now, drv_baton_rendered(baton));
    behind = 0;
  }
  if (behind < 0) {
    keeper->is_catching_up = false;
    keeper->burst_began = 0;
    return earlier(drv_baton_time_of(baton, drv_baton_rendered(baton)), now + poll_nanoseconds);
  }
  if (behind > period && !keeper->is_catching_up) {
    SET(late_wakes, GET(late_wakes) + 1);
    keeper->is_catching_up = true;
  }
  drv_baton_prepare(baton);
  drv_baton_render(baton, NULL, period);
  measure(keeper, period);
  if (keeper->burst_began == 0) keeper->burst_began = now;
  if (now - keeper->burst_began < burst_nanoseconds) return now;
  keeper->burst_began = 0;
  return now + rest_nanoseconds;
}

void drv_keeper_run(drv_keeper *keeper) {
  prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
  SET(thread, (int32_t)syscall(SYS_gettid));
  drv_baton *baton = keeper->baton;
  while (!atomic_load(&keeper->is_stopping)) {
    int64_t now = drv_monotonic_nanoseconds();
    int64_t next = now + retry_nanoseconds;
    if (drv_baton_enter(baton)) {
      bool is_mine = drv_baton_holder(baton) == DRV_SEAT_KEEPER;
      if (is_mine) keeper->cpu_at_end = thread_cpu_nanoseconds();
      next = is_mine ? keep(keeper, now) : watch(keeper, now);
      drv_baton_leave(baton);
    }
    if (next > now) sleep_until(next);
  }
}

void drv_keeper_figures_of(const drv_keeper *keeper, drv_keeper_figures *figures) {
  *figures = (drv_keeper_figures){
      .blocks = GET(blocks),
      .late_wakes = GET(late_wakes),
      .late_blocks = GET(late_blocks),
      .lost_frames = GET(lost_frames),
      .load = GET(load),
      .worst = GET(worst),
      .thread = GET(thread),
      .period = GET(period),
  };
}
