// What the client's ports are connected to, and its MIDI ports. Ordinary threads.
#include <jack/jack.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "jack.h"

// MARK: Connections

static jack_port_t *port(const drv_jack *jack, int number) {
  if (number >= DRV_JACK_IN_LEFT) return jack->inputs[number - DRV_JACK_IN_LEFT];
  return number < DRV_CHANNELS ? jack->outputs[number] : jack->midi_in;
}

int drv_jack_connected(const drv_jack *jack, int number) {
  return port(jack, number) != NULL ? jack->api.port_connected(port(jack, number)) : 0;
}

static void write_names(const drv_jack *jack, const char **names, char *text, int size) {
  size_t used = 0, room = (size_t)size;
  text[0] = '\0';
  for (int i = 0; names != NULL && names[i] != NULL; i++) {
    // Half a name would be another port's.
    if (used + strlen(names[i]) + 2 > room) break;
    used += (size_t)snprintf(text + used, room - used, "%s%s", used > 0 ? "\n" : "", names[i]);
  }
  if (names != NULL) jack->api.free(names);
}

void drv_jack_connections(const drv_jack *jack, int number, char *text, int size) {
  write_names(jack, jack->api.port_get_all_connections(jack->client, port(jack, number)), text, size);
}

void drv_jack_physical_outputs(const drv_jack *jack, char *text, int size) {
  unsigned long flags = JackPortIsPhysical | JackPortIsInput;
  write_names(jack, jack->api.get_ports(jack->client, NULL, JACK_DEFAULT_AUDIO_TYPE, flags), text, size);
}

void drv_jack_sources(const drv_jack *jack, char *text, int size) {
  int used = 0;
  // Physical ones first, then those of other programs; ours are nobody's source.
  for (int turn = 0; turn < 2 && used < size; turn++) {
    unsigned long flags = JackPortIsOutput | (turn == 0 ? JackPortIsPhysical : 0);
    const char **names = jack->api.get_ports(jack->client, NULL, JACK_DEFAULT_AUDIO_TYPE, flags);
    int kept = 0;
    for (int i = 0; names != NULL && names[i] != NULL; i++) {
      jack_port_t *port = jack->api.port_by_name(jack->client, names[i]);
      bool is_physical = port != NULL && (jack->api.port_flags(port) & JackPortIsPhysical) != 0;
      if (port == NULL || jack->api.port_is_mine(jack->client, port) || (turn == 1 && is_physical)) continue;
      names[kept++] = names[i];
    }
    if (names != NULL) names[kept] = NULL;
    if (kept == 0) {
      if (names != NULL) jack->api.free(names);
      continue;
    }
    if (used > 0) text[used++] = '\n';
    write_names(jack, names, text + used, size - used);
    used += (int)strlen(text + used);
  }
  if (used == 0) text[0] = '\0';
}

void drv_jack_disconnect(drv_jack *jack, int number) {
  // Refused only by a server that is going.
  (void)jack->api.port_disconnect(jack->client, port(jack, number));
}

int drv_jack_round_trip(const drv_jack *jack) {
  jack_latency_range_t in = {0, 0}, out = {0, 0};
  jack->api.port_get_latency_range(jack->inputs[0], JackCaptureLatency, &in);
  jack->api.port_get_latency_range(jack->outputs[0], JackPlaybackLatency, &out);
  return (int)(in.max + out.max);
}

bool drv_jack_has_port(const drv_jack *jack, const char *name) {
  return jack->api.port_by_name(jack->client, name) != NULL;
}

const char *drv_jack_port_name(const drv_jack *jack, int number) {
  return jack->api.port_name(port(jack, number));
}

bool drv_jack_connect(drv_jack *jack, int number, const char *other) {
  const char *own = drv_jack_port_name(jack, number);
  bool is_output = number < DRV_CHANNELS;
  return jack->api.connect(jack->client, is_output ? own : other, is_output ? other : own) == 0;
}

// MARK: MIDI ports

