#define _GNU_SOURCE
#include <dlfcn.h>
#include <jack/jack.h>
#include <jack/midiport.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "jack.h"

enum { STEP_PORTS = 1, STEP_CALLBACKS, STEP_ACTIVATE };

// In the order of the renderer's channels.
static const char *const output_names[DRV_CHANNELS] = {"out_left", "out_right", "cue_left", "cue_right", "click"};

static _Atomic int open_clients;
static _Atomic uint64_t messages;

// JACK prints on the process's error stream by default; a daemon's log is its own.
static void count_message(const char *message) {
  (void)message;
  atomic_fetch_add_explicit(&messages, 1, memory_order_relaxed);
}

// MARK: Callbacks. `process` and `thread_init` are on the realtime thread, the others on JACK's own threads.

static void take_midi(drv_jack *jack, jack_nframes_t frames) {
  void *buffer = jack->api.port_get_buffer(jack->midi_in, frames);
  if (buffer == NULL) return;
  uint32_t count = jack->api.midi_get_event_count(buffer);
  for (uint32_t i = 0; i < count; i++) {
    jack_midi_event_t event;
    // System exclusive is longer, and nothing that a foot or a hand sends.
    if (jack->api.midi_event_get(&event, buffer, i) == 0 && event.size <= DRV_MIDI_BYTES)
      drv_cycle_take_midi(jack->cycle, event.time, event.buffer, event.size);
  }
}

static void take_input(drv_jack *jack, jack_nframes_t frames) {
  if (!drv_cycle_listens(jack->cycle)) return;
  const float *left = jack->api.port_get_buffer(jack->inputs[0], frames);
  const float *right = jack->api.port_get_buffer(jack->inputs[1], frames);
  if (left != NULL && right != NULL) drv_cycle_take_input(jack->cycle, left, right, frames);
}

static void take_ports(drv_jack *jack, jack_nframes_t frames) {
  for (int slot = 0; slot < DRV_MIDI_PORTS; slot++) {
    jack_port_t *port = atomic_load(&jack->midi[1][slot]);
    void *buffer = port != NULL ? jack->api.port_get_buffer(port, frames) : NULL;
    if (buffer == NULL) continue;
    uint32_t count = jack->api.midi_get_event_count(buffer);
    for (uint32_t i = 0; i < count; i++) {
      jack_midi_event_t event;
      if (jack->api.midi_event_get(&event, buffer, i) != 0) continue;
      drv_cycle_take_live(
          jack->cycle, event.time, slot, event.buffer, event.size <= DRV_MIDI_BYTES ? event.size : 0);
    }
  }
}

/// False when the port's buffer is full.
static bool put(drv_jack *jack, void *buffer, uint32_t offset, const uint8_t *bytes, size_t count) {
  // A port that has gone takes what was meant for it along.
  if (buffer == NULL) return true;
  uint8_t *place = jack->api.midi_event_reserve(buffer, offset, count);
  if (place == NULL) return false;
  memcpy(place, bytes, count);
  return true;
}

static bool put_packed(drv_jack *jack, void *const *buffers, uint32_t offset, uint64_t packed) {
  uint8_t bytes[DRV_MIDI_BYTES];
  for (int i = 0; i < DRV_MIDI_BYTES; i++) bytes[i] = (uint8_t)(packed >> (16 + 8 * i));
  return put(jack, buffers[packed % DRV_MIDI_PORTS], offset, bytes, packed >> 8 & 3);
}

static void put_long(drv_jack *jack, void *const *buffers) {
  uint32_t written = atomic_load_explicit(&jack->posts_written, memory_order_acquire);
  uint32_t sent = atomic_load_explicit(&jack->posts_sent, memory_order_relaxed);
  for (; sent != written; sent++) {
    const long_message *post = &jack->posts[sent % DRV_LONG_SLOTS];
    if (!put(jack, buffers[post->slot], 0, post->bytes, (size_t)post->count)) break;
  }
  atomic_store_explicit(&jack->posts_sent, sent, memory_order_release);
}

static void find_buffers(drv_jack *jack, void **buffers, jack_nframes_t frames) {
  for (int slot = 0; slot < DRV_MIDI_PORTS; slot++) {
    jack_port_t *port = atomic_load(&jack->midi[0][slot]);
    buffers[slot] = port != NULL ? jack->api.port_get_buffer(port, frames) : NULL;
    if (buffers[slot] != NULL) jack->api.midi_clear_buffer(buffers[slot]);
  }
}

static void send_ports(drv_jack *jack, void *const *buffers, int64_t first, jack_nframes_t frames) {
  put_long(jack, buffers);
  if (jack->is_kept && !put_packed(jack, buffers, 0, jack->kept)) return;
  jack->is_kept = false;
  uint32_t offset;
  uint64_t packed;
  while (drv_cycle_next_out(jack->cycle, first, frames, &offset, &packed)) {
    if (put_packed(jack, buffers, offset, packed)) continue;
    jack->is_kept = true;
    jack->kept = packed;
    return;
  }
}

