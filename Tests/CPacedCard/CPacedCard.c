// The far side of the ALSA library: an ioplug that is opened by name like a card, through ALSA's configuration.
#define _GNU_SOURCE
#include "CPacedCard.h"

#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

struct paced_card {
  _Atomic int order, opened, resume_tries;
  _Atomic bool is_gone, is_open;
  _Atomic int64_t played, heard;
  _Atomic int drift;
  char formats[8];
  int channels, period;
  bool is_mapped;
  /// The main pair that was played, interleaved.
  float samples[2 * PACED_FRAMES];
};

typedef struct {
  snd_pcm_ioplug_t io;
  paced_card *card;
  /// Where the card was when it started, on the monotonic clock.
  int64_t began;
  bool is_running;
  /// Frames it has played since, and the last of the buffer that was kept.
  int64_t played, kept;
} plug;

static int64_t monotonic_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

paced_card *paced_map(const char *path, bool make) {
  int file = open(path, O_RDWR | (make ? O_CREAT : 0), 0600);
  if (file < 0) return NULL;
  paced_card *card = MAP_FAILED;
  if (!make || ftruncate(file, sizeof *card) == 0)
    card = mmap(NULL, sizeof *card, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return card == MAP_FAILED ? NULL : card;
}

void paced_unmap(paced_card *card) { munmap(card, sizeof *card); }
void paced_set(paced_card *card, paced_order order) { atomic_store(&card->order, (int)order); }
void paced_set_gone(paced_card *card, bool is_gone) { atomic_store(&card->is_gone, is_gone); }
bool paced_is_open(const paced_card *card) { return atomic_load(&card->is_open); }
int paced_opened(const paced_card *card) { return atomic_load(&card->opened); }
int64_t paced_played(const paced_card *card) { return atomic_load(&card->played); }
void paced_set_drift(paced_card *card, int parts_per_million) { atomic_store(&card->drift, parts_per_million); }
int64_t paced_heard(const paced_card *card) { return atomic_load(&card->heard); }
const float *paced_samples(const paced_card *card) { return card->samples; }

void paced_set_terms(paced_card *card, const char *formats, int channels, int period, bool mapped) {
  strncpy(card->formats, formats, sizeof card->formats - 1);
  card->channels = channels;
  card->period = period;
  card->is_mapped = mapped;
}

// MARK: The card

/// Keeps the main pair of what the card plays, as floats.
static void keep(plug *plug, int64_t until) {
  snd_pcm_ioplug_t *io = &plug->io;
  const snd_pcm_channel_area_t *areas = snd_pcm_ioplug_mmap_areas(io);
  int64_t total = atomic_load(&plug->card->played);
  for (; areas != NULL && plug->kept < until; plug->kept++, total++) {
    if (total >= PACED_FRAMES) continue;
    size_t place = (size_t)(plug->kept % (int64_t)io->buffer_size);
    for (int i = 0; i < 2; i++) {
      const unsigned char *from =
          (const unsigned char *)areas[i].addr + areas[i].first / 8 + place * (areas[i].step / 8);
      float *to = &plug->card->samples[2 * total + i];
      int32_t whole = 0;
      int16_t half = 0;
      switch (io->format) {
        case SND_PCM_FORMAT_S32_LE:
          memcpy(&whole, from, 4);
          *to = (float)(whole / 2147483647.0);
          break;
        case SND_PCM_FORMAT_S24_3LE:
          whole = (int32_t)((uint32_t)from[0] << 8 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 24) >> 8;
          *to = (float)(whole / 8388607.0);
          break;
        case SND_PCM_FORMAT_S16_LE:
          memcpy(&half, from, 2);
          *to = half / 32767.0f;
          break;
        default: memcpy(to, from, 4);
      }
    }
  }
  atomic_store(&plug->card->played, total);
}

/// What the card hears: a triangle of 480 frames, on the right upside down.
static void hear(plug *plug, int64_t until) {
  snd_pcm_ioplug_t *io = &plug->io;
  const snd_pcm_channel_area_t *areas = snd_pcm_ioplug_mmap_areas(io);
  int64_t total = atomic_load(&plug->card->heard);
  for (; areas != NULL && plug->kept < until; plug->kept++, total++) {
    size_t place = (size_t)(plug->kept % (int64_t)io->buffer_size);
    int32_t turn = (int32_t)(total % PACED_TURN), quarter = PACED_TURN / 4;
    int32_t level = turn < quarter ? turn : turn < 3 * quarter ? 2 * quarter - turn : turn - 4 * quarter;
    for (unsigned i = 0; i < io->channels; i++) {
      unsigned char *to = (unsigned char *)areas[i].addr + areas[i].first / 8 + place * (areas[i].step / 8);
      // In steps of 1/128, which every format holds.
      int32_t whole = (i == 0 ? level : -level) * (1 << 24);
      int16_t half = (int16_t)(whole >> 16);
      float real = (float)whole / 2147483648.0f;
      switch (io->format) {
        case SND_PCM_FORMAT_S32_LE: memcpy(to, &whole, 4); break;
        case SND_PCM_FORMAT_S24_3LE: memcpy(to, (unsigned char *)&whole + 1, 3); break;
        case SND_PCM_FORMAT_S16_LE: memcpy(to, &half, 2); break;
        default: memcpy(to, &real, 4);
      }
    }
  }
  atomic_store(&plug->card->heard, total);
}

static int start(snd_pcm_ioplug_t *io) {
  plug *plug = io->private_data;
  plug->began = monotonic_nanoseconds();
  plug->is_running = true;
  plug->kept = plug->played = 0;
  int64_t tick = (int64_t)(1e9 * (double)io->period_size / io->rate / 4);
  struct itimerspec time = {.it_interval.tv_nsec = tick, .it_value.tv_nsec = tick};
  return timerfd_settime(io->poll_fd, 0, &time, NULL) == 0 ? 0 : -errno;
}

static int stop(snd_pcm_ioplug_t *io) {
  ((plug *)io->private_data)->is_running = false;
  return 0;
}

static int prepare(snd_pcm_ioplug_t *io) {
  plug *plug = io->private_data;
  if (atomic_load(&plug->card->is_gone)) return -ENODEV;
  plug->is_running = false;
  plug->played = plug->kept = 0;
  return 0;
}

static int resume(snd_pcm_ioplug_t *io) {
  plug *plug = io->private_data;
  // A card takes a while, and may not know how at all.
  if (atomic_fetch_sub(&plug->card->resume_tries, 1) > 0) return -EAGAIN;
  return -ENOSYS;
}

static snd_pcm_sframes_t pointer(snd_pcm_ioplug_t *io) {
  plug *plug = io->private_data;
  if (atomic_load(&plug->card->is_gone)) {
    snd_pcm_ioplug_set_state(io, SND_PCM_STATE_DISCONNECTED);
    return -ENODEV;
  }
  if (!plug->is_running) return 0;
  switch (atomic_exchange(&plug->card->order, PACED_PLAY)) {
    case PACED_UNDERRUN: return -EPIPE;
    case PACED_SUSPEND:
      atomic_store(&plug->card->resume_tries, 3);
      snd_pcm_ioplug_set_state(io, SND_PCM_STATE_SUSPENDED);
      plug->is_running = false;
      return 0;
    default: break;
  }
  double rate = io->rate * (1 + atomic_load(&plug->card->drift) * 1e-6);
  int64_t played = (int64_t)((double)(monotonic_nanoseconds() - plug->began) * 1e-9 * rate);
  if (io->stream == SND_PCM_STREAM_CAPTURE) {
    // Nobody has read for a whole buffer.
    if (played - (int64_t)io->appl_ptr >= (int64_t)io->buffer_size) return -EPIPE;
    hear(plug, played);
    plug->played = played;
    return (snd_pcm_sframes_t)(played % (int64_t)io->buffer_size);
  }
  // The library counts how far the pointer went, and sees no lap of the buffer: running dry is told in plain words.
  int64_t filled = (int64_t)io->appl_ptr;
  if (played - filled > 0 || played - plug->played >= (int64_t)io->buffer_size) return -EPIPE;
  keep(plug, played);
  plug->played = played;
  return (snd_pcm_sframes_t)(played % (int64_t)io->buffer_size);
}

static int poll_revents(snd_pcm_ioplug_t *io, struct pollfd *descriptors, unsigned count, unsigned short *events) {
  plug *plug = io->private_data;
  uint64_t ticks;
  if (count > 0 && (descriptors[0].revents & POLLIN) != 0) (void)!read(io->poll_fd, &ticks, sizeof ticks);
  *events = 0;
  if (atomic_load(&plug->card->is_gone)) {
    *events = POLLERR | POLLHUP;
    return 0;
  }
  bool hears = io->stream == SND_PCM_STREAM_CAPTURE;
  snd_pcm_sframes_t ready = snd_pcm_avail_update(io->pcm);
  if (ready >= (snd_pcm_sframes_t)io->period_size) *events = hears ? POLLIN : POLLOUT;
  else if (ready < 0 && hears) *events = POLLERR;
  return 0;
}

static int shut(snd_pcm_ioplug_t *io) {
  plug *plug = io->private_data;
  atomic_store(&plug->card->is_open, false);
  paced_unmap(plug->card);
  close(io->poll_fd);
  free(plug);
  return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
    .start = start,
    .stop = stop,
    .pointer = pointer,
    .prepare = prepare,
    .resume = resume,
    .poll_revents = poll_revents,
    .close = shut,
};

static int offer(plug *plug) {
  paced_card *card = plug->card;
  unsigned accesses[] = {card->is_mapped ? SND_PCM_ACCESS_MMAP_INTERLEAVED : SND_PCM_ACCESS_RW_INTERLEAVED};
  unsigned formats[4], count = 0;
  if (strchr(card->formats, 'i') != NULL) formats[count++] = SND_PCM_FORMAT_S32_LE;
  if (strchr(card->formats, '3') != NULL) formats[count++] = SND_PCM_FORMAT_S24_3LE;
  if (strchr(card->formats, 's') != NULL) formats[count++] = SND_PCM_FORMAT_S16_LE;
  if (strchr(card->formats, 'f') != NULL) formats[count++] = SND_PCM_FORMAT_FLOAT_LE;
  snd_pcm_ioplug_t *io = &plug->io;
  int error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 1, accesses);
  if (error >= 0) error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, count, formats);
  unsigned channels = (unsigned)card->channels;
  if (error >= 0) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_CHANNELS, channels, channels);
  if (error >= 0) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_RATE, 48000, 48000);
  unsigned frame = channels * 4, period = (unsigned)card->period;
  if (count == 1 && formats[0] == SND_PCM_FORMAT_S16_LE) frame = channels * 2;
  if (count == 1 && formats[0] == SND_PCM_FORMAT_S24_3LE) frame = channels * 3;
  unsigned least = period != 0 ? period * frame : 32 * frame, most = period != 0 ? period * frame : 8192 * frame;
  if (error >= 0) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, least, most);
  if (error >= 0) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 3);
  return error;
}

