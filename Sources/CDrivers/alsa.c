#define _GNU_SOURCE
#include <alsa/asoundlib.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "alsa_format.h"
#include "baton.h"
#include "cycle.h"

enum { MOST_CHANNELS = 32, MOST_DESCRIPTORS = 16 };
/// How long the thread waits for a card before it looks whether it is still wanted.
enum { POLL_MILLISECONDS = 50, RESUME_MILLISECONDS = 10 };
/// Recoveries in a row without a block between, after which the card is given up.
enum { MOST_RECOVERIES = 20 };
/// A device that takes so many seconds more than have passed keeps no time, as a file does: it must not take the
/// processor.
enum { UNPACED_SECONDS = 2 };

struct drv_alsa {
  snd_pcm_t *pcm;
  drv_alsa_terms terms;
  snd_pcm_format_t format;
  snd_pcm_uframes_t buffer;
  /// What the renderer fills, and what a card without a mapped buffer is written from.
  float *channels[DRV_CHANNELS];
  unsigned char *packed;
  struct pollfd descriptors[MOST_DESCRIPTORS];
  int descriptor_count, recoveries;
  /// When it was started, and the frames it has taken since.
  int64_t began;
  uint64_t taken;
};

// In the order of preference: none of them loses what a float carries sooner than it must.
static const snd_pcm_format_t formats[] = {
    SND_PCM_FORMAT_S32_LE, SND_PCM_FORMAT_S24_3LE, SND_PCM_FORMAT_S16_LE, SND_PCM_FORMAT_FLOAT_LE};

// MARK: Opening

static int settle_access(drv_alsa *alsa, snd_pcm_hw_params_t *terms) {
  alsa->terms.is_mapped = snd_pcm_hw_params_set_access(alsa->pcm, terms, SND_PCM_ACCESS_MMAP_INTERLEAVED) == 0;
  if (alsa->terms.is_mapped) return 0;
  return snd_pcm_hw_params_set_access(alsa->pcm, terms, SND_PCM_ACCESS_RW_INTERLEAVED);
}

static int settle_format(drv_alsa *alsa, snd_pcm_hw_params_t *terms) {
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
    if (snd_pcm_hw_params_set_format(alsa->pcm, terms, formats[i]) != 0) continue;
    alsa->format = formats[i];
    alsa->terms.format = snd_pcm_format_name(formats[i]);
    return 0;
  }
  return -EINVAL;
}

/// The fewest that carry everything, else as many as there are, but two.
static int settle_channels(drv_alsa *alsa, snd_pcm_hw_params_t *terms) {
  for (unsigned count = DRV_CHANNELS; count <= MOST_CHANNELS; count++)
    if (snd_pcm_hw_params_set_channels(alsa->pcm, terms, count) == 0) return (int)(alsa->terms.channels = count) * 0;
  for (unsigned count = DRV_CHANNELS - 1; count >= 2; count--)
    if (snd_pcm_hw_params_set_channels(alsa->pcm, terms, count) == 0) return (int)(alsa->terms.channels = count) * 0;
  return -EINVAL;
}

static int settle_times(drv_alsa *alsa, snd_pcm_hw_params_t *terms, uint32_t rate, uint32_t period, uint32_t periods) {
  // The renderer's rate is met by our own resampler, not by a plug-in's.
  snd_pcm_hw_params_set_rate_resample(alsa->pcm, terms, 0);
  unsigned given = rate;
  int error = snd_pcm_hw_params_set_rate_near(alsa->pcm, terms, &given, NULL);
  if (error != 0) return error;
  snd_pcm_uframes_t frames = period;
  if ((error = snd_pcm_hw_params_set_period_size_near(alsa->pcm, terms, &frames, NULL)) != 0) return error;
  unsigned count = periods;
  if ((error = snd_pcm_hw_params_set_periods_near(alsa->pcm, terms, &count, NULL)) != 0) return error;
  return snd_pcm_hw_params(alsa->pcm, terms);
}

