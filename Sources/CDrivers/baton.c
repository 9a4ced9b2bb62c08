#define _GNU_SOURCE
#include "baton.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "input.h"
#include "tap.h"

enum { STACK_BYTES_TOUCHED = 128 * 1024 };
/// Blocks in a row that must begin too late before a device is believed to have lost the time.
enum { SUSPECT_BLOCKS = 4 };
/// Periods that a device may miss before it counts as gone, when they are longer than the watchdog.
enum { WATCHED_PERIODS = 4 };
/// A server that calls as fast as it can has no period, and waits for whoever is slow.
static const int64_t unpaced_patience = 2000000000;
/// How much of a block's lateness the running clock takes over: a card's clock is never quite the system's.
static const double drift_share = 0.01;

struct drv_baton {
  drv_render render;
  drv_begin_thread begin;
  drv_take_input take_input;
  drv_input *input;
  drv_take_midi take;
  drv_next_midi next;
  void *context;
  drv_tap *tap;
  double rate;
  bool is_kept;
  float *spare[DRV_CHANNELS];

  // Sequentially consistent, as the gates of the cycles are.
  _Atomic bool inside;
  _Atomic int32_t holder, next_seat, ended_seat;
  /// The device that the keeper makes lost time up for, until it takes the baton again.
  _Atomic int32_t resyncing;

  // Of whoever is inside.
  pthread_t owner;
  bool begun;
  int64_t rendered;
  /// The running clock: this frame was due at this time.
  double anchor_time;
  int64_t anchor_frame;
  int suspects;
  int64_t lost_at;
  /// How long the device may stay away at least, for the length of its blocks.
  int64_t patience;

  // Shown to anyone: one writer at a time, who is inside.
  _Atomic int64_t shown_frames, last_block;
  _Atomic uint64_t losses, returns, resyncs;
  _Atomic double seconds_away;
  _Atomic int64_t frames_off, worst_off;
  /// The running clock for those outside: odd while it is being moved.
  _Atomic uint32_t anchor_turn;
  _Atomic double shown_time;
  _Atomic int64_t shown_frame;
};

#define GET(field) atomic_load_explicit(&baton->field, memory_order_relaxed)
#define SET(field, value) atomic_store_explicit(&baton->field, value, memory_order_relaxed)