static int open_card(snd_pcm_t **pcm, const char *name, const char *path, snd_pcm_stream_t stream, int mode) {
  plug *plug = calloc(1, sizeof *plug);
  if (plug == NULL) return -ENOMEM;
  plug->card = paced_map(path, false);
  if (plug->card == NULL || atomic_load(&plug->card->is_gone)) {
    if (plug->card != NULL) paced_unmap(plug->card);
    free(plug);
    return -ENODEV;
  }
  plug->io.version = SND_PCM_IOPLUG_VERSION;
  plug->io.name = "a card of the tests";
  plug->io.callback = &callbacks;
  plug->io.private_data = plug;
  plug->io.mmap_rw = 1;
  plug->io.poll_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  plug->io.poll_events = POLLIN;
  int error = snd_pcm_ioplug_create(&plug->io, name, stream, mode);
  if (error < 0) {
    close(plug->io.poll_fd);
    paced_unmap(plug->card);
    free(plug);
    return error;
  }
  atomic_store(&plug->card->is_open, true);
  atomic_fetch_add(&plug->card->opened, 1);
  error = offer(plug);
  if (error < 0) {
    snd_pcm_ioplug_delete(&plug->io);
    return error;
  }
  *pcm = plug->io.pcm;
  return 0;
}

SND_PCM_PLUGIN_DEFINE_FUNC(paced) {
  (void)root;
  const char *path = NULL;
  snd_config_iterator_t place, next;
  snd_config_for_each(place, next, conf) {
    snd_config_t *entry = snd_config_iterator_entry(place);
    const char *id;
    if (snd_config_get_id(entry, &id) < 0) continue;
    if (strcmp(id, "control") == 0) snd_config_get_string(entry, &path);
  }
  return path != NULL ? open_card(pcmp, name, path, stream, mode) : -EINVAL;
}

SND_PCM_PLUGIN_SYMBOL(paced);
