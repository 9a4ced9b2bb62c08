#define _GNU_SOURCE
#include "cycle.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "midi.h"
#include "tap.h"

enum { NOT_ENDED, ENDING, ENDED };
enum { STACK_BYTES_TOUCHED = 128 * 1024 };

/// The load follows a step to 63 % in this time.
static const double load_seconds = 0.5;

struct drv_cycle {
  drv_render render;
  drv_begin_thread begin;
  void *context;
  drv_tap *tap;
  drv_midi *midi;
  float *spare[DRV_CHANNELS];

  // The realtime thread's own.
  pthread_t owner;
  bool begun;
  int64_t cpu_at_end;

  // The gate. Both sides are sequentially consistent: "I am inside" must be seen before "is it open" is read.
  _Atomic bool open, inside;

  // Figures: one writer each, read by anyone, so plain loads and stores suffice.
  _Atomic uint64_t callbacks, frames, late_blocks;
  _Atomic uint64_t xruns, period_changes;
  _Atomic uint32_t period;
  _Atomic int32_t thread;
  /// On the monotonic clock: when the last block ended, or when the cycle was made.
  _Atomic int64_t last_called;
  _Atomic double sample_rate, load, worst;
  _Atomic bool freewheeling;
  _Atomic int ended;
  char reason[DRV_REASON_BYTES];
};

#define GET(field) atomic_load_explicit(&cycle->field, memory_order_relaxed)
#define SET(field, value) atomic_store_explicit(&cycle->field, value, memory_order_relaxed)