int64_t drv_monotonic_nanoseconds(void) {
  // Answered by the vDSO: no system call.
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void show_anchor(drv_baton *baton);

drv_baton *drv_baton_create(
    drv_render render, drv_begin_thread begin, void *context, double rate, bool is_kept, drv_tap *tap) {
  drv_baton *baton = calloc(1, sizeof *baton);
  if (baton == NULL) return NULL;
  for (int i = 0; i < DRV_CHANNELS; i++) {
    baton->spare[i] = malloc(DRV_SLICE_FRAMES * sizeof(float));
    if (baton->spare[i] == NULL) {
      drv_baton_destroy(baton);
      return NULL;
    }
    memset(baton->spare[i], 0, DRV_SLICE_FRAMES * sizeof(float));
  }
  baton->render = render;
  baton->begin = begin;
  baton->context = context;
  baton->rate = rate;
  baton->is_kept = is_kept;
  baton->tap = tap;
  baton->anchor_time = (double)drv_monotonic_nanoseconds();
  show_anchor(baton);
  atomic_store(&baton->last_block, (int64_t)baton->anchor_time);
  atomic_store(&baton->next_seat, DRV_SEAT_KEEPER + 1);
  atomic_store(&baton->holder, is_kept ? DRV_SEAT_KEEPER : DRV_SEAT_NOBODY);
  return baton;
}

void drv_baton_set_input(drv_baton *baton, drv_take_input take, drv_input *input) {
  baton->take_input = take;
  baton->input = input;
}

drv_input *drv_baton_input(const drv_baton *baton) { return baton->input; }

void drv_baton_set_midi(drv_baton *baton, drv_take_midi take, drv_next_midi next) {
  baton->take = take;
  baton->next = next;
}

void drv_baton_take_midi(drv_baton *baton, int64_t frame, uint64_t packed) {
  if (baton->take != NULL) baton->take(baton->context, frame, packed);
}

bool drv_baton_next_midi(drv_baton *baton, int64_t limit, int64_t *frame, uint64_t *packed) {
  return baton->next != NULL && baton->next(baton->context, limit, frame, packed);
}

void drv_baton_destroy(drv_baton *baton) {
  for (int i = 0; i < DRV_CHANNELS; i++) free(baton->spare[i]);
  free(baton);
}

int32_t drv_baton_seat(drv_baton *baton) {
  int32_t seat = atomic_fetch_add(&baton->next_seat, 1);
  // Nobody else's device may play: no keeper has to be asked.
  if (!baton->is_kept) atomic_store(&baton->holder, seat);
  return seat;
}

bool drv_baton_is_kept(const drv_baton *baton) { return baton->is_kept; }
double drv_baton_rate(const drv_baton *baton) { return baton->rate; }

// MARK: Inside

bool drv_baton_enter(drv_baton *baton) { return !atomic_exchange(&baton->inside, true); }

void drv_baton_leave(drv_baton *baton) { atomic_store(&baton->inside, false); }

/// Faults the stack in before the first block instead of during it.
__attribute__((noinline)) static void touch_stack(void) {
  volatile unsigned char bytes[STACK_BYTES_TOUCHED];
  for (size_t i = 0; i < sizeof bytes; i += 1024) bytes[i] = 0;
  // Once a thread. Refused where the limit is reached: then it is as it would be without.
  static _Thread_local bool is_locked;
  if (is_locked) return;
  is_locked = true;
  (void)!mlock((const void *)bytes, sizeof bytes);
}

void drv_baton_prepare(drv_baton *baton) {
  if (baton->begun && pthread_equal(baton->owner, pthread_self())) return;
  touch_stack();
  baton->begin(baton->context);
  baton->owner = pthread_self();
  baton->begun = true;
}

static void bring_input(drv_baton *baton, uint32_t frames) {
  if (baton->input == NULL || baton->take_input == NULL) return;
  float *const *sides = drv_input_buffers(baton->input);
  if (drv_input_pull(baton->input, sides[0], sides[1], frames, drv_monotonic_nanoseconds()))
    baton->take_input(baton->context, sides[0], sides[1], (int32_t)frames);
}

void drv_baton_render(drv_baton *baton, float *const *outputs, uint32_t frames) {
  for (uint32_t done = 0; done < frames;) {
    uint32_t rest = frames - done;
    uint32_t slice = rest < DRV_SLICE_FRAMES ? rest : DRV_SLICE_FRAMES;
    float *places[DRV_CHANNELS];
    for (int i = 0; i < DRV_CHANNELS; i++)
      places[i] = outputs != NULL && outputs[i] != NULL ? outputs[i] + done : baton->spare[i];
    bring_input(baton, slice);
    baton->render(baton->context, places, (int32_t)slice);
    if (baton->tap != NULL) drv_tap_write(baton->tap, places[0], places[1], slice);
    done += slice;
  }
  baton->rendered += frames;
  SET(shown_frames, baton->rendered);
}

int64_t drv_baton_rendered(const drv_baton *baton) { return baton->rendered; }
int32_t drv_baton_holder(const drv_baton *baton) { return atomic_load(&baton->holder); }

static double nanoseconds_of(const drv_baton *baton, double frames) { return frames * 1e9 / baton->rate; }

/// Shows the running clock to those outside. One writer at a time, who is inside.
static void show_anchor(drv_baton *baton) {
  atomic_fetch_add_explicit(&baton->anchor_turn, 1, memory_order_relaxed);
  atomic_thread_fence(memory_order_release);
  SET(shown_time, baton->anchor_time);
  SET(shown_frame, baton->anchor_frame);
  atomic_fetch_add_explicit(&baton->anchor_turn, 1, memory_order_release);
}

static void read_anchor(const drv_baton *baton, double *time, int64_t *frame) {
  for (;;) {
    uint32_t turn = atomic_load_explicit(&baton->anchor_turn, memory_order_acquire);
    *time = GET(shown_time);
    *frame = GET(shown_frame);
    atomic_thread_fence(memory_order_acquire);
    if (turn % 2 == 0 && GET(anchor_turn) == turn) return;
  }
}

static int64_t nearest(double value) { return (int64_t)(value < 0 ? value - 0.5 : value + 0.5); }

int64_t drv_baton_due(const drv_baton *baton, int64_t nanoseconds) {
  return baton->anchor_frame + nearest(((double)nanoseconds - baton->anchor_time) * baton->rate * 1e-9);
}

int64_t drv_baton_time_of(const drv_baton *baton, int64_t frame) {
  return (int64_t)(baton->anchor_time + nanoseconds_of(baton, (double)(frame - baton->anchor_frame)));
}

int64_t drv_baton_frame_at(const drv_baton *baton, int64_t nanoseconds) {
  double time;
  int64_t frame;
  read_anchor(baton, &time, &frame);
  return frame + nearest(((double)nanoseconds - time) * baton->rate * 1e-9);
}

int64_t drv_baton_time_at(const drv_baton *baton, int64_t frame) {
  double time;
  int64_t first;
  read_anchor(baton, &time, &first);
  return (int64_t)(time + nanoseconds_of(baton, (double)(frame - first)));
}

int64_t drv_baton_watch_limit(const drv_baton *baton, int64_t watchdog) {
  return GET(last_block) + (watchdog > baton->patience ? watchdog : baton->patience);
}

void drv_baton_set_anchor(drv_baton *baton, int64_t nanoseconds, int64_t first) {
  baton->anchor_time = (double)nanoseconds;
  baton->anchor_frame = first;
  show_anchor(baton);
  baton->suspects = 0;
  baton->patience = unpaced_patience;
  SET(last_block, nanoseconds);
}

// A block can begin late for many reasons, but never early: the earliest beginnings tell the device's clock. One that
// stays late for several blocks has lost the time between.
bool drv_baton_anchor(drv_baton *baton, int64_t nanoseconds, int64_t first, uint32_t frames) {
  double expected = baton->anchor_time + nanoseconds_of(baton, (double)(first - baton->anchor_frame));
  double late = (double)nanoseconds - expected;
  SET(last_block, nanoseconds);
  baton->patience = (int64_t)nanoseconds_of(baton, frames) * WATCHED_PERIODS;
  if (baton->is_kept && late > nanoseconds_of(baton, frames) / 2) {
    baton->suspects++;
    return baton->suspects < SUSPECT_BLOCKS;
  }
  baton->suspects = 0;
  baton->anchor_time = late < 0 ? (double)nanoseconds : expected + late * drift_share;
  baton->anchor_frame = first;
  show_anchor(baton);
  return true;
}

void drv_baton_hand_back(drv_baton *baton, int32_t seat, int64_t nanoseconds, int64_t first) {
  int64_t off = first - drv_baton_due(baton, nanoseconds);
  SET(frames_off, off);
  if (llabs(off) > llabs(GET(worst_off))) SET(worst_off, off);
  if (baton->lost_at != 0) {
    SET(seconds_away, (double)(nanoseconds - baton->lost_at) * 1e-9);
    baton->lost_at = 0;
    SET(returns, GET(returns) + 1);
  }
  baton->suspects = 0;
  SET(last_block, nanoseconds);
  atomic_store(&baton->resyncing, DRV_SEAT_NOBODY);
  atomic_store(&baton->holder, seat);
}

void drv_baton_called(drv_baton *baton, int64_t nanoseconds) { SET(last_block, nanoseconds); }

static void lose(drv_baton *baton) {
  baton->lost_at = GET(last_block);
  SET(losses, GET(losses) + 1);
  atomic_store(&baton->resyncing, DRV_SEAT_NOBODY);
}

void drv_baton_watch_resync(drv_baton *baton, int64_t nanoseconds, int64_t watchdog) {
  int32_t device = atomic_load(&baton->resyncing);
  if (device == DRV_SEAT_NOBODY) return;
  bool is_late = nanoseconds >= drv_baton_watch_limit(baton, watchdog);
  if (is_late || drv_baton_has_ended(baton, device)) lose(baton);
}

void drv_baton_give_up(drv_baton *baton, bool is_lost) {
  if (is_lost) {
    lose(baton);
  } else {
    SET(resyncs, GET(resyncs) + 1);
    atomic_store(&baton->resyncing, drv_baton_holder(baton));
  }
  baton->suspects = 0;
  atomic_store(&baton->holder, DRV_SEAT_KEEPER);
}

// MARK: Everyone else

int64_t drv_baton_frames(const drv_baton *baton) { return GET(shown_frames); }

void drv_baton_device_ended(drv_baton *baton, int32_t seat) { atomic_store(&baton->ended_seat, seat); }

bool drv_baton_has_ended(const drv_baton *baton, int32_t seat) { return atomic_load(&baton->ended_seat) == seat; }

void drv_baton_figures_of(const drv_baton *baton, drv_baton_figures *figures) {
  *figures = (drv_baton_figures){
      .frames = GET(shown_frames),
      .losses = GET(losses),
      .returns = GET(returns),
      .resyncs = GET(resyncs),
      .seconds_away = GET(seconds_away),
      .frames_off = GET(frames_off),
      .worst_off = GET(worst_off),
      .is_keeping = drv_baton_holder(baton) == DRV_SEAT_KEEPER,
      .is_resyncing = atomic_load(&baton->resyncing) != DRV_SEAT_NOBODY,
      .silence = (double)(drv_monotonic_nanoseconds() - GET(last_block)) * 1e-9,
  };
}
