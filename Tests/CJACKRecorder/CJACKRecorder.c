#define _GNU_SOURCE
#include "CJACKRecorder.h"

#include <dlfcn.h>
#include <jack/jack.h>
#include <jack/midiport.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool rec_is_thread_sanitized(void) { return __has_feature(thread_sanitizer); }

enum { EVENTS = 65536 };

typedef struct {
  uint64_t frame;
  uint8_t bytes[3];
} event;

struct rec {
  void *library;
  jack_client_t *client;
  jack_port_t *ports[2];
  float *channels[2];
  uint64_t capacity;
  _Atomic uint64_t filled, xruns;
  void *(*get_buffer)(jack_port_t *, jack_nframes_t);
  jack_port_t *midi_out, *midi_in, *audio_out;
  _Atomic bool feeds;
  uint32_t (*count)(void *);
  int (*get)(jack_midi_event_t *, void *, uint32_t);
  event *heard;
  _Atomic uint64_t heard_count;
  void (*clear)(void *);
  int (*write)(void *, jack_nframes_t, const jack_midi_data_t *, size_t);
  unsigned char message[8];
  int message_bytes;
  /// How often the message is still to be put; releases the message.
  _Atomic int copies;
  /// What is sent at its frame; allocated before the first, and then its own number of them released.
  event *events;
  _Atomic uint64_t events_written, clock;
  uint64_t events_sent;
};

#define JACK(recorder, name) ((__typeof__(&jack_##name))dlsym((recorder)->library, "jack_" #name))

static void forget(const char *message) { (void)message; }

static void send_due(rec *recorder, void *midi, jack_nframes_t frames) {
  uint64_t clock = atomic_load_explicit(&recorder->clock, memory_order_relaxed);
  uint64_t written = atomic_load_explicit(&recorder->events_written, memory_order_acquire);
  while (recorder->events_sent < written && recorder->events[recorder->events_sent].frame < clock + frames) {
    const event *due = &recorder->events[recorder->events_sent++];
    recorder->write(midi, due->frame > clock ? due->frame - clock : 0, due->bytes, sizeof due->bytes);
  }
  atomic_store_explicit(&recorder->clock, clock + frames, memory_order_release);
}

float rec_noise(uint64_t frame) {
  uint32_t word = (uint32_t)frame * 747796405u + 2891336453u;
  word = ((word >> ((word >> 28) + 4)) ^ word) * 277803737u;
  word = (word >> 22) ^ word;
  return (float)((int32_t)word / 2147483648.0 * 0.25);
}

static void feed(rec *recorder, jack_nframes_t frames) {
  float *out = recorder->get_buffer(recorder->audio_out, frames);
  bool feeds = atomic_load(&recorder->feeds);
  uint64_t clock = atomic_load_explicit(&recorder->clock, memory_order_relaxed);
  for (jack_nframes_t i = 0; i < frames; i++) out[i] = feeds ? rec_noise(clock + i) : 0;
}

/// Messages of up to three bytes, at the frames of the clock.
static void hear(rec *recorder, jack_nframes_t frames) {
  void *buffer = recorder->get_buffer(recorder->midi_in, frames);
  uint64_t clock = atomic_load_explicit(&recorder->clock, memory_order_relaxed);
  uint64_t count = atomic_load_explicit(&recorder->heard_count, memory_order_relaxed);
  for (uint32_t i = 0; i < recorder->count(buffer) && count < EVENTS; i++) {
    jack_midi_event_t came;
    if (recorder->get(&came, buffer, i) != 0 || came.size > 3) continue;
    event *kept = &recorder->heard[count++];
    *kept = (event){.frame = clock + came.time};
    memcpy(kept->bytes, came.buffer, came.size);
  }
  atomic_store_explicit(&recorder->heard_count, count, memory_order_release);
}

static int process(jack_nframes_t frames, void *argument) {
  rec *recorder = argument;
  feed(recorder, frames);
  uint64_t filled = atomic_load_explicit(&recorder->filled, memory_order_relaxed);
  uint64_t kept = frames < recorder->capacity - filled ? frames : recorder->capacity - filled;
  for (int i = 0; i < 2; i++) {
    const float *heard = recorder->get_buffer(recorder->ports[i], frames);
    memcpy(recorder->channels[i] + filled, heard, kept * sizeof(float));
  }
  atomic_store_explicit(&recorder->filled, filled + kept, memory_order_release);
  hear(recorder, frames);
  void *midi = recorder->get_buffer(recorder->midi_out, frames);
  recorder->clear(midi);
  for (int copies = atomic_exchange(&recorder->copies, 0); copies > 0; copies--)
    recorder->write(midi, frames / 2, recorder->message, (size_t)recorder->message_bytes);
  send_due(recorder, midi, frames);
  return 0;
}

static int count_xrun(void *argument) {
  atomic_fetch_add(&((rec *)argument)->xruns, 1);
  return 0;
}