static int read_back(drv_alsa *alsa, snd_pcm_hw_params_t *terms) {
  unsigned rate = 0;
  snd_pcm_uframes_t period = 0;
  snd_pcm_hw_params_get_rate(terms, &rate, NULL);
  snd_pcm_hw_params_get_period_size(terms, &period, NULL);
  snd_pcm_hw_params_get_buffer_size(terms, &alsa->buffer);
  if (rate == 0 || rate > DRV_MAXIMUM_RATE || period == 0 || period > DRV_SLICE_FRAMES || alsa->buffer < 2 * period)
    return -ERANGE;
  alsa->terms.rate = rate;
  alsa->terms.period = (uint32_t)period;
  alsa->terms.periods = (uint32_t)(alsa->buffer / period);
  return 0;
}

/// We start it ourselves, after the silence in front; it stops when it has run dry, so that it is noticed.
static int settle_running(drv_alsa *alsa) {
  snd_pcm_sw_params_t *terms;
  snd_pcm_sw_params_alloca(&terms);
  int error = snd_pcm_sw_params_current(alsa->pcm, terms);
  if (error != 0) return error;
  snd_pcm_uframes_t never = 0;
  snd_pcm_sw_params_get_boundary(terms, &never);
  snd_pcm_sw_params_set_avail_min(alsa->pcm, terms, alsa->terms.period);
  snd_pcm_sw_params_set_start_threshold(alsa->pcm, terms, never);
  snd_pcm_sw_params_set_stop_threshold(alsa->pcm, terms, alsa->buffer);
  return snd_pcm_sw_params(alsa->pcm, terms);
}

static int take_memory(drv_alsa *alsa) {
  size_t bytes = DRV_SLICE_FRAMES * sizeof(float);
  for (int i = 0; i < DRV_CHANNELS; i++) {
    if ((alsa->channels[i] = malloc(bytes)) == NULL) return -ENOMEM;
    memset(alsa->channels[i], 0, bytes);
  }
  size_t packed = (size_t)alsa->buffer * MOST_CHANNELS * 4;
  if ((alsa->packed = malloc(packed)) == NULL) return -ENOMEM;
  memset(alsa->packed, 0, packed);
  alsa->descriptor_count = snd_pcm_poll_descriptors_count(alsa->pcm);
  if (alsa->descriptor_count < 1 || alsa->descriptor_count > MOST_DESCRIPTORS) return -EINVAL;
  return snd_pcm_poll_descriptors(alsa->pcm, alsa->descriptors, (unsigned)alsa->descriptor_count) < 0 ? -EIO : 0;
}

static void forget(const char *file, int line, const char *function, int error, const char *format, ...) {
  (void)file, (void)line, (void)function, (void)error, (void)format;
}

static int settle(drv_alsa *alsa, uint32_t rate, uint32_t period, uint32_t periods, const char **step) {
  snd_pcm_hw_params_t *terms;
  snd_pcm_hw_params_alloca(&terms);
  int error;
  *step = "its parameters";
  if ((error = snd_pcm_hw_params_any(alsa->pcm, terms)) < 0) return error;
  *step = "interleaved access";
  if ((error = settle_access(alsa, terms)) != 0) return error;
  *step = "a sample format (S32, S24_3, S16 or FLOAT)";
  if ((error = settle_format(alsa, terms)) != 0) return error;
  *step = "two channels or more";
  if ((error = settle_channels(alsa, terms)) != 0) return error;
  *step = "rate and period";
  if ((error = settle_times(alsa, terms, rate, period, periods)) != 0) return error;
  if ((error = read_back(alsa, terms)) != 0) return error;
  *step = "thresholds";
  if ((error = settle_running(alsa)) != 0) return error;
  *step = "memory";
  return take_memory(alsa);
}

drv_alsa *drv_alsa_open(const char *name, uint32_t rate, uint32_t period, uint32_t periods, drv_alsa_report *report) {
  *report = (drv_alsa_report){.step = "the device"};
  // The library prints on the process's error stream by default; a daemon's log is its own.
  snd_lib_error_set_handler(forget);
  drv_alsa *alsa = calloc(1, sizeof *alsa);
  if (alsa == NULL) {
    report->error = -ENOMEM;
  } else if ((report->error = snd_pcm_open(&alsa->pcm, name, SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK)) == 0) {
    report->error = settle(alsa, rate, period, periods, &report->step);
  }
  if (report->error == 0) return alsa;
  strncpy(report->detail, snd_strerror(report->error), sizeof report->detail - 1);
  if (alsa != NULL) drv_alsa_close(alsa);
  return NULL;
}