static int process(jack_nframes_t frames, void *argument) {
  drv_jack *jack = argument;
  // Half a period after the server began: the system was late to wake us, or other clients came first.
  if (jack->api.frames_since_cycle_start(jack->client) > frames / 2) drv_cycle_woke_late(jack->cycle);
  // Asked for every time: the addresses may change from block to block.
  float *outputs[DRV_CHANNELS];
  for (int i = 0; i < DRV_CHANNELS; i++) outputs[i] = jack->api.port_get_buffer(jack->outputs[i], frames);
  void *buffers[DRV_MIDI_PORTS];
  find_buffers(jack, buffers, frames);
  if (frames > 0 && drv_cycle_enter(jack->cycle)) {
    int64_t first = drv_cycle_position(jack->cycle);
    take_midi(jack, frames);
    take_ports(jack, frames);
    take_input(jack, frames);
    drv_cycle_play(jack->cycle, outputs, frames);
    send_ports(jack, buffers, first, frames);
    drv_cycle_leave(jack->cycle);
  } else {
    drv_cycle_silence(outputs, frames);
  }
  atomic_fetch_add(&jack->cycles, 1);
  // Anything else would make JACK drop the client for good.
  return 0;
}

// JACK2 calls this on its message and notification threads too, while the realtime thread may already render.
static void thread_init(void *argument) {
  drv_jack *jack = argument;
  if (pthread_equal(jack->api.client_thread_id(jack->client), pthread_self())) drv_cycle_begin(jack->cycle);
}

// For information: the length of a block is believed from `process` alone.
static int buffer_size_changed(jack_nframes_t frames, void *argument) {
  drv_jack *jack = argument;
  // Announced once more as the client becomes active, which is no change.
  if (atomic_exchange(&jack->announced_frames, frames) != frames) drv_cycle_count_period_change(jack->cycle);
  return 0;
}

static int sample_rate_changed(jack_nframes_t rate, void *argument) {
  drv_cycle_set_sample_rate(((drv_jack *)argument)->cycle, rate);
  return 0;
}

static int xrun_happened(void *argument) {
  drv_cycle_blame_xrun(((drv_jack *)argument)->cycle);
  return 0;
}

static void freewheel_changed(int starting, void *argument) {
  drv_cycle_set_freewheeling(((drv_jack *)argument)->cycle, starting != 0);
}

static void server_ended(jack_status_t code, const char *reason, void *argument) {
  (void)code;
  drv_cycle_end(((drv_jack *)argument)->cycle, reason != NULL ? reason : "the server gave no reason");
}

// PipeWire's library takes the other callback too, and never calls it.
static void server_vanished(void *argument) { server_ended(0, "the server has gone", argument); }

// MARK: Opening

static bool fill_table(void *library, jack_table *table, const char **missing) {
#define LOOK_UP(name)                                              \
  table->name = (__typeof__(table->name))dlsym(library, "jack_" #name); \
  if (table->name == NULL) {                                       \
    *missing = "jack_" #name;                                      \
    return false;                                                  \
  }
  JACK_FUNCTIONS(LOOK_UP)
#undef LOOK_UP
  table->get_version_string = (const char *(*)(void))dlsym(library, "jack_get_version_string");
  return true;
}

// FluidSynth brings jackd's libjack into every process that links it, and its symbols then stand before those of a
// library opened later: PipeWire's `jack_client_close` would call jackd's `jack_deactivate` and crash. Deep binding
// makes a library prefer itself. The sanitizers do not allow it.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define OWN_SYMBOLS_FIRST 0
#else
#define OWN_SYMBOLS_FIRST RTLD_DEEPBIND
#endif

static drv_jack *refuse(drv_jack *jack, drv_jack_report *report, drv_jack_outcome outcome, const char *detail) {
  report->outcome = outcome;
  if (detail != NULL) snprintf(report->detail, sizeof report->detail, "%s", detail);
  if (jack != NULL) free(jack->posts);
  free(jack);
  return NULL;
}

drv_jack *drv_jack_open(
    const char *library_name, const char *client_name, const char *server_name, drv_jack_report *report) {
  *report = (drv_jack_report){.outcome = DRV_JACK_OPEN};
  drv_jack *jack = calloc(1, sizeof *jack);
  if (jack == NULL) return refuse(jack, report, DRV_JACK_NO_MEMORY, NULL);
  jack->posts = malloc(DRV_LONG_SLOTS * sizeof *jack->posts);
  if (jack->posts == NULL) return refuse(jack, report, DRV_JACK_NO_MEMORY, NULL);
  memset(jack->posts, 0, DRV_LONG_SLOTS * sizeof *jack->posts);
  // Bound at once, so that the realtime thread never resolves a symbol; never unloaded, because JACK leaves
  // thread-specific destructors behind.
  void *library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL | OWN_SYMBOLS_FIRST);
  if (library == NULL) return refuse(jack, report, DRV_JACK_NO_LIBRARY, dlerror());
  const char *missing = NULL;
  if (!fill_table(library, &jack->api, &missing)) return refuse(jack, report, DRV_JACK_NO_SYMBOL, missing);
  jack->api.set_error_function(count_message);
  jack->api.set_info_function(count_message);

  jack_status_t status = 0;
  // From now on, because a server that hangs may leave us waiting in there.
  atomic_fetch_add(&open_clients, 1);
  jack->client = server_name != NULL
                     ? jack->api.client_open(client_name, JackNoStartServer | JackServerName, &status, server_name)
                     : jack->api.client_open(client_name, JackNoStartServer, &status);
  report->status = (uint32_t)status;
  if (jack->client != NULL) return jack;
  atomic_fetch_sub(&open_clients, 1);
  return refuse(jack, report, DRV_JACK_NO_SERVER, NULL);
}