static bool prepare(rec *recorder, const char *name, const char *server, uint64_t capacity) {
  recorder->library = dlopen("libjack.so.0", RTLD_NOW | RTLD_LOCAL);
  if (recorder->library == NULL) return false;
  JACK(recorder, set_error_function)(forget);
  JACK(recorder, set_info_function)(forget);
  recorder->get_buffer = JACK(recorder, port_get_buffer);
  recorder->capacity = capacity;
  for (int i = 0; i < 2; i++) {
    recorder->channels[i] = malloc((capacity + 1) * sizeof(float));
    if (recorder->channels[i] == NULL) return false;
    memset(recorder->channels[i], 0, (capacity + 1) * sizeof(float));
  }
  jack_options_t options = JackNoStartServer | JackServerName | JackUseExactName;
  recorder->client = JACK(recorder, client_open)(name, options, NULL, server);
  if (recorder->client == NULL) return false;
  for (int i = 0; i < 2; i++) {
    recorder->ports[i] = JACK(recorder, port_register)(
        recorder->client, i == 0 ? "in_left" : "in_right", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
    if (recorder->ports[i] == NULL) return false;
  }
  recorder->clear = JACK(recorder, midi_clear_buffer);
  recorder->write = JACK(recorder, midi_event_write);
  recorder->midi_out = JACK(recorder, port_register)(
      recorder->client, "midi_out", JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
  recorder->audio_out = JACK(recorder, port_register)(
      recorder->client, "out", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0);
  recorder->count = JACK(recorder, midi_get_event_count);
  recorder->get = JACK(recorder, midi_event_get);
  recorder->heard = calloc(EVENTS, sizeof *recorder->heard);
  recorder->midi_in = JACK(recorder, port_register)(
      recorder->client, "midi_in", JACK_DEFAULT_MIDI_TYPE, JackPortIsInput, 0);
  if (recorder->midi_out == NULL || recorder->audio_out == NULL || recorder->midi_in == NULL) return false;
  if (recorder->heard == NULL) return false;
  JACK(recorder, set_process_callback)(recorder->client, process, recorder);
  JACK(recorder, set_xrun_callback)(recorder->client, count_xrun, recorder);
  return JACK(recorder, activate)(recorder->client) == 0;
}

rec *rec_open(const char *name, const char *server, uint64_t capacity) {
  rec *recorder = calloc(1, sizeof *recorder);
  if (recorder == NULL) return NULL;
  if (prepare(recorder, name, server, capacity)) return recorder;
  rec_close(recorder);
  return NULL;
}

void rec_close(rec *recorder) {
  if (recorder->client != NULL) JACK(recorder, client_close)(recorder->client);
  free(recorder->channels[0]);
  free(recorder->channels[1]);
  free(recorder->events);
  free(recorder->heard);
  free(recorder);
}

bool rec_connect(rec *recorder, const char *source, int channel) {
  const char *own = JACK(recorder, port_name)(recorder->ports[channel]);
  return JACK(recorder, connect)(recorder->client, source, own) == 0;
}

bool rec_patch(rec *recorder, const char *source, const char *destination, bool connected) {
  if (connected) return JACK(recorder, connect)(recorder->client, source, destination) == 0;
  return JACK(recorder, disconnect)(recorder->client, source, destination) == 0;
}

void rec_set_feeding(rec *recorder, bool feeds) { atomic_store(&recorder->feeds, feeds); }

void rec_send(rec *recorder, const uint8_t *bytes, int count, int copies) {
  recorder->message_bytes = count < 8 ? count : 8;
  memcpy(recorder->message, bytes, (size_t)recorder->message_bytes);
  atomic_store(&recorder->copies, copies);
}

uint64_t rec_frames(const rec *recorder) { return atomic_load_explicit(&recorder->filled, memory_order_acquire); }

const float *rec_channel(const rec *recorder, int channel) { return recorder->channels[channel & 1]; }

uint64_t rec_clock(const rec *recorder) { return atomic_load_explicit(&recorder->clock, memory_order_acquire); }

bool rec_schedule(rec *recorder, uint64_t frame, uint8_t status, uint8_t data1, uint8_t data2) {
  if (recorder->events == NULL) recorder->events = calloc(EVENTS, sizeof *recorder->events);
  uint64_t written = atomic_load_explicit(&recorder->events_written, memory_order_relaxed);
  if (recorder->events == NULL || written >= EVENTS) return false;
  recorder->events[written] = (event){.frame = frame, .bytes = {status, data1, data2}};
  atomic_store_explicit(&recorder->events_written, written + 1, memory_order_release);
  return true;
}

uint64_t rec_heard_count(const rec *recorder) {
  return atomic_load_explicit(&recorder->heard_count, memory_order_acquire);
}

uint64_t rec_heard(const rec *recorder, uint64_t index, uint8_t *bytes) {
  memcpy(bytes, recorder->heard[index].bytes, sizeof recorder->heard[index].bytes);
  return recorder->heard[index].frame;
}

uint64_t rec_xruns(const rec *recorder) { return atomic_load(&recorder->xruns); }

bool rec_set_period(rec *recorder, uint32_t frames) {
  return JACK(recorder, set_buffer_size)(recorder->client, frames) == 0;
}

bool rec_set_freewheeling(rec *recorder, bool on) {
  return JACK(recorder, set_freewheel)(recorder->client, on) == 0;
}

static void write_lines(rec *recorder, const char **names, const char *part, char *text, int size) {
  int used = 0;
  text[0] = '\0';
  for (int i = 0; names != NULL && names[i] != NULL; i++) {
    if (strstr(names[i], part) == NULL || used >= size) continue;
    used += snprintf(text + used, size - used, "%s%s", used > 0 ? "\n" : "", names[i]);
  }
  if (names != NULL) JACK(recorder, free)(names);
}

void rec_ports(rec *recorder, const char *part, char *text, int size) {
  write_lines(recorder, JACK(recorder, get_ports)(recorder->client, NULL, NULL, 0), part, text, size);
}

void rec_connections(rec *recorder, const char *port, char *text, int size) {
  jack_port_t *found = JACK(recorder, port_by_name)(recorder->client, port);
  const char **names = found != NULL ? JACK(recorder, port_get_all_connections)(recorder->client, found) : NULL;
  write_lines(recorder, names, "", text, size);
}