void drv_alsa_close(drv_alsa *alsa) {
  if (alsa->pcm != NULL) snd_pcm_close(alsa->pcm);
  for (int i = 0; i < DRV_CHANNELS; i++) free(alsa->channels[i]);
  free(alsa->packed);
  free(alsa);
}

drv_alsa_terms drv_alsa_terms_of(const drv_alsa *alsa) { return alsa->terms; }

// MARK: The realtime thread

/// Puts `frames` into the card's buffer: what the renderer made, or silence. 0 or ALSA's error.
static int put(drv_alsa *alsa, float *const *channels, uint32_t frames) {
  for (uint32_t done = 0; done < frames;) {
    snd_pcm_uframes_t count = frames - done;
    snd_pcm_sframes_t taken;
    if (alsa->terms.is_mapped) {
      const snd_pcm_channel_area_t *areas;
      snd_pcm_uframes_t offset;
      int error = snd_pcm_mmap_begin(alsa->pcm, &areas, &offset, &count);
      if (error < 0) return error;
      // Interleaved: the first channel's area tells where the frames are.
      unsigned char *place = (unsigned char *)areas[0].addr + areas[0].first / 8 + offset * (areas[0].step / 8);
      drv_alsa_pack(place, alsa->format, alsa->terms.channels, channels, done, (uint32_t)count);
      taken = snd_pcm_mmap_commit(alsa->pcm, offset, count);
    } else {
      drv_alsa_pack(alsa->packed, alsa->format, alsa->terms.channels, channels, done, (uint32_t)count);
      taken = snd_pcm_writei(alsa->pcm, alsa->packed, count);
    }
    if (taken < 0) return (int)taken;
    if (taken == 0) return -EIO;
    done += (uint32_t)taken;
  }
  return 0;
}

/// Silence in front of the first block, as long as the buffer, so that every block is rendered when a period has played.
static int begin(drv_alsa *alsa) {
  snd_pcm_sframes_t room = snd_pcm_avail_update(alsa->pcm);
  if (room < 0) return (int)room;
  uint32_t rest = (uint32_t)((snd_pcm_uframes_t)room < alsa->buffer ? (snd_pcm_uframes_t)room : alsa->buffer);
  int error = put(alsa, NULL, rest);
  alsa->began = drv_monotonic_nanoseconds();
  alsa->taken = 0;
  return error != 0 ? error : snd_pcm_start(alsa->pcm);
}

static void pause_milliseconds(int milliseconds) {
  const struct timespec time = {.tv_nsec = milliseconds * 1000000};
  nanosleep(&time, NULL);
}

/// After an underrun or a suspension: the same stream goes on. 0, or why it cannot.
static int recover(drv_alsa *alsa, drv_cycle *cycle, int error) {
  if (error == -EAGAIN) return 0;
  if (error != -EPIPE && error != -ESTRPIPE) return error;
  if (++alsa->recoveries > MOST_RECOVERIES) return -EIO;
  // A card that runs dry at once must not take the processor.
  if (alsa->recoveries > 1) pause_milliseconds(RESUME_MILLISECONDS);
  if (error == -EPIPE) drv_cycle_count_xrun(cycle, DRV_XRUN_DEVICE);
  int answer = error;
  if (error == -ESTRPIPE) {
    while ((answer = snd_pcm_resume(alsa->pcm)) == -EAGAIN && drv_cycle_is_open(cycle))
      pause_milliseconds(RESUME_MILLISECONDS);
    if (answer == 0) snd_pcm_drop(alsa->pcm);
  }
  if ((answer = snd_pcm_prepare(alsa->pcm)) < 0) return answer;
  if ((answer = begin(alsa)) < 0) return answer;
  drv_cycle_resync(cycle);
  return 0;
}

