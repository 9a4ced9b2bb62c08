#define _GNU_SOURCE
#include <alsa/asoundlib.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "CDrivers.h"

typedef struct {
  snd_seq_t *handle;
  snd_midi_event_t *coder;
  int queue;
} sequencer;

static const unsigned giving = SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ;
static const unsigned taking = SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_SUBS_WRITE;

static void close_sequencer(void *object) {
  sequencer *own = object;
  if (own->coder != NULL) snd_midi_event_free(own->coder);
  if (own->handle != NULL) snd_seq_close(own->handle);
  free(own);
}

static void ignore(const char *file, int line, const char *function, int error, const char *format, ...) {
  (void)file, (void)line, (void)function, (void)error, (void)format;
}

static void *open_sequencer(void *context, const char *name) {
  (void)context;
  sequencer *own = calloc(1, sizeof *own);
  if (own == NULL) return NULL;
  // A system without a sequencer is nothing to complain about.
  snd_lib_error_set_handler(ignore);
  bool is_there = snd_seq_open(&own->handle, "default", SND_SEQ_OPEN_DUPLEX, SND_SEQ_NONBLOCK) == 0;
  snd_lib_error_set_handler(NULL);
  if (!is_there) {
    own->handle = NULL;
    close_sequencer(own);
    return NULL;
  }
  snd_seq_set_client_name(own->handle, name);
  own->queue = snd_seq_alloc_named_queue(own->handle, name);
  if (own->queue < 0 || snd_midi_event_new(DRV_SEQUENCER_BYTES, &own->coder) != 0) {
    close_sequencer(own);
    return NULL;
  }
  // Every message with its own status byte.
  snd_midi_event_no_status(own->coder, 1);
  snd_seq_start_queue(own->handle, own->queue, NULL);
  snd_seq_drain_output(own->handle);
  return own;
}

static int make_port(void *object, const char *name, bool input) {
  sequencer *own = object;
  return snd_seq_create_simple_port(
      own->handle, name, input ? taking : giving, SND_SEQ_PORT_TYPE_MIDI_GENERIC | SND_SEQ_PORT_TYPE_APPLICATION);
}

static void drop_port(void *object, int port) { snd_seq_delete_simple_port(((sequencer *)object)->handle, port); }

static int link_ports(void *object, int own, bool input, int client, int port) {
  snd_seq_t *handle = ((sequencer *)object)->handle;
  int result = input ? snd_seq_connect_from(handle, own, client, port) : snd_seq_connect_to(handle, own, client, port);
  return result == -EBUSY ? 0 : result;
}

/// The port at its place among those of other clients that can do what is wanted; counts down `index`.
static bool find_port(
    snd_seq_t *handle, snd_seq_client_info_t *client, snd_seq_port_info_t *info, unsigned wanted, int *index) {
  snd_seq_port_info_set_client(info, snd_seq_client_info_get_client(client));
  snd_seq_port_info_set_port(info, -1);
  while (snd_seq_query_next_port(handle, info) >= 0) {
    unsigned able = snd_seq_port_info_get_capability(info);
    if ((able & wanted) != wanted || (able & SND_SEQ_PORT_CAP_NO_EXPORT) != 0) continue;
    if ((*index)-- == 0) return true;
  }
  return false;
}

static bool port_at(void *object, bool inputs, int index, int *number, int *port, char *name, int size) {
  snd_seq_t *handle = ((sequencer *)object)->handle;
  snd_seq_client_info_t *client;
  snd_seq_port_info_t *info;
  snd_seq_client_info_alloca(&client);
  snd_seq_port_info_alloca(&info);
  snd_seq_client_info_set_client(client, -1);
  while (snd_seq_query_next_client(handle, client) >= 0) {
    int other = snd_seq_client_info_get_client(client);
    // The system's own ports tell of clients that come and go, and carry no music.
    if (other == SND_SEQ_CLIENT_SYSTEM || other == snd_seq_client_id(handle)) continue;
    if (!find_port(handle, client, info, inputs ? giving : taking, &index)) continue;
    *number = other;
    *port = snd_seq_port_info_get_port(info);
    snprintf(
        name, (size_t)size, "%s:%s %d:%d", snd_seq_client_info_get_name(client), snd_seq_port_info_get_name(info),
        *number, *port);
    return true;
  }
  return false;
}

static int descriptor(void *object) {
  struct pollfd found = {.fd = -1};
  snd_seq_poll_descriptors(((sequencer *)object)->handle, &found, 1, POLLIN);
  return found.fd;
}

static int receive(void *object, int *port, uint8_t *bytes, int size) {
  sequencer *own = object;
  for (;;) {
    snd_seq_event_t *event = NULL;
    int result = snd_seq_event_input(own->handle, &event);
    // More came than the kernel keeps: what is left is whole.
    if (result == -ENOSPC) continue;
    if (result < 0 || event == NULL) return 0;
    *port = event->dest.port;
    // Its content is not carried, only that it came.
    if (event->type == SND_SEQ_EVENT_SYSEX) return size + 1;
    long count = snd_midi_event_decode(own->coder, bytes, size, event);
    snd_midi_event_reset_decode(own->coder);
    if (count > 0) return (int)count;
  }
}

static int send_bytes(void *object, int port, const uint8_t *bytes, int count, int64_t nanoseconds) {
  sequencer *own = object;
  snd_seq_event_t event;
  snd_seq_ev_clear(&event);
  snd_midi_event_reset_encode(own->coder);
  if (snd_midi_event_encode(own->coder, bytes, count, &event) != count || event.type == SND_SEQ_EVENT_NONE)
    return -EINVAL;
  snd_seq_ev_set_source(&event, port);
  snd_seq_ev_set_subs(&event);
  if (nanoseconds > 0) {
    snd_seq_real_time_t when = {
        .tv_sec = (unsigned)(nanoseconds / 1000000000), .tv_nsec = (unsigned)(nanoseconds % 1000000000)};
    snd_seq_ev_schedule_real(&event, own->queue, 1, &when);
  } else {
    snd_seq_ev_set_direct(&event);
  }
  int result = snd_seq_event_output_direct(own->handle, &event);
  return result < 0 ? result : 0;
}

const drv_sequencer *drv_alsa_sequencer(void) {
  static const drv_sequencer alsa = {
      .open = open_sequencer,
      .close = close_sequencer,
      .make_port = make_port,
      .drop_port = drop_port,
      .link = link_ports,
      .port_at = port_at,
      .descriptor = descriptor,
      .receive = receive,
      .send = send_bytes,
  };
  return &alsa;
}
