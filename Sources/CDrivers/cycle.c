#define _GNU_SOURCE
#include "cycle.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "baton.h"
#include "input.h"
#include "midi.h"
#include "resample.h"

enum { NOT_ENDED, ENDING, ENDED };
/// Other rates that a device may change to; each keeps its resampler.
enum { RESAMPLERS = 16 };

/// The load follows a step to 63 % in this time.
static const double load_seconds = 0.5;
/// How long a trouble of ours explains an interruption that the server tells of.
static const int64_t blame_nanoseconds = 500000000;

struct drv_cycle {
  drv_baton *baton;
  int32_t seat;
  drv_midi *midi;

  // The realtime thread's own.
  pthread_t owner;
  bool begun;
  int64_t cpu_at_end;
  bool woke_late;
  /// Frames of silence before the renderer's first, on the device's clock.
  uint32_t lead;
  drv_resampler *resampler;

  // Made where the rate is announced, used by the realtime thread from the next block on, freed with the cycle.
  drv_resampler *made[RESAMPLERS];
  uint32_t made_for[RESAMPLERS];
  int made_count;
  _Atomic(drv_resampler *) wanted;

  // The gate. Both sides are sequentially consistent: "I am inside" must be seen before "is it open" is read.
  _Atomic bool open, inside;

