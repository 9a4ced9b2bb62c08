#include "input.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "resample.h"

// Sound that comes in, from its source's thread to whoever renders. A source with the renderer's own clock is handed on
// frame by frame, in the block that it came with. Another has a clock of its own: its sound is read a little later than it
// comes, through an interpolation whose step follows the pace at which it comes, so that the place never drifts away.

enum { FRAMES = 1 << 16, MASK = FRAMES - 1, HALF = 24 };
/// Of the loop that follows the source's pace: what of an error is believed at once (seconds), how fast it is made up
/// (radians a second), and how far from the nominal step it may go.
static const double smoothing = 0.5, eagerness = 0.2, most_drift = 0.004;
/// A place that is so far off is given up, and another one is taken.
static const double most_error_seconds = 0.05;
/// What is kept ready beside the blocks of both sides, at first, more after each time it was too little, and at most.
static const double first_margin = 0.002, more_margin = 0.002, most_margin = 0.1;

struct drv_input {
  double renderer_rate;
  float *table;
  float *ring[2];
  float *pulled[2];

  // The source's side.
  _Atomic int32_t source;
  _Atomic uint32_t turn;
  _Atomic double rate;
  _Atomic bool is_direct;
  _Atomic uint64_t pushed, fresh;
  _Atomic int64_t pushed_at;
  _Atomic uint32_t largest_push;
  _Atomic uint64_t pushes, overruns;
  _Atomic float peak;

  // Whoever renders.
  uint32_t seen_turn;
  uint64_t seen_fresh;
  bool is_running;
  /// The next frame to be read, and what is beyond it.
  uint64_t at;
  double fraction;
  double drift, integral, error, margin;
  int64_t pulled_at;
  uint32_t largest_pull;
  _Atomic uint64_t read, underruns, resyncs;
  _Atomic double latency, shown_drift;
};

#define GET(field) atomic_load_explicit(&input->field, memory_order_relaxed)
#define SET(field, value) atomic_store_explicit(&input->field, value, memory_order_relaxed)
#define COUNT(field, more) atomic_fetch_add_explicit(&input->field, more, memory_order_relaxed)

drv_input *drv_input_create(double renderer_rate) {
  drv_input *input = calloc(1, sizeof *input);
  if (input == NULL) return NULL;
  input->renderer_rate = renderer_rate;
  input->table = drv_sinc_table(HALF, 1);
  bool is_whole = input->table != NULL;
  for (int side = 0; side < 2; side++) {
    input->ring[side] = malloc(FRAMES * sizeof(float));
    input->pulled[side] = malloc(DRV_SLICE_FRAMES * sizeof(float));
    is_whole = is_whole && input->ring[side] != NULL && input->pulled[side] != NULL;
    // Written, not left to the first block: a page that is first touched by a realtime thread is a fault there.
    if (input->ring[side] != NULL) memset(input->ring[side], 0, FRAMES * sizeof(float));
    if (input->pulled[side] != NULL) memset(input->pulled[side], 0, DRV_SLICE_FRAMES * sizeof(float));
  }
  if (is_whole) return input;
  drv_input_destroy(input);
  return NULL;
}

void drv_input_destroy(drv_input *input) {
  free(input->table);
  for (int side = 0; side < 2; side++) {
    free(input->ring[side]);
    free(input->pulled[side]);
  }
  free(input);
}

void drv_input_use(drv_input *input, drv_input_source source) {
  atomic_store(&input->source, (int32_t)source);
  SET(peak, 0);
  atomic_fetch_add(&input->turn, 1);
}

float *const *drv_input_buffers(drv_input *input) { return input->pulled; }

// MARK: The source's thread

void drv_input_set_clock(drv_input *input, double rate, bool is_direct) {
  if (GET(rate) == rate && GET(is_direct) == is_direct) return;
  SET(rate, rate);
  SET(is_direct, is_direct);
  atomic_fetch_add(&input->turn, 1);
}

void drv_input_count_lost(drv_input *input, uint64_t frames) { COUNT(overruns, frames); }