static int64_t monotonic_nanoseconds(void) {
  // Answered by the vDSO: no system call.
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

drv_cycle *drv_cycle_create(
    drv_render render, drv_begin_thread begin, void *context, double sample_rate, drv_tap *tap) {
  drv_cycle *cycle = calloc(1, sizeof *cycle);
  if (cycle == NULL) return NULL;
  for (int i = 0; i < DRV_CHANNELS; i++) {
    cycle->spare[i] = malloc(DRV_SLICE_FRAMES * sizeof(float));
    if (cycle->spare[i] == NULL) {
      drv_cycle_destroy(cycle);
      return NULL;
    }
    memset(cycle->spare[i], 0, DRV_SLICE_FRAMES * sizeof(float));
  }
  cycle->render = render;
  cycle->begin = begin;
  cycle->context = context;
  cycle->tap = tap;
  SET(sample_rate, sample_rate);
  SET(last_called, monotonic_nanoseconds());
  atomic_store(&cycle->open, true);
  return cycle;
}

void drv_cycle_destroy(drv_cycle *cycle) {
  for (int i = 0; i < DRV_CHANNELS; i++) free(cycle->spare[i]);
  free(cycle);
}

void drv_cycle_set_midi(drv_cycle *cycle, drv_midi *midi) { cycle->midi = midi; }

// MARK: The realtime thread

static int64_t thread_cpu_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// Faults the stack in before the first block instead of during it.
__attribute__((noinline)) static void touch_stack(void) {
  volatile unsigned char bytes[STACK_BYTES_TOUCHED];
  for (size_t i = 0; i < sizeof bytes; i += 1024) bytes[i] = 0;
}

void drv_cycle_begin(drv_cycle *cycle) {
  touch_stack();
  cycle->begin(cycle->context);
  cycle->owner = pthread_self();
  cycle->begun = true;
  SET(thread, (int32_t)syscall(SYS_gettid));
  cycle->cpu_at_end = thread_cpu_nanoseconds();
}

/// One look at the thread's clock per block: it slept since the last one, so the difference is this block's work.
static void measure(drv_cycle *cycle, uint32_t frames) {
  int64_t now = thread_cpu_nanoseconds();
  double worked = (double)(now - cycle->cpu_at_end) * 1e-9;
  cycle->cpu_at_end = now;
  // A freewheeling server calls back to back; there is no period to be late for.
  if (GET(freewheeling)) return;
  double period = frames / GET(sample_rate);
  double load = worked / period, smooth = GET(load);
  double weight = GET(callbacks) == 0 || period > load_seconds ? 1 : period / load_seconds;
  SET(load, smooth + (load - smooth) * weight);
  if (load > GET(worst)) SET(worst, load);
  if (load > 0.5) SET(late_blocks, GET(late_blocks) + 1);
}

static void render_slices(drv_cycle *cycle, float *const *outputs, uint32_t frames) {
  for (uint32_t done = 0; done < frames;) {
    uint32_t left_to_do = frames - done;
    uint32_t slice = left_to_do < DRV_SLICE_FRAMES ? left_to_do : DRV_SLICE_FRAMES;
    float *places[DRV_CHANNELS];
    for (int i = 0; i < DRV_CHANNELS; i++)
      places[i] = outputs != NULL && outputs[i] != NULL ? outputs[i] + done : cycle->spare[i];
    cycle->render(cycle->context, places, (int32_t)slice);
    if (cycle->tap != NULL) drv_tap_write(cycle->tap, places[0], places[1], slice);
    done += slice;
  }
}

static void silence(float *const *outputs, uint32_t frames) {
  for (int i = 0; outputs != NULL && i < DRV_CHANNELS; i++)
    if (outputs[i] != NULL) memset(outputs[i], 0, frames * sizeof(float));
}

void drv_cycle_take_midi(drv_cycle *cycle, uint32_t offset, const uint8_t *bytes, size_t count) {
  if (cycle->midi == NULL || count == 0 || count > DRV_MIDI_BYTES) return;
  drv_midi_push(cycle->midi, (int64_t)GET(frames) + offset, bytes, count);
}

void drv_cycle_run(drv_cycle *cycle, float *const *outputs, uint32_t frames) {
  atomic_store(&cycle->inside, true);
  if (!atomic_load(&cycle->open)) {
    atomic_store(&cycle->inside, false);
    silence(outputs, frames);
    return;
  }
  if (frames > 0) {
    // A server may move the client to another thread; each one is prepared before it renders.
    if (!cycle->begun || !pthread_equal(cycle->owner, pthread_self())) drv_cycle_begin(cycle);
    render_slices(cycle, outputs, frames);
    measure(cycle, frames);
    SET(period, frames);
    SET(frames, GET(frames) + frames);
    SET(callbacks, GET(callbacks) + 1);
    SET(last_called, monotonic_nanoseconds());
  }
  atomic_store(&cycle->inside, false);
}

// MARK: Everyone else

bool drv_cycle_is_open(const drv_cycle *cycle) { return atomic_load(&cycle->open); }

void drv_cycle_close(drv_cycle *cycle) {
  atomic_store(&cycle->open, false);
  const struct timespec pause = {.tv_sec = 0, .tv_nsec = 200000};
  while (atomic_load(&cycle->inside)) nanosleep(&pause, NULL);
}

void drv_cycle_figures(const drv_cycle *cycle, drv_figures *figures) {
  *figures = (drv_figures){
      .callbacks = GET(callbacks),
      .frames = GET(frames),
      .xruns = GET(xruns),
      .late_blocks = GET(late_blocks),
      .period_changes = GET(period_changes),
      .sample_rate = GET(sample_rate),
      .load = GET(load),
      .worst = GET(worst),
      .silence = (double)(monotonic_nanoseconds() - GET(last_called)) * 1e-9,
      .period = GET(period),
      .thread = GET(thread),
      .freewheeling = GET(freewheeling),
      .ended = drv_cycle_has_ended(cycle),
  };
}

void drv_cycle_end(drv_cycle *cycle, const char *reason) {
  int expected = NOT_ENDED;
  if (!atomic_compare_exchange_strong(&cycle->ended, &expected, ENDING)) return;
  strncpy(cycle->reason, reason, sizeof cycle->reason - 1);
  atomic_store(&cycle->ended, ENDED);
}

bool drv_cycle_has_ended(const drv_cycle *cycle) { return atomic_load(&cycle->ended) == ENDED; }

const char *drv_cycle_reason(const drv_cycle *cycle) { return drv_cycle_has_ended(cycle) ? cycle->reason : ""; }

void drv_cycle_count_xrun(drv_cycle *cycle) {
  atomic_fetch_add_explicit(&cycle->xruns, 1, memory_order_relaxed);
}

void drv_cycle_count_period_change(drv_cycle *cycle) {
  atomic_fetch_add_explicit(&cycle->period_changes, 1, memory_order_relaxed);
}

void drv_cycle_set_sample_rate(drv_cycle *cycle, double sample_rate) {
  if (sample_rate > 0) SET(sample_rate, sample_rate);
}

void drv_cycle_set_freewheeling(drv_cycle *cycle, bool freewheeling) { SET(freewheeling, freewheeling); }

bool drv_thread_is_realtime(int32_t thread) {
  if (thread <= 0) return false;
  int policy = sched_getscheduler(thread);
  if (policy < 0) return false;
  policy &= ~SCHED_RESET_ON_FORK;
  return policy == SCHED_FIFO || policy == SCHED_RR;
}