  // Figures: one writer each, read by anyone, so plain loads and stores suffice.
  _Atomic uint64_t callbacks, late_blocks, period_changes, lost_frames;
  _Atomic uint64_t xruns[DRV_XRUN_CAUSES];
  _Atomic int64_t own_late_at, late_wake_at;
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

drv_cycle *drv_cycle_create(drv_baton *baton, double sample_rate) {
  drv_cycle *cycle = calloc(1, sizeof *cycle);
  if (cycle == NULL) return NULL;
  cycle->baton = baton;
  SET(sample_rate, drv_baton_rate(baton));
  SET(last_called, drv_monotonic_nanoseconds());
  if (!drv_cycle_set_sample_rate(cycle, sample_rate)) {
    free(cycle);
    return NULL;
  }
  cycle->seat = drv_baton_seat(baton);
  atomic_store(&cycle->open, true);
  return cycle;
}

void drv_cycle_destroy(drv_cycle *cycle) {
  for (int i = 0; i < cycle->made_count; i++) drv_resampler_destroy(cycle->made[i]);
  free(cycle);
}

void drv_cycle_set_midi(drv_cycle *cycle, drv_midi *midi) { cycle->midi = midi; }

// The realtime thread may still be in the one that is replaced, so none is freed before the end.
static drv_resampler *resampler_for(drv_cycle *cycle, uint32_t from, uint32_t to) {
  for (int i = 0; i < cycle->made_count; i++)
    if (cycle->made_for[i] == to) return cycle->made[i];
  if (cycle->made_count == RESAMPLERS) return NULL;
  drv_resampler *resampler = drv_resampler_create(from, to);
  if (resampler == NULL) return NULL;
  cycle->made_for[cycle->made_count] = to;
  cycle->made[cycle->made_count++] = resampler;
  return resampler;
}

bool drv_cycle_set_sample_rate(drv_cycle *cycle, double sample_rate) {
  if (!(sample_rate >= 1 && sample_rate <= DRV_MAXIMUM_RATE)) return false;
  // Announced once more as a client becomes active, which is no change.
  if (sample_rate == GET(sample_rate)) return true;
  uint32_t from = (uint32_t)(drv_baton_rate(cycle->baton) + 0.5), to = (uint32_t)(sample_rate + 0.5);
  drv_resampler *resampler = from != to ? resampler_for(cycle, from, to) : NULL;
  if (from != to && resampler == NULL) return false;
  atomic_store(&cycle->wanted, resampler);
  SET(sample_rate, sample_rate);
  return true;
}

// MARK: The realtime thread

static int64_t thread_cpu_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

void drv_cycle_begin(drv_cycle *cycle) {
  cycle->owner = pthread_self();
  cycle->begun = true;
  SET(thread, (int32_t)syscall(SYS_gettid));
  cycle->cpu_at_end = thread_cpu_nanoseconds();
  // Its memory is made ready now, when the renderer is not somebody else's at this moment.
  if (!drv_baton_enter(cycle->baton)) return;
  drv_baton_prepare(cycle->baton);
  drv_baton_leave(cycle->baton);
}

/// The frame that this block's first one is, on the renderer's count.
static int64_t position(const drv_cycle *cycle) {
  int64_t rendered = drv_baton_rendered(cycle->baton);
  return cycle->resampler != NULL ? rendered - drv_resampler_ahead(cycle->resampler) : rendered;
}

/// As many frames of the device as `frames` of the renderer, and the other way.
static uint32_t to_device(const drv_cycle *cycle, int64_t frames) {
  double scaled = (double)frames * GET(sample_rate) / drv_baton_rate(cycle->baton);
  return scaled < UINT32_MAX ? (uint32_t)(scaled + 0.5) : UINT32_MAX;
}
static int64_t to_renderer(const drv_cycle *cycle, uint32_t frames) {
  return (int64_t)(frames * drv_baton_rate(cycle->baton) / GET(sample_rate) + 0.5);
}

void drv_cycle_take_midi(drv_cycle *cycle, uint32_t offset, const uint8_t *bytes, size_t count) {
  if (cycle->midi == NULL || count == 0 || count > DRV_MIDI_BYTES) return;
  // Read beside a keeper that may be rendering: then it is a block off, which is as near as such a message can be.
  int64_t first = drv_baton_frames(cycle->baton);
  drv_midi_push(cycle->midi, first + to_renderer(cycle, offset), bytes, count);
}

bool drv_cycle_listens(const drv_cycle *cycle) {
  drv_input *input = drv_baton_input(cycle->baton);
  if (input == NULL) return false;
  drv_input_figures figures;
  drv_input_figures_of(input, &figures);
  return figures.source == DRV_INPUT_DEVICE;
}

void drv_cycle_take_input(drv_cycle *cycle, const float *left, const float *right, uint32_t frames) {
  drv_input *input = drv_baton_input(cycle->baton);
  if (input == NULL) return;
  // At another rate than the renderer's the two are as two cards to each other.
  drv_input_set_clock(input, GET(sample_rate), atomic_load(&cycle->wanted) == NULL);
  drv_input_push(input, DRV_INPUT_DEVICE, left, right, frames, drv_monotonic_nanoseconds());
}

void drv_cycle_take_live(drv_cycle *cycle, uint32_t offset, int port, const uint8_t *bytes, size_t count) {
  int64_t frame = drv_baton_frames(cycle->baton) + to_renderer(cycle, offset);
  uint64_t packed = (uint64_t)port | (uint64_t)count << 8;
  for (size_t i = 0; i < count; i++) packed |= (uint64_t)bytes[i] << (16 + 8 * i);
  drv_baton_take_midi(cycle->baton, frame, packed);
}

int64_t drv_cycle_position(const drv_cycle *cycle) { return drv_baton_frames(cycle->baton); }

bool drv_cycle_next_out(drv_cycle *cycle, int64_t first, uint32_t frames, uint32_t *offset, uint64_t *packed) {
  int64_t frame, limit = first + to_renderer(cycle, frames);
  if (!drv_baton_next_midi(cycle->baton, limit, &frame, packed)) return false;
  *offset = frame > first ? to_device(cycle, frame - first) : 0;
  if (*offset >= frames) *offset = frames - 1;
  return true;
}

static void pull(void *context, float *const *outputs, uint32_t frames) {
  drv_baton_render(((drv_cycle *)context)->baton, outputs, frames);
}

void drv_cycle_silence(float *const *outputs, uint32_t frames) {
  for (int i = 0; outputs != NULL && i < DRV_CHANNELS; i++)
    if (outputs[i] != NULL) memset(outputs[i], 0, frames * sizeof(float));
}

/// Renders all but the first `done` frames.
static void render(drv_cycle *cycle, float *const *outputs, uint32_t done, uint32_t frames) {
  float *places[DRV_CHANNELS];
  for (int i = 0; i < DRV_CHANNELS; i++)
    places[i] = outputs != NULL && outputs[i] != NULL ? outputs[i] + done : NULL;
  drv_baton_prepare(cycle->baton);
  if (cycle->resampler != NULL)
    drv_resampler_run(cycle->resampler, pull, cycle, places, frames - done);
  else
    drv_baton_render(cycle->baton, places, frames - done);
}

/// The device is back while the keeper plays: the renderer goes on exactly where the running clock is. What the keeper
/// has rendered ahead of it is waited for; while it is behind, the keeper first makes that up.
static bool take_back(drv_cycle *cycle, int64_t start) {
  int64_t rendered = drv_baton_rendered(cycle->baton);
  int64_t ahead = rendered - drv_baton_due(cycle->baton, start);
  if (ahead < 0) {
    drv_baton_called(cycle->baton, start);
    return false;
  }
  if (cycle->resampler != NULL) drv_resampler_reset(cycle->resampler);
  cycle->lead = to_device(cycle, ahead);
  drv_baton_hand_back(cycle->baton, cycle->seat, start, rendered - ahead);
  return true;
}

/// Inside the baton: whether this block is ours, with `lead` frames of silence first.
static bool is_ours(drv_cycle *cycle, int64_t start, uint32_t frames) {
  drv_baton *baton = cycle->baton;
  int32_t holder = drv_baton_holder(baton);
  if (holder == DRV_SEAT_KEEPER) return take_back(cycle, start);
  if (holder != cycle->seat) return false;
  int64_t first = position(cycle) - to_renderer(cycle, cycle->lead);
  if (GET(freewheeling)) {
    drv_baton_set_anchor(baton, start, first);
    return true;
  }
  if (drv_baton_anchor(baton, start, first, (uint32_t)to_renderer(cycle, frames))) return true;
  int64_t lost = drv_baton_due(baton, start) - first;
  SET(lost_frames, GET(lost_frames) + (uint64_t)(lost > 0 ? lost : 0));
  drv_baton_give_up(baton, false);
  return false;
}

static void play(drv_cycle *cycle, float *const *outputs, int64_t start, uint32_t frames) {
  if (!drv_baton_enter(cycle->baton)) return drv_cycle_silence(outputs, frames);
  drv_resampler *wanted = atomic_load(&cycle->wanted);
  if (wanted != cycle->resampler) {
    if (wanted != NULL) drv_resampler_reset(wanted);
    cycle->resampler = wanted;
  }
  uint32_t lead = frames;
  if (is_ours(cycle, start, frames)) {
    lead = cycle->lead < frames ? cycle->lead : frames;
    cycle->lead -= lead;
  }
  drv_cycle_silence(outputs, lead);
  if (lead < frames) render(cycle, outputs, lead, frames);
  drv_baton_leave(cycle->baton);
}

/// One look at the thread's clock per block: it slept since the last one, so the difference is this block's work.
static void measure(drv_cycle *cycle, int64_t start, uint32_t frames) {
  bool woke_late = cycle->woke_late;
  cycle->woke_late = false;
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
  if (load > 0.5) {
    SET(late_blocks, GET(late_blocks) + 1);
    SET(own_late_at, start);
  } else if (woke_late) {
    SET(late_wake_at, start);
  }
}

bool drv_cycle_enter(drv_cycle *cycle) {
  atomic_store(&cycle->inside, true);
  if (atomic_load(&cycle->open)) return true;
  atomic_store(&cycle->inside, false);
  return false;
}

void drv_cycle_leave(drv_cycle *cycle) { atomic_store(&cycle->inside, false); }

void drv_cycle_play(drv_cycle *cycle, float *const *outputs, uint32_t frames) {
  if (frames == 0) return;
  int64_t start = drv_monotonic_nanoseconds();
  // A server may move the client to another thread; each one is prepared before it renders.
  if (!cycle->begun || !pthread_equal(cycle->owner, pthread_self())) drv_cycle_begin(cycle);
  play(cycle, outputs, start, frames);
  measure(cycle, start, frames);
  SET(period, frames);
  SET(callbacks, GET(callbacks) + 1);
  SET(last_called, drv_monotonic_nanoseconds());
}

void drv_cycle_run(drv_cycle *cycle, float *const *outputs, uint32_t frames) {
  if (!drv_cycle_enter(cycle)) return drv_cycle_silence(outputs, frames);
  drv_cycle_play(cycle, outputs, frames);
  drv_cycle_leave(cycle);
}

void drv_cycle_woke_late(drv_cycle *cycle) { cycle->woke_late = true; }

void drv_cycle_resync(drv_cycle *cycle) {
  if (!drv_baton_is_kept(cycle->baton)) return;
  while (!drv_baton_enter(cycle->baton)) sched_yield();
  if (drv_baton_holder(cycle->baton) == cycle->seat) {
    int64_t lost = drv_baton_due(cycle->baton, drv_monotonic_nanoseconds()) - position(cycle);
    if (lost > 0) SET(lost_frames, GET(lost_frames) + (uint64_t)lost);
    drv_baton_give_up(cycle->baton, false);
  }
  drv_baton_leave(cycle->baton);
}

// MARK: Everyone else

bool drv_cycle_is_open(const drv_cycle *cycle) { return atomic_load(&cycle->open); }

void drv_cycle_close(drv_cycle *cycle) {
  atomic_store(&cycle->open, false);
  const struct timespec pause = {.tv_sec = 0, .tv_nsec = 200000};
  while (atomic_load(&cycle->inside)) nanosleep(&pause, NULL);
  drv_baton_device_ended(cycle->baton, cycle->seat);
}

void drv_cycle_figures(const drv_cycle *cycle, drv_figures *figures) {
  *figures = (drv_figures){
      .callbacks = GET(callbacks),
      .frames = (uint64_t)drv_baton_frames(cycle->baton),
      .late_blocks = GET(late_blocks),
      .period_changes = GET(period_changes),
      .lost_frames = GET(lost_frames),
      .sample_rate = GET(sample_rate),
      .load = GET(load),
      .worst = GET(worst),
      .silence = (double)(drv_monotonic_nanoseconds() - GET(last_called)) * 1e-9,
      .period = GET(period),
      .thread = GET(thread),
      .freewheeling = GET(freewheeling),
      .resampling = atomic_load(&cycle->wanted) != NULL,
      .ended = drv_cycle_has_ended(cycle),
  };
  for (int i = 0; i < DRV_XRUN_CAUSES; i++) figures->xruns[i] = GET(xruns[i]);
}

void drv_cycle_end(drv_cycle *cycle, const char *reason) {
  int expected = NOT_ENDED;
  if (!atomic_compare_exchange_strong(&cycle->ended, &expected, ENDING)) return;
  strncpy(cycle->reason, reason, sizeof cycle->reason - 1);
  atomic_store(&cycle->ended, ENDED);
  drv_baton_device_ended(cycle->baton, cycle->seat);
}

bool drv_cycle_has_ended(const drv_cycle *cycle) { return atomic_load(&cycle->ended) == ENDED; }

const char *drv_cycle_reason(const drv_cycle *cycle) { return drv_cycle_has_ended(cycle) ? cycle->reason : ""; }

void drv_cycle_count_xrun(drv_cycle *cycle, drv_xrun_cause cause) {
  atomic_fetch_add_explicit(&cycle->xruns[cause], 1, memory_order_relaxed);
}

void drv_cycle_blame_xrun(drv_cycle *cycle) {
  int64_t now = drv_monotonic_nanoseconds();
  // Each trouble explains one interruption.
  int64_t own = atomic_exchange(&cycle->own_late_at, 0);
  if (own != 0 && now - own < blame_nanoseconds) return drv_cycle_count_xrun(cycle, DRV_XRUN_OWN);
  int64_t wake = atomic_exchange(&cycle->late_wake_at, 0);
  bool is_wake = wake != 0 && now - wake < blame_nanoseconds;
  drv_cycle_count_xrun(cycle, is_wake ? DRV_XRUN_LATE_WAKE : DRV_XRUN_OTHERS);
}

void drv_cycle_count_period_change(drv_cycle *cycle) {
  atomic_fetch_add_explicit(&cycle->period_changes, 1, memory_order_relaxed);
}

void drv_cycle_set_freewheeling(drv_cycle *cycle, bool freewheeling) { SET(freewheeling, freewheeling); }

bool drv_thread_is_realtime(int32_t thread) {
  if (thread <= 0) return false;
  int policy = sched_getscheduler(thread);
  if (policy < 0) return false;
  policy &= ~SCHED_RESET_ON_FORK;
  return policy == SCHED_FIFO || policy == SCHED_RR;
}
