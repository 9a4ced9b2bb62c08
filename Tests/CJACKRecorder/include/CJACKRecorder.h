#pragma once
// A second client of a JACK server, for tests: it records two inputs and turns the server's knobs. It shares no
// code with the driver it listens to.
#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Whether this build runs under ThreadSanitizer, which ends the process when libjack ends its threads.
bool rec_is_thread_sanitized(void);

typedef struct rec rec;

/// NULL when there is no library, no such server, or no memory.
rec *_Nullable rec_open(const char *name, const char *server, uint64_t capacity_frames);
void rec_close(rec *recorder);
bool rec_connect(rec *recorder, const char *source, int channel);
/// Connects or disconnects any two ports.
bool rec_patch(rec *recorder, const char *source, const char *destination, bool connected);
/// Puts a message of up to 8 bytes on port `midi_out` in the next cycle, `copies` times.
void rec_send(rec *recorder, const uint8_t *bytes, int count, int copies);
/// Frames recorded so far, and the samples of channel 0 or 1.
uint64_t rec_frames(const rec *recorder);
const float *rec_channel(const rec *recorder, int channel);
uint64_t rec_xruns(const rec *recorder);
bool rec_set_period(rec *recorder, uint32_t frames);
bool rec_set_freewheeling(rec *recorder, bool on);
/// Names, one per line, of the ports whose full name contains `part`; truncated to `size` bytes.
void rec_ports(rec *recorder, const char *part, char *text, int size);
/// Names, one per line, of the ports connected to `port`.
void rec_connections(rec *recorder, const char *port, char *text, int size);
/// From the next cycle on, plays `rec_noise` of each frame of `rec_clock` on port `out`; or nothing.
void rec_set_feeding(rec *recorder, bool feeds);
/// Noise of a peak of 0.25, a sample for each frame number.
float rec_noise(uint64_t frame);
/// Frames the client has been called for.
uint64_t rec_clock(const rec *recorder);
/// Sends three bytes on `midi_out` at a frame of that clock; ones that are late go out at once. Frames must not
/// descend. False when the list is full. One thread.
bool rec_schedule(rec *recorder, uint64_t frame, uint8_t status, uint8_t data1, uint8_t data2);

/// Short messages that came in on `midi_in`, and one of them: its frame on that clock and its three bytes.
uint64_t rec_heard_count(const rec *recorder);
uint64_t rec_heard(const rec *recorder, uint64_t index, uint8_t *bytes);

#pragma clang assume_nonnull end