static void note_peak(drv_input *input, const float *samples, uint32_t frames) {
  float peak = GET(peak);
  for (uint32_t i = 0; i < frames; i++) {
    float size = fabsf(samples[i]);
    if (size > peak && size <= 1e30f) peak = size;
  }
  SET(peak, peak);
}

void drv_input_push(
    drv_input *input, drv_input_source source, const float *left, const float *right, uint32_t frames,
    int64_t nanoseconds) {
  if (atomic_load(&input->source) != (int32_t)source || frames == 0 || frames > FRAMES / 2) return;
  uint64_t pushed = GET(pushed);
  const float *sides[2] = {left, right != NULL ? right : left};
  uint32_t first = (uint32_t)(pushed & MASK);
  uint32_t before_end = FRAMES - first < frames ? FRAMES - first : frames;
  for (int side = 0; side < 2; side++) {
    memcpy(input->ring[side] + first, sides[side], before_end * sizeof(float));
    memcpy(input->ring[side], sides[side] + before_end, (frames - before_end) * sizeof(float));
    note_peak(input, sides[side], frames);
  }
  if (frames > GET(largest_push)) SET(largest_push, frames);
  SET(fresh, pushed);
  SET(pushed_at, nanoseconds);
  COUNT(pushes, 1);
  atomic_store_explicit(&input->pushed, pushed + frames, memory_order_release);
}

// MARK: Whoever renders

/// A frame's worth of both sides at the place where the reader is; the ring has its neighbours.
static void interpolate(const drv_input *input, float *left, float *right) {
  double place = input->fraction * DRV_SINC_PHASES;
  uint32_t phase = (uint32_t)place;
  float share = (float)(place - phase);
  const float *low = input->table + (size_t)phase * 2 * HALF, *high = low + 2 * HALF;
  uint64_t first = input->at - (HALF - 1);
  float sums[2] = {0, 0};
  for (uint32_t tap = 0; tap < 2 * HALF; tap++) {
    float weight = low[tap] + (high[tap] - low[tap]) * share;
    uint32_t place_of_tap = (uint32_t)((first + tap) & MASK);
    sums[0] += input->ring[0][place_of_tap] * weight;
    sums[1] += input->ring[1][place_of_tap] * weight;
  }
  *left = sums[0];
  *right = sums[1];
}

/// Frames of the source that are read later than they came: what both sides bring and take at once, what the interpolation
/// looks ahead, and a margin.
static double wanted_delay(const drv_input *input, double step) {
  return GET(largest_push) + input->largest_pull * step + HALF + input->margin * GET(rate);
}

/// Where the source is now, by its last push and the time since: a fraction of what it brings at once is on its way.
static double source_place(const drv_input *input, uint64_t pushed, int64_t nanoseconds) {
  double since = (double)(nanoseconds - GET(pushed_at)) * 1e-9 * GET(rate);
  double most = GET(largest_push);
  return (double)pushed + (since < 0 ? 0 : since > most ? most : since);
}

static void stop_reading(drv_input *input) {
  input->is_running = false;
  input->drift = input->integral = input->error = 0;
}

/// Begins to read where the delay is as wanted; false while too little has come.
static bool start_reading(drv_input *input, double place, double delay) {
  if (place - delay < (double)(input->seen_fresh + HALF)) return false;
  double start = place - delay;
  input->at = (uint64_t)start;
  input->fraction = start - (double)input->at;
  input->is_running = true;
  return true;
}

/// Follows the source's pace: an error of the delay is smoothed, and made up over seconds.
static void follow(drv_input *input, double error, double seconds) {
  double weight = seconds / smoothing;
  input->error += (error - input->error) * (weight < 1 ? weight : 1);
  double rate = GET(rate), relative = input->error / rate;
  input->integral += eagerness * eagerness * relative * seconds;
  if (input->integral > most_drift) input->integral = most_drift;
  if (input->integral < -most_drift) input->integral = -most_drift;
  double drift = 2 * eagerness * relative + input->integral;
  input->drift = drift > most_drift ? most_drift : drift < -most_drift ? -most_drift : drift;
  SET(shown_drift, input->integral);
}

static void silence(float *left, float *right, uint32_t frames) {
  memset(left, 0, frames * sizeof(float));
  memset(right, 0, frames * sizeof(float));
}

