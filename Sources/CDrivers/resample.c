#include "resample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// A sinc under a Kaiser window, tabulated at PHASES places between two frames and interpolated between those. The place
// is counted in whole numbers, so that it never drifts. Nothing is delayed: the first frame that is given out stands at
// the first that was taken, with silence before it.
enum { PHASES = DRV_SINC_PHASES, HALF_TAPS = 24, WINDOW = 4096 };

/// Kaiser's parameter for a stop band of about −100 dB, and how much of the band is kept at that many taps.
static const double beta = 10.0, kept_band = 0.92;

struct drv_resampler {
  uint32_t from, to;
  /// Frames of the source on either side of the place that a frame is made of.
  uint32_t half;
  /// (PHASES + 1) rows of 2 × half.
  float *table;
  float *window[DRV_CHANNELS];
  /// In the windows: frames filled, and the frame that the place is at or just behind, with what is beyond it in
  /// fractions of `to`.
  uint32_t filled, at, fraction;
};

static double bessel(double x) {
  double sum = 1, term = 1;
  for (int k = 1; k < 60; k++) {
    term *= (x / (2 * k)) * (x / (2 * k));
    sum += term;
  }
  return sum;
}

static double weight(double distance, double half, double cutoff) {
  double edge = distance / half;
  if (edge <= -1 || edge >= 1) return 0;
  double window = bessel(beta * sqrt(1 - edge * edge)) / bessel(beta);
  double angle = M_PI * cutoff * distance;
  return cutoff * window * (distance == 0 ? 1 : sin(angle) / angle);
}

float *drv_sinc_table(uint32_t half, double narrowing) {
  uint32_t taps = 2 * half;
  float *table = malloc((PHASES + 1) * (size_t)taps * sizeof(float));
  for (int phase = 0; table != NULL && phase <= PHASES; phase++) {
    float *row = table + (size_t)phase * taps;
    double sum = 0;
    for (uint32_t tap = 0; tap < taps; tap++) {
      double distance = (double)tap - (half - 1) - (double)phase / PHASES;
      row[tap] = (float)weight(distance, half, kept_band * narrowing);
      sum += row[tap];
    }
    for (uint32_t tap = 0; tap < taps; tap++) row[tap] = (float)(row[tap] / sum);
  }
  return table;
}

drv_resampler *drv_resampler_create(uint32_t from, uint32_t to) {
  drv_resampler *resampler = calloc(1, sizeof *resampler);
  if (resampler == NULL) return NULL;
  resampler->from = from;
  resampler->to = to;
  resampler->half = from > to ? (uint32_t)((uint64_t)HALF_TAPS * from / to) : HALF_TAPS;
  if (resampler->half > WINDOW / 4) resampler->half = WINDOW / 4;
  resampler->table = drv_sinc_table(resampler->half, to < from ? (double)to / from : 1);
  bool is_whole = resampler->table != NULL;
  for (int i = 0; i < DRV_CHANNELS; i++) {
    resampler->window[i] = malloc(WINDOW * sizeof(float));
    is_whole = is_whole && resampler->window[i] != NULL;
  }
  if (!is_whole) {
    drv_resampler_destroy(resampler);
    return NULL;
  }
  drv_resampler_reset(resampler);
  return resampler;
}

void drv_resampler_destroy(drv_resampler *resampler) {
  free(resampler->table);
  for (int i = 0; i < DRV_CHANNELS; i++) free(resampler->window[i]);
  free(resampler);
}

void drv_resampler_reset(drv_resampler *resampler) {
  for (int i = 0; i < DRV_CHANNELS; i++) memset(resampler->window[i], 0, WINDOW * sizeof(float));
  resampler->at = resampler->filled = resampler->half - 1;
  resampler->fraction = 0;
}

uint32_t drv_resampler_ahead(const drv_resampler *resampler) { return resampler->filled - resampler->at; }

/// Moves what is still needed to the front, and takes so much that the frames up to `last` have their neighbours.
static void take(drv_resampler *resampler, drv_source source, void *context, uint32_t last) {
  uint32_t done = resampler->at - (resampler->half - 1);
  uint32_t kept = resampler->filled - done;
  for (int i = 0; i < DRV_CHANNELS; i++)
    memmove(resampler->window[i], resampler->window[i] + done, kept * sizeof(float));
  resampler->at -= done;
  resampler->filled = kept;
  uint32_t needed = last - done + resampler->half + 1;
  if (needed <= kept) return;
  float *places[DRV_CHANNELS];
  for (int i = 0; i < DRV_CHANNELS; i++) places[i] = resampler->window[i] + kept;
  source(context, places, needed - kept);
  resampler->filled = needed;
}

static float value(const drv_resampler *resampler, const float *window) {
  uint32_t taps = 2 * resampler->half;
  double place = (double)resampler->fraction / resampler->to * PHASES;
  uint32_t phase = (uint32_t)place;
  float share = (float)(place - phase);
  const float *low = resampler->table + (size_t)phase * taps, *high = low + taps;
  const float *first = window + resampler->at - (resampler->half - 1);
  float below = 0, above = 0;
  for (uint32_t tap = 0; tap < taps; tap++) {
    below += first[tap] * low[tap];
    above += first[tap] * high[tap];
  }
  return below + (above - below) * share;
}

static void step(drv_resampler *resampler) {
  uint64_t next = (uint64_t)resampler->fraction + resampler->from;
  resampler->at += (uint32_t)(next / resampler->to);
  resampler->fraction = (uint32_t)(next % resampler->to);
}

void drv_resampler_run(
    drv_resampler *resampler, drv_source source, void *context, float *const *outputs, uint32_t frames) {
  // As many at a time as the window surely has room for.
  uint64_t room = WINDOW - 2 * resampler->half - 2;
  uint32_t most = (uint32_t)(room * resampler->to / resampler->from);
  for (uint32_t done = 0; done < frames;) {
    uint32_t count = frames - done < most ? frames - done : most;
    uint64_t reach = resampler->fraction + (uint64_t)(count - 1) * resampler->from;
    take(resampler, source, context, resampler->at + (uint32_t)(reach / resampler->to));
    for (uint32_t frame = done; frame < done + count; frame++) {
      for (int i = 0; i < DRV_CHANNELS; i++)
        if (outputs != NULL && outputs[i] != NULL) outputs[i][frame] = value(resampler, resampler->window[i]);
      step(resampler);
    }
    done += count;
  }
}