static bool register_ports(drv_jack *jack) {
  for (int i = 0; i < DRV_CHANNELS; i++) {
    jack->outputs[i] = jack->api.port_register(
        jack->client, output_names[i], JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput | JackPortIsTerminal, 0);
    if (jack->outputs[i] == NULL) return false;
  }
  jack->midi_in = jack->api.port_register(
      jack->client, "midi_in", JACK_DEFAULT_MIDI_TYPE, JackPortIsInput | JackPortIsTerminal, 0);
  static const char *const input_names[] = {"in_left", "in_right"};
  for (int i = 0; i < DRV_JACK_PORTS - DRV_JACK_IN_LEFT; i++) {
    jack->inputs[i] = jack->api.port_register(
        jack->client, input_names[i], JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput | JackPortIsTerminal, 0);
    if (jack->inputs[i] == NULL) return false;
  }
  return jack->midi_in != NULL;
}

static bool set_callbacks(drv_jack *jack) {
  jack_client_t *client = jack->client;
  jack->api.on_shutdown(client, server_vanished, jack);
  jack->api.on_info_shutdown(client, server_ended, jack);
  return jack->api.set_process_callback(client, process, jack) == 0 &&
         jack->api.set_thread_init_callback(client, thread_init, jack) == 0 &&
         jack->api.set_buffer_size_callback(client, buffer_size_changed, jack) == 0 &&
         jack->api.set_sample_rate_callback(client, sample_rate_changed, jack) == 0 &&
         jack->api.set_xrun_callback(client, xrun_happened, jack) == 0 &&
         jack->api.set_freewheel_callback(client, freewheel_changed, jack) == 0;
}

int drv_jack_start(drv_jack *jack, drv_cycle *cycle) {
  jack->cycle = cycle;
  atomic_store(&jack->announced_frames, jack->api.get_buffer_size(jack->client));
  if (!register_ports(jack)) return STEP_PORTS;
  if (!set_callbacks(jack)) return STEP_CALLBACKS;
  if (jack->api.activate(jack->client) != 0) return STEP_ACTIVATE;
  jack->active = true;
  return 0;
}

const char *drv_jack_step(int step) {
  switch (step) {
    case STEP_PORTS: return "a port was refused";
    case STEP_CALLBACKS: return "a callback was refused";
    case STEP_ACTIVATE: return "the server did not activate the client";
    default: return "no step failed";
  }
}

// MARK: The end, and questions

void drv_jack_close(drv_jack *jack) {
  if (jack->cycle != NULL) drv_cycle_close(jack->cycle);
  bool ended = jack->cycle != NULL && drv_cycle_has_ended(jack->cycle);
  // A dead server cannot answer; closing alone does what is left to do.
  if (jack->active && !ended) jack->api.deactivate(jack->client);
  jack->api.client_close(jack->client);
  atomic_fetch_sub(&open_clients, 1);
  free(jack->posts);
  free(jack);
}

const char *drv_jack_name(const drv_jack *jack) { return jack->api.get_client_name(jack->client); }

const char *drv_jack_version(const drv_jack *jack) {
  const char *version = jack->api.get_version_string != NULL ? jack->api.get_version_string() : NULL;
  return version != NULL ? version : "";
}

double drv_jack_sample_rate(const drv_jack *jack) { return jack->api.get_sample_rate(jack->client); }

uint32_t drv_jack_buffer_size(const drv_jack *jack) { return jack->api.get_buffer_size(jack->client); }

bool drv_jack_is_realtime(const drv_jack *jack) { return jack->api.is_realtime(jack->client) != 0; }

uint64_t drv_socket_identity(const char *path) {
  struct stat facts;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path || stat(path, &facts) != 0) return 0;
  strcpy(address.sun_path, path);
  int link = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (link < 0) return 0;
  bool listens = connect(link, (struct sockaddr *)&address, sizeof address) == 0;
  close(link);
  return listens ? (uint64_t)facts.st_ino * 31 + (uint64_t)facts.st_ctim.tv_nsec + 1 : 0;
}

int drv_jack_open_clients(void) { return atomic_load(&open_clients); }

uint64_t drv_jack_messages(void) { return atomic_load_explicit(&messages, memory_order_relaxed); }
