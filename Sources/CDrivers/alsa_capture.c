#define _GNU_SOURCE
#include <alsa/asoundlib.h>
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "baton.h"
#include "input.h"

enum { MOST_CHANNELS = 32, WAIT_MILLISECONDS = 100, MOST_RECOVERIES = 20 };

struct drv_capture {
  snd_pcm_t *pcm;
  drv_alsa_terms terms;
  snd_pcm_format_t format;
  unsigned char *packed;
  float *sides[2];
  _Atomic bool is_stopping, has_ended;
  _Atomic int error;
};

static const snd_pcm_format_t formats[] = {
    SND_PCM_FORMAT_FLOAT_LE, SND_PCM_FORMAT_S32_LE, SND_PCM_FORMAT_S24_3LE, SND_PCM_FORMAT_S16_LE};

static void forget(const char *file, int line, const char *function, int error, const char *format, ...) {
  (void)file, (void)line, (void)function, (void)error, (void)format;
}

static int settle_format(drv_capture *capture, snd_pcm_hw_params_t *terms) {
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
    if (snd_pcm_hw_params_set_format(capture->pcm, terms, formats[i]) != 0) continue;
    capture->format = formats[i];
    capture->terms.format = snd_pcm_format_name(formats[i]);
    return 0;
  }
  return -EINVAL;
}

/// Two, or one, or as few as there are: the first two are heard.
static int settle_channels(drv_capture *capture, snd_pcm_hw_params_t *terms) {
  static const unsigned first[] = {2, 1};
  for (unsigned i = 0; i < 2; i++)
    if (snd_pcm_hw_params_set_channels(capture->pcm, terms, capture->terms.channels = first[i]) == 0) return 0;
  for (unsigned count = 3; count <= MOST_CHANNELS; count++)
    if (snd_pcm_hw_params_set_channels(capture->pcm, terms, capture->terms.channels = count) == 0) return 0;
  return -EINVAL;
}

static int settle(drv_capture *capture, uint32_t rate, uint32_t period, const char **step) {
  snd_pcm_hw_params_t *terms;
  snd_pcm_hw_params_alloca(&terms);
  int error;
  *step = "its parameters";
  if ((error = snd_pcm_hw_params_any(capture->pcm, terms)) < 0) return error;
  *step = "interleaved access";
  if ((error = snd_pcm_hw_params_set_access(capture->pcm, terms, SND_PCM_ACCESS_RW_INTERLEAVED)) != 0) return error;
  *step = "a sample format (FLOAT, S32, S24_3 or S16)";
  if ((error = settle_format(capture, terms)) != 0) return error;
  *step = "a number of channels";
  if ((error = settle_channels(capture, terms)) != 0) return error;
  *step = "rate and period";
  snd_pcm_hw_params_set_rate_resample(capture->pcm, terms, 0);
  unsigned given = rate, periods = 4;
  snd_pcm_uframes_t frames = period;
  if ((error = snd_pcm_hw_params_set_rate_near(capture->pcm, terms, &given, NULL)) != 0) return error;
  if ((error = snd_pcm_hw_params_set_period_size_near(capture->pcm, terms, &frames, NULL)) != 0) return error;
  snd_pcm_hw_params_set_periods_near(capture->pcm, terms, &periods, NULL);
  if ((error = snd_pcm_hw_params(capture->pcm, terms)) != 0) return error;
  snd_pcm_hw_params_get_rate(terms, &given, NULL);
  snd_pcm_hw_params_get_period_size(terms, &frames, NULL);
  if (given < 8000 || given > DRV_MAXIMUM_RATE || frames == 0 || frames > DRV_SLICE_FRAMES) return -ERANGE;
  capture->terms.rate = given;
  capture->terms.period = (uint32_t)frames;
  capture->terms.periods = periods;
  *step = "memory";
  capture->packed = calloc(frames, (size_t)capture->terms.channels * 4);
  for (int side = 0; side < 2; side++) capture->sides[side] = calloc(frames, sizeof(float));
  return capture->packed != NULL && capture->sides[0] != NULL && capture->sides[1] != NULL ? 0 : -ENOMEM;
}

drv_capture *drv_capture_open(const char *name, uint32_t rate, uint32_t period, drv_alsa_report *report) {
  *report = (drv_alsa_report){.step = "the device"};
  snd_lib_error_set_handler(forget);
  drv_capture *capture = calloc(1, sizeof *capture);
  int error = capture == NULL ? -ENOMEM : snd_pcm_open(&capture->pcm, name, SND_PCM_STREAM_CAPTURE, SND_PCM_NONBLOCK);
  if (error == 0) error = settle(capture, rate, period, &report->step);
  if (error == 0) return capture;
  report->error = error;
  snprintf(report->detail, sizeof report->detail, "%s", snd_strerror(error));
  if (capture != NULL) drv_capture_close(capture);
  return NULL;
}

