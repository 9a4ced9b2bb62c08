#pragma once
#include <jack/jack.h>
#include <jack/midiport.h>
#include <stdatomic.h>

#include "cycle.h"

// The client as its two halves see it: jack.c opens, calls and closes it, jack_ports.c connects its ports.

// Every function that is used, by the name it has in the library without `jack_`.
#define JACK_FUNCTIONS(each)       \
  each(set_error_function)         \
  each(set_info_function)          \
  each(client_open)                \
  each(client_close)               \
  each(get_client_name)            \
  each(client_thread_id)           \
  each(activate)                   \
  each(deactivate)                 \
  each(port_register)              \
  each(port_get_buffer)            \
  each(port_name)                  \
  each(port_connected)             \
  each(port_by_name)               \
  each(port_flags)                 \
  each(port_get_all_connections)   \
  each(frames_since_cycle_start)   \
  each(port_unregister)            \
  each(port_connected_to)          \
  each(port_is_mine)               \
  each(port_get_latency_range)     \
  each(midi_clear_buffer)          \
  each(midi_event_reserve)         \
  each(midi_get_event_count)       \
  each(midi_event_get)             \
  each(get_ports)                  \
  each(connect)                    \
  each(port_disconnect)            \
  each(free)                       \
  each(get_sample_rate)            \
  each(get_buffer_size)            \
  each(is_realtime)                \
  each(set_process_callback)       \
  each(set_thread_init_callback)   \
  each(set_buffer_size_callback)   \
  each(set_sample_rate_callback)   \
  each(set_xrun_callback)          \
  each(set_freewheel_callback)     \
  each(on_shutdown)                \
  each(on_info_shutdown)

typedef struct {
#define FIELD(name) __typeof__(&jack_##name) name;
  JACK_FUNCTIONS(FIELD)
#undef FIELD
  // JACK1 lacks it.
  const char *(*get_version_string)(void);
} jack_table;

/// A message too long for the renderer's way out.
typedef struct {
  int slot, count;
  uint8_t bytes[DRV_LONG_BYTES];
} long_message;

struct drv_jack {
  jack_table api;
  jack_client_t *client;
  jack_port_t *outputs[DRV_CHANNELS], *midi_in, *inputs[DRV_JACK_PORTS - DRV_JACK_IN_LEFT];
  drv_cycle *cycle;
  _Atomic jack_nframes_t announced_frames;
  bool active;
  /// Ports of ours that are connected to others', by direction (0 out, 1 in) and slot: the realtime thread uses what it
  /// reads here in the cycle in which it reads it.
  _Atomic(jack_port_t *) midi[2][DRV_MIDI_PORTS];
  _Atomic uint64_t cycles;
  /// A message that found its port's buffer full.
  bool is_kept;
  uint64_t kept;
  long_message *posts;
  _Atomic uint32_t posts_written, posts_sent;
};