static void pull_adapted(
    drv_input *input, uint64_t pushed, float *left, float *right, uint32_t frames, int64_t nanoseconds) {
  double rate = GET(rate), step = rate / input->renderer_rate;
  if (frames > input->largest_pull) input->largest_pull = frames;
  bool is_in_time = (double)(nanoseconds - input->pulled_at) * 1e-9 * input->renderer_rate > frames / 2;
  input->pulled_at = nanoseconds;
  double place = source_place(input, pushed, nanoseconds), delay = wanted_delay(input, step);
  if (!input->is_running && !start_reading(input, place, delay)) return silence(left, right, frames);
  double error = place - ((double)input->at + input->fraction) - delay;
  if (fabs(error) > most_error_seconds * rate + delay) {
    COUNT(resyncs, 1);
    if (error > 0) COUNT(overruns, (uint64_t)error);
    stop_reading(input);
    return silence(left, right, frames);
  }
  follow(input, error, (double)frames / input->renderer_rate);
  step *= 1 + input->drift;
  uint32_t done = 0;
  for (; done < frames && input->at + HALF < pushed; done++) {
    interpolate(input, left + done, right + done);
    input->fraction += step;
    uint64_t whole = (uint64_t)input->fraction;
    input->at += whole;
    input->fraction -= (double)whole;
  }
  SET(latency, (delay + input->error) / rate * input->renderer_rate);
  if (done == frames) return;
  silence(left + done, right + done, frames - done);
  COUNT(underruns, frames - done);
  // What was heard is not heard again while nothing new comes.
  input->seen_fresh = input->at;
  // It came later than it ever had: from now on more is kept ready. Not so when somebody makes up lost time.
  if (is_in_time && input->margin < most_margin) input->margin += more_margin;
  stop_reading(input);
}

/// The renderer's own clock: what came with this block, and nothing older.
static void pull_direct(drv_input *input, uint64_t pushed, float *left, float *right, uint32_t frames) {
  uint64_t fresh = GET(fresh);
  if (fresh != input->seen_fresh || !input->is_running) {
    // The push may be going on while somebody else renders for its device: then it is one block early, which nobody hears.
    input->at = fresh <= pushed ? fresh : pushed;
    input->seen_fresh = fresh;
    input->is_running = true;
  }
  uint32_t there = pushed > input->at ? (uint32_t)(pushed - input->at) : 0;
  uint32_t count = there < frames ? there : frames;
  for (uint32_t i = 0; i < count; i++) {
    left[i] = input->ring[0][(input->at + i) & MASK];
    right[i] = input->ring[1][(input->at + i) & MASK];
  }
  silence(left + count, right + count, frames - count);
  input->at += count;
  SET(latency, 0);
}

bool drv_input_pull(drv_input *input, float *left, float *right, uint32_t frames, int64_t nanoseconds) {
  if (atomic_load(&input->source) == DRV_INPUT_NONE) return false;
  uint64_t pushed = atomic_load_explicit(&input->pushed, memory_order_acquire);
  uint32_t turn = atomic_load(&input->turn);
  if (turn != input->seen_turn) {
    input->seen_turn = turn;
    // What came before is another source's.
    input->seen_fresh = pushed;
    input->margin = first_margin;
    SET(largest_push, 0);
    input->largest_pull = 0;
    stop_reading(input);
  }
  if (GET(is_direct))
    pull_direct(input, pushed, left, right, frames);
  else
    pull_adapted(input, pushed, left, right, frames, nanoseconds);
  COUNT(read, frames);
  return true;
}

// MARK: Everyone else

void drv_input_figures_of(const drv_input *input, drv_input_figures *figures) {
  *figures = (drv_input_figures){
      .source = (drv_input_source)atomic_load(&input->source),
      .pushes = GET(pushes),
      .captured = GET(pushed),
      .overruns = GET(overruns),
      .underruns = GET(underruns),
      .resyncs = GET(resyncs),
      .rate = GET(rate),
      .is_direct = GET(is_direct),
      .latency = GET(latency),
      .drift = GET(shown_drift),
      .peak = GET(peak),
  };
}