void drv_capture_close(drv_capture *capture) {
  if (capture->pcm != NULL) snd_pcm_close(capture->pcm);
  free(capture->packed);
  free(capture->sides[0]);
  free(capture->sides[1]);
  free(capture);
}

drv_alsa_terms drv_capture_terms_of(const drv_capture *capture) { return capture->terms; }

// MARK: Its thread

static float sample(const unsigned char *place, snd_pcm_format_t format) {
  int32_t whole;
  int16_t half;
  float value;
  switch (format) {
    case SND_PCM_FORMAT_S32_LE: memcpy(&whole, place, 4); return (float)(whole / 2147483648.0);
    case SND_PCM_FORMAT_S24_3LE:
      whole = (int32_t)((uint32_t)place[0] << 8 | (uint32_t)place[1] << 16 | (uint32_t)place[2] << 24);
      return (float)(whole / 2147483648.0);
    case SND_PCM_FORMAT_S16_LE: memcpy(&half, place, 2); return half / 32768.0f;
    default: memcpy(&value, place, 4); return value;
  }
}

static void unpack(drv_capture *capture, uint32_t frames) {
  size_t width = (size_t)snd_pcm_format_physical_width(capture->format) / 8;
  size_t stride = width * capture->terms.channels;
  for (uint32_t frame = 0; frame < frames; frame++) {
    const unsigned char *place = capture->packed + frame * stride;
    capture->sides[0][frame] = sample(place, capture->format);
    capture->sides[1][frame] =
        capture->terms.channels > 1 ? sample(place + width, capture->format) : capture->sides[0][frame];
  }
}

/// Why a card that has nothing has nothing; not every one wakes who waits for it when it stops.
static int standstill(drv_capture *capture) {
  switch (snd_pcm_state(capture->pcm)) {
    case SND_PCM_STATE_RUNNING: return 0;
    case SND_PCM_STATE_SUSPENDED: return -ESTRPIPE;
    case SND_PCM_STATE_DISCONNECTED: return -ENODEV;
    default: return -EPIPE;
  }
}

/// A period, or what there is of it. Frames, 0 while none are there, or the card's error.
static snd_pcm_sframes_t read_some(drv_capture *capture) {
  int ready = snd_pcm_wait(capture->pcm, WAIT_MILLISECONDS);
  if (ready < 0) return ready == -EINTR ? 0 : ready;
  if (ready == 0) return standstill(capture);
  snd_pcm_sframes_t got = snd_pcm_readi(capture->pcm, capture->packed, capture->terms.period);
  return got == -EAGAIN ? 0 : got;
}

void drv_capture_run(drv_capture *capture, drv_input *input) {
  drv_input_set_clock(input, capture->terms.rate, false);
  int recoveries = 0, error = snd_pcm_prepare(capture->pcm);
  if (error == 0) error = snd_pcm_start(capture->pcm);
  while (!atomic_load(&capture->is_stopping)) {
    snd_pcm_sframes_t got = error < 0 ? error : read_some(capture);
    error = 0;
    if (got > 0) {
      recoveries = 0;
      unpack(capture, (uint32_t)got);
      drv_input_push(
          input, DRV_INPUT_CARD, capture->sides[0], capture->sides[1], (uint32_t)got, drv_monotonic_nanoseconds());
    } else if (got < 0) {
      // What ran over while nobody read is not known in frames: a buffer, at least.
      if (got == -EPIPE) drv_input_count_lost(input, (uint64_t)capture->terms.period * capture->terms.periods);
      if (++recoveries > MOST_RECOVERIES || snd_pcm_recover(capture->pcm, (int)got, 1) < 0) {
        atomic_store(&capture->error, (int)got);
        break;
      }
      error = snd_pcm_start(capture->pcm);
    }
  }
  atomic_store(&capture->has_ended, true);
  snd_pcm_drop(capture->pcm);
}

void drv_capture_stop(drv_capture *capture) { atomic_store(&capture->is_stopping, true); }

const char *drv_capture_complaint(const drv_capture *capture) {
  if (!atomic_load(&capture->has_ended) || atomic_load(&capture->is_stopping)) return NULL;
  return snd_strerror(atomic_load(&capture->error));
}