/// What the state of the card itself is an error of, which not every kind of PCM answers to other questions.
static int complaint(drv_alsa *alsa) {
  switch (snd_pcm_state(alsa->pcm)) {
    case SND_PCM_STATE_XRUN: return -EPIPE;
    case SND_PCM_STATE_SUSPENDED: return -ESTRPIPE;
    case SND_PCM_STATE_DISCONNECTED: return -ENODEV;
    default: return 0;
  }
}

/// Waits for room. 0, or an error of the card.
static int wait_for_room(drv_alsa *alsa) {
  int ready = poll(alsa->descriptors, (nfds_t)alsa->descriptor_count, POLL_MILLISECONDS);
  if (ready < 0) return errno == EINTR ? 0 : -errno;
  unsigned short events = 0;
  int error = snd_pcm_poll_descriptors_revents(
      alsa->pcm, alsa->descriptors, (unsigned)alsa->descriptor_count, &events);
  if (error < 0) return error;
  error = complaint(alsa);
  if (error == 0 && (events & (POLLERR | POLLHUP | POLLNVAL)) != 0) return -ENODEV;
  return error;
}

/// Every whole period there is room for. 0, or an error of the card.
static int play(drv_alsa *alsa, drv_cycle *cycle) {
  uint32_t period = alsa->terms.period;
  snd_pcm_sframes_t room = snd_pcm_avail_update(alsa->pcm);
  if (room < 0) return (int)room;
  // More than one period of room: nobody woke us for the first.
  if ((uint32_t)room >= 2 * period && alsa->terms.periods > 2) drv_cycle_woke_late(cycle);
  for (; (uint32_t)room >= period && drv_cycle_is_open(cycle); room -= period) {
    drv_cycle_run(cycle, alsa->channels, period);
    int error = put(alsa, alsa->channels, period);
    if (error != 0) return error;
    alsa->recoveries = 0;
    alsa->taken += period;
  }
  double passed = (double)(drv_monotonic_nanoseconds() - alsa->began) * 1e-9;
  return (double)alsa->taken > (passed + UNPACED_SECONDS) * alsa->terms.rate ? -ETIME : 0;
}

void drv_alsa_run(drv_alsa *alsa, drv_cycle *cycle) {
  alsa->recoveries = 0;
  drv_cycle_begin(cycle);
  int error = snd_pcm_prepare(alsa->pcm);
  if (error == 0) error = begin(alsa);
  while (drv_cycle_is_open(cycle)) {
    if (error == 0) error = wait_for_room(alsa);
    if (error == 0) error = play(alsa, cycle);
    if (error != 0) error = recover(alsa, cycle, error);
    if (error == 0) continue;
    char reason[DRV_REASON_BYTES];
    if (error == -ETIME)
      snprintf(reason, sizeof reason, "'%s' keeps no time", snd_pcm_name(alsa->pcm));
    else
      snprintf(reason, sizeof reason, "the card is gone: %s", snd_strerror(error));
    drv_cycle_end(cycle, reason);
    break;
  }
  snd_pcm_drop(alsa->pcm);
}

// MARK: Cards

int drv_alsa_next_card(int after, char *id, char *name, char *driver, int size) {
  int card = after;
  snd_ctl_card_info_t *info;
  snd_ctl_card_info_alloca(&info);
  snd_lib_error_set_handler(forget);
  while (snd_card_next(&card) == 0 && card >= 0) {
    char path[32];
    snprintf(path, sizeof path, "hw:%d", card);
    snd_ctl_t *control;
    if (snd_ctl_open(&control, path, SND_CTL_NONBLOCK) != 0) continue;
    int error = snd_ctl_card_info(control, info);
    if (error == 0) {
      snprintf(id, (size_t)size, "%s", snd_ctl_card_info_get_id(info));
      snprintf(name, (size_t)size, "%s", snd_ctl_card_info_get_name(info));
      snprintf(driver, (size_t)size, "%s", snd_ctl_card_info_get_driver(info));
    }
    snd_ctl_close(control);
    if (error == 0) return card;
  }
  return -1;
}