void drv_jack_midi_list(const drv_jack *jack, bool inputs, char *text, int size) {
  const char **names = jack->api.get_ports(
      jack->client, NULL, JACK_DEFAULT_MIDI_TYPE, inputs ? JackPortIsOutput : JackPortIsInput);
  int kept = 0;
  for (int i = 0; names != NULL && names[i] != NULL; i++) {
    jack_port_t *other = jack->api.port_by_name(jack->client, names[i]);
    if (other != NULL && !jack->api.port_is_mine(jack->client, other)) names[kept++] = names[i];
  }
  if (names != NULL) names[kept] = NULL;
  write_names(jack, names, text, size);
}

static jack_port_t *made_port(drv_jack *jack, bool input, int slot) {
  char name[32];
  snprintf(name, sizeof name, "%s_%d", input ? "live" : "out", slot + 1);
  return jack->api.port_register(
      jack->client, name, JACK_DEFAULT_MIDI_TYPE,
      (input ? JackPortIsInput : JackPortIsOutput) | JackPortIsTerminal, 0);
}

bool drv_jack_midi_link(drv_jack *jack, bool input, int slot, const char *other) {
  if (!jack->active || drv_cycle_has_ended(jack->cycle)) return false;
  jack_port_t *own = atomic_load(&jack->midi[input][slot]);
  if (own == NULL) {
    own = made_port(jack, input, slot);
    if (own == NULL) return false;
    atomic_store(&jack->midi[input][slot], own);
  }
  if (jack->api.port_connected_to(own, other)) return true;
  if (jack->api.port_by_name(jack->client, other) == NULL) return false;
  const char *name = jack->api.port_name(own);
  return jack->api.connect(jack->client, input ? other : name, input ? name : other) == 0;
}

void drv_jack_midi_unlink(drv_jack *jack, bool input, int slot) {
  jack_port_t *own = atomic_exchange(&jack->midi[input][slot], NULL);
  if (own == NULL || !jack->active || drv_cycle_has_ended(jack->cycle)) return;
  // Two cycles: the one that may have read it has ended by then. A server that hangs is not waited for.
  uint64_t before = atomic_load(&jack->cycles);
  const struct timespec pause = {.tv_sec = 0, .tv_nsec = 1000000};
  for (int i = 0; i < 500 && atomic_load(&jack->cycles) < before + 2; i++) nanosleep(&pause, NULL);
  if (!drv_cycle_has_ended(jack->cycle)) jack->api.port_unregister(jack->client, own);
}

int drv_jack_midi_delay(const drv_jack *jack, int slot) {
  jack_port_t *own = atomic_load(&jack->midi[0][slot]);
  if (own == NULL) return 0;
  jack_latency_range_t sound = {0, 0}, midi = {0, 0};
  jack->api.port_get_latency_range(jack->outputs[0], JackPlaybackLatency, &sound);
  jack->api.port_get_latency_range(own, JackPlaybackLatency, &midi);
  return sound.max > midi.max ? (int)(sound.max - midi.max) : 0;
}

int drv_jack_sound_delay(const drv_jack *jack) {
  jack_latency_range_t sound = {0, 0};
  if (jack->outputs[0] != NULL) jack->api.port_get_latency_range(jack->outputs[0], JackPlaybackLatency, &sound);
  return (int)sound.max;
}

bool drv_jack_midi_post(drv_jack *jack, int slot, const uint8_t *bytes, int count) {
  uint32_t written = atomic_load_explicit(&jack->posts_written, memory_order_relaxed);
  if (count > DRV_LONG_BYTES || written - atomic_load_explicit(&jack->posts_sent, memory_order_acquire) >= DRV_LONG_SLOTS)
    return false;
  long_message *post = &jack->posts[written % DRV_LONG_SLOTS];
  post->slot = slot;
  post->count = count;
  memcpy(post->bytes, bytes, (size_t)count);
  atomic_store_explicit(&jack->posts_written, written + 1, memory_order_release);
  return true;
}
