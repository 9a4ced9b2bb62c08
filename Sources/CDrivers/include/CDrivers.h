#pragma once
// The realtime half of the audio drivers: what runs inside a device's callback or a paced thread. It is C because
// a Swift class, closure or existential there could retain, allocate or lock. Swift owns these objects and reads
// their figures; it never stands in a callback.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// The channels a renderer fills: main left and right, cue left and right, click.
enum { DRV_CHANNELS = 5 };

/// `outputs` has DRV_CHANNELS buffers.
typedef void (*drv_render)(void *context, float *_Nonnull const *_Nonnull outputs, int32_t frames);
typedef void (*drv_begin_thread)(void *context);

/// The most frames one call of a renderer is asked for; longer device buffers are rendered in slices.
enum { DRV_SLICE_FRAMES = 8192, DRV_REASON_BYTES = 256 };

// MARK: Tap: a fixed stretch of memory that keeps what was rendered.

typedef struct drv_tap drv_tap;
/// NULL when the memory is not to be had. Every page is touched here.
drv_tap *_Nullable drv_tap_create(uint64_t capacity_frames);
void drv_tap_destroy(drv_tap *tap);
/// Frames kept so far, and frames that came after it was full. Any thread.
uint64_t drv_tap_filled(const drv_tap *tap);
uint64_t drv_tap_missed(const drv_tap *tap);
/// Channel 0 or 1; valid up to `drv_tap_filled`.
const float *drv_tap_channel(const drv_tap *tap, int channel);

// MARK: MIDI that came in, from the realtime thread to one ordinary one.

enum { DRV_MIDI_SLOTS = 1024, DRV_MIDI_BYTES = 3 };

typedef struct drv_midi drv_midi;
typedef struct {
  /// Counted as `drv_figures.frames` is.
  int64_t frame;
  uint8_t count;
  uint8_t bytes[DRV_MIDI_BYTES];
} drv_midi_input;

/// NULL when the memory is not to be had. Every page is touched here.
drv_midi *_Nullable drv_midi_create(void);
void drv_midi_destroy(drv_midi *midi);
/// The oldest message; false when none waits. One ordinary thread at a time.
bool drv_midi_pop(drv_midi *midi, drv_midi_input *input);
/// Messages that found the ring full. Any thread.
uint64_t drv_midi_dropped(const drv_midi *midi);

// MARK: Input: sound that comes in, from its source's thread to whoever renders.

typedef struct drv_input drv_input;

typedef enum {
  DRV_INPUT_NONE,
  /// The device that plays: ports of its own.
  DRV_INPUT_DEVICE,
  /// A card with a clock of its own.
  DRV_INPUT_CARD,
} drv_input_source;

typedef struct {
  drv_input_source source;
  /// Blocks that came in, their frames, frames that were lost, frames that had not come when they were due, and how often
  /// the place was given up because it was too far off.
  uint64_t pushes, captured, overruns, underruns, resyncs;
  double rate;
  /// Whether the source has the renderer's clock.
  bool is_direct;
  /// Frames of the renderer from a frame's coming to its place in a block, and how much faster the source's clock is.
  double latency, drift;
  /// The highest sample since the source was chosen.
  float peak;
} drv_input_figures;

/// NULL when the memory is not to be had. Every page is touched here. Nothing comes in.
drv_input *_Nullable drv_input_create(double renderer_rate);
/// After the source and the renderer have stopped.
void drv_input_destroy(drv_input *input);
/// From now on that source is heard. Any ordinary thread.
void drv_input_use(drv_input *input, drv_input_source source);
/// The source's rate, and whether its clock is the renderer's own. The source's thread.
void drv_input_set_clock(drv_input *input, double rate, bool is_direct);
/// Any thread.
void drv_input_figures_of(const drv_input *input, drv_input_figures *figures);
/// Two buffers of DRV_SLICE_FRAMES, for whoever renders.
float *_Nonnull const *_Nonnull drv_input_buffers(drv_input *input);
// For a source of one's own, and for whoever renders: see input.h.
void drv_input_push(
    drv_input *input, drv_input_source source, const float *left, const float *_Nullable right, uint32_t frames,
    int64_t nanoseconds);
bool drv_input_pull(drv_input *input, float *left, float *right, uint32_t frames, int64_t nanoseconds);

// MARK: Baton: one renderer, and whose turn it is to drive it.

/// Time that a keeper makes up at most; beyond it the clock goes on from the present.
enum { DRV_CATCH_UP_SECONDS = 600 };

typedef struct drv_baton drv_baton;

typedef struct {
  /// Frames rendered so far, whoever drove.
  int64_t frames;
  /// Devices that stopped calling, those that called again, and how often one had lost time without going.
  uint64_t losses, returns, resyncs;
  /// How long the last device that came back had been away.
  double seconds_away;
  /// What the renderer's count was off the running clock, in frames, as a device last took over, and at worst.
  int64_t frames_off, worst_off;
  /// Seconds since a device's last block.
  double silence;
  bool is_keeping;
  /// The keeper drives to make up what a device has lost that is still there.
  bool is_resyncing;
} drv_baton_figures;

/// NULL when the memory is not to be had. A kept baton is the keeper's until a device calls, and again when it does not;
/// one that is not kept is its device's for good.
drv_baton *_Nullable drv_baton_create(
    drv_render render, drv_begin_thread begin, void *context, double rate, bool is_kept, drv_tap *_Nullable tap);
/// Only after every cycle of it is closed and its keeper has ended.
void drv_baton_destroy(drv_baton *baton);
int64_t drv_baton_frames(const drv_baton *baton);
/// What comes in with the frames that are rendered next; on the thread that renders.
typedef void (*drv_take_input)(void *context, const float *left, const float *right, int32_t frames);
/// Before the first block. The input outlives the baton.
void drv_baton_set_input(drv_baton *baton, drv_take_input take, drv_input *input);
/// A short message that came in `frame`, packed from the lowest byte up: port, count of bytes, bytes.
typedef void (*drv_take_midi)(void *context, int64_t frame, uint64_t packed);
/// The next one that is due before `limit`; false when there is none.
typedef bool (*drv_next_midi)(void *context, int64_t limit, int64_t *frame, uint64_t *packed);
/// Before the first block.
void drv_baton_set_midi(drv_baton *baton, drv_take_midi take, drv_next_midi next);
/// The frame that the running clock is at, at a time on the monotonic clock, and the other way. Any thread; waits for
/// nothing.
int64_t drv_baton_frame_at(const drv_baton *baton, int64_t nanoseconds);
int64_t drv_baton_time_at(const drv_baton *baton, int64_t frame);
/// Any thread.
void drv_baton_figures_of(const drv_baton *baton, drv_baton_figures *figures);

// MARK: Keeper: drives a kept baton by the monotonic clock while no device does.

typedef struct drv_keeper drv_keeper;

typedef struct {
  /// Blocks it rendered, those that came more than a period late, and those that took more than half of theirs.
  uint64_t blocks, late_wakes, late_blocks;
  /// Frames that were given up because there were too many to be made up.
  uint64_t lost_frames;
  double load, worst;
  int32_t thread;
  uint32_t period;
} drv_keeper_figures;

drv_keeper *_Nullable drv_keeper_create(drv_baton *baton, uint32_t period, double watchdog_seconds);
void drv_keeper_destroy(drv_keeper *keeper);
/// Runs until it is told to stop. The calling thread is a realtime thread.
void drv_keeper_run(drv_keeper *keeper);
void drv_keeper_stop(drv_keeper *keeper);
void drv_keeper_set_period(drv_keeper *keeper, uint32_t period);
void drv_keeper_figures_of(const drv_keeper *keeper, drv_keeper_figures *figures);

// MARK: Cycle: what one device drives, with its figures and its gate.

typedef struct drv_cycle drv_cycle;

typedef enum {
  /// A block of ours took too much of the processor.
  DRV_XRUN_OWN,
  /// Our thread was woken too late, and did not work too long.
  DRV_XRUN_LATE_WAKE,
  /// The server or another client of it.
  DRV_XRUN_OTHERS,
  /// The card ran dry.
  DRV_XRUN_DEVICE,
  DRV_XRUN_CAUSES,
} drv_xrun_cause;

enum { DRV_MAXIMUM_RATE = 192000 };

typedef struct {
  uint64_t callbacks, frames, late_blocks, period_changes;
  uint64_t xruns[DRV_XRUN_CAUSES];
  /// Frames that the device did not play and that the timeline was moved by.
  uint64_t lost_frames;
  double sample_rate, load, worst;
  /// Seconds since the last block, or since the cycle was made.
  double silence;
  uint32_t period;
  /// The kernel's id of the thread that renders, 0 before its first block.
  int32_t thread;
  bool freewheeling, resampling, ended;
} drv_figures;

/// NULL when the memory is not to be had, or the rate is none. The gate is open. Where the device's rate is not the
/// renderer's, what is rendered is resampled.
drv_cycle *_Nullable drv_cycle_create(drv_baton *baton, double sample_rate);
/// Only after `drv_cycle_close` and after its thread is gone.
void drv_cycle_destroy(drv_cycle *cycle);
/// Plays one block. The realtime thread only. `outputs` has DRV_CHANNELS places, NULL where the device has no
/// channel; it may itself be NULL: the renderer's time moves all the same.
void drv_cycle_run(drv_cycle *cycle, float *_Nullable const *_Nullable outputs, uint32_t frames);
/// Where short MIDI messages wait that came in with the blocks; NULL for none. Before the first block.
void drv_cycle_set_midi(drv_cycle *cycle, drv_midi *_Nullable midi);
/// Prepares the calling thread for rendering; `drv_cycle_run` does it by itself on a thread it has not seen.
void drv_cycle_begin(drv_cycle *cycle);
/// Shuts the gate: when this returns, this device does not render and will not any more. Not for the realtime thread.
/// Idempotent.
void drv_cycle_close(drv_cycle *cycle);
bool drv_cycle_is_open(const drv_cycle *cycle);
/// Any thread.
void drv_cycle_figures(const drv_cycle *cycle, drv_figures *figures);
/// The device is gone; the first reason stays. Any thread; waits for nothing.
void drv_cycle_end(drv_cycle *cycle, const char *reason);
bool drv_cycle_has_ended(const drv_cycle *cycle);
/// The reason given to `drv_cycle_end`, or an empty string.
const char *drv_cycle_reason(const drv_cycle *cycle);
void drv_cycle_count_xrun(drv_cycle *cycle, drv_xrun_cause cause);
/// A server tells of an interruption that may be anybody's: ours when a block of ours was in trouble lately.
void drv_cycle_blame_xrun(drv_cycle *cycle);
void drv_cycle_count_period_change(drv_cycle *cycle);
/// From the next block on. One ordinary thread at a time; false, and nothing changes, when there is no memory or it has
/// been at too many different rates.
bool drv_cycle_set_sample_rate(drv_cycle *cycle, double sample_rate);
void drv_cycle_set_freewheeling(drv_cycle *cycle, bool freewheeling);

/// Whether the thread with this kernel id is scheduled SCHED_FIFO or SCHED_RR now.
bool drv_thread_is_realtime(int32_t thread);

// MARK: Timer: paces a cycle by the monotonic clock.

/// Runs until the gate is shut. The calling thread is the realtime thread.
void drv_timer_run(drv_cycle *cycle, uint32_t period_frames);

// MARK: ALSA: a card, or whatever the system's configuration calls a PCM.

typedef struct drv_alsa drv_alsa;

typedef struct {
  /// 0, or ALSA's error, and the step that met it.
  int error;
  const char *_Nullable step;
  char detail[DRV_REASON_BYTES];
} drv_alsa_report;

typedef struct {
  uint32_t rate, period, periods, channels;
  /// ALSA's name of the sample format.
  const char *format;
  bool is_mapped;
} drv_alsa_terms;

/// Opens a PCM by ALSA's name for it and settles on format, channels, rate and period; nothing runs yet. The rate and the
/// period may be others than the asked ones.
drv_alsa *_Nullable drv_alsa_open(
    const char *name, uint32_t rate, uint32_t period, uint32_t periods, drv_alsa_report *report);
/// Not while `drv_alsa_run` runs.
void drv_alsa_close(drv_alsa *alsa);
drv_alsa_terms drv_alsa_terms_of(const drv_alsa *alsa);
/// Plays until the gate is shut or the card is gone; then the cycle has ended, with the reason. The calling thread is the
/// realtime thread.
void drv_alsa_run(drv_alsa *alsa, drv_cycle *cycle);

// MARK: A card that is listened to, with a thread of its own.

typedef struct drv_capture drv_capture;

/// As `drv_alsa_open`, for sound that comes in.
drv_capture *_Nullable drv_capture_open(const char *name, uint32_t rate, uint32_t period, drv_alsa_report *report);
/// Not while `drv_capture_run` runs.
void drv_capture_close(drv_capture *capture);
drv_alsa_terms drv_capture_terms_of(const drv_capture *capture);
/// Listens until it is told to stop or the card is gone.
void drv_capture_run(drv_capture *capture, drv_input *input);
void drv_capture_stop(drv_capture *capture);
/// Why it ended by itself; NULL while it has not.
const char *_Nullable drv_capture_complaint(const drv_capture *capture);

/// The next card after number `after` (−1 for the first): its number, or −1. Its name, for a person and for ALSA.
int drv_alsa_next_card(int after, char *id, char *name, char *driver, int size);

// MARK: ALSA's sequencer

enum { DRV_SEQUENCER_BYTES = 1024 };

/// What a sequencer does for us. None of it waits; one thread at a time calls.
typedef struct {
  void *_Nullable context;
  /// A client of our own, or NULL where there is no sequencer.
  void *_Nullable (*_Nonnull open)(void *_Nullable context, const char *name);
  void (*close)(void *sequencer);
  /// A port of our own: its number, or below 0.
  int (*make_port)(void *sequencer, const char *name, bool input);
  void (*drop_port)(void *sequencer, int own);
  /// Connects it with a port of another client. 0 when it is connected now.
  int (*link)(void *sequencer, int own, bool input, int client, int port);
  /// The ports of others that give (`inputs`) or take, by their place among all; false behind the last.
  bool (*port_at)(void *sequencer, bool inputs, int index, int *client, int *port, char *name, int size);
  /// Readable when something has come in.
  int (*descriptor)(void *sequencer);
  /// The next message that came in: its length (0 for none), the first bytes, and our port.
  int (*receive)(void *sequencer, int *own, uint8_t *bytes, int size);
  /// Sends a message from our port in so many nanoseconds. 0 when it was taken.
  int (*send)(void *sequencer, int own, const uint8_t *bytes, int count, int64_t nanoseconds);
} drv_sequencer;

/// The system's.
const drv_sequencer *drv_alsa_sequencer(void);

// MARK: JACK, found at run time, so that one binary serves jackd, PipeWire and neither.

typedef struct drv_jack drv_jack;

typedef enum {
  DRV_JACK_OPEN,
  DRV_JACK_NO_LIBRARY,
  DRV_JACK_NO_SYMBOL,
  DRV_JACK_NO_SERVER,
  DRV_JACK_NO_MEMORY,
} drv_jack_outcome;

typedef struct {
  drv_jack_outcome outcome;
  /// JACK's own status bits.
  uint32_t status;
  char detail[DRV_REASON_BYTES];
} drv_jack_report;

/// Connects to a running server; never starts one. The client is not yet active and has no ports.
drv_jack *_Nullable drv_jack_open(
    const char *library, const char *client_name, const char *_Nullable server_name, drv_jack_report *report);
/// Registers the ports, sets the callbacks and activates. 0, or the step that failed (see `drv_jack_step`).
int drv_jack_start(drv_jack *jack, drv_cycle *cycle);
const char *drv_jack_step(int step);
/// Our ports: the outputs in the renderer's order, the main pair first, then `midi_in`, `in_left` and `in_right`.
enum { DRV_JACK_MAIN = 2, DRV_JACK_IN_LEFT = DRV_CHANNELS + 1, DRV_JACK_PORTS = DRV_CHANNELS + 3 };
/// How many connections one of ours has. Only while the server is there.
int drv_jack_connected(const drv_jack *jack, int number);
/// Full names of the ports that are connected to one of ours, a line each, as many as `size` bytes hold. Like what
/// follows, for an ordinary thread while the client is active.
void drv_jack_connections(const drv_jack *jack, int number, char *text, int size);
/// Full names of the physical playback ports, the usual ones first, likewise.
void drv_jack_physical_outputs(const drv_jack *jack, char *text, int size);
/// Full names of others' audio ports that give sound, physical ones first, likewise.
void drv_jack_sources(const drv_jack *jack, char *text, int size);
bool drv_jack_has_port(const drv_jack *jack, const char *name);
/// The full name of one of ours, valid until the client is closed.
const char *drv_jack_port_name(const drv_jack *jack, int number);
/// May wait for the server. False when it refuses; a server may also say yes and connect nothing, so who wants to know
/// looks at the connections.
bool drv_jack_connect(drv_jack *jack, int number, const char *other);
/// Takes apart whatever is connected to one of ours.
void drv_jack_disconnect(drv_jack *jack, int number);
/// How long the sound at `in_left` was on its way to us, and how long that of `out_left` is on its way to the air, in
/// frames of the device, as the server says.
int drv_jack_round_trip(const drv_jack *jack);
/// Shuts the cycle's gate, then leaves the server and frees the client. Safe after the server's death.
void drv_jack_close(drv_jack *jack);

// MARK: JACK's MIDI ports beside those: by direction and slot, each with a port of ours connected to one of another's.

enum { DRV_MIDI_PORTS = 16, DRV_LONG_BYTES = 1024, DRV_LONG_SLOTS = 16 };
/// The MIDI ports of others, a full name a line: those that give (`inputs`, for us to hear) or those that take.
void drv_jack_midi_list(const drv_jack *jack, bool inputs, char *text, int size);
/// Has a port of ours in the slot, connected to that one of another; true when it is connected now. Ordinary thread, while
/// the client is active.
bool drv_jack_midi_link(drv_jack *jack, bool input, int slot, const char *other);
/// Takes the slot's port away. Waits for the cycle that may be using it, not longer than that of a living server.
void drv_jack_midi_unlink(drv_jack *jack, bool input, int slot);
/// How much later than the port's MIDI the sound of the main outputs is heard, in frames of the device.
int drv_jack_midi_delay(const drv_jack *jack, int slot);
/// Frames of the device from a cycle's start until its sound is heard.
int drv_jack_sound_delay(const drv_jack *jack);
/// Sends a longer message with the next cycle; false when too many wait. One ordinary thread at a time.
bool drv_jack_midi_post(drv_jack *jack, int slot, const uint8_t *bytes, int count);
const char *drv_jack_name(const drv_jack *jack);
const char *drv_jack_version(const drv_jack *jack);
double drv_jack_sample_rate(const drv_jack *jack);
uint32_t drv_jack_buffer_size(const drv_jack *jack);
bool drv_jack_is_realtime(const drv_jack *jack);
/// A number that stays while the same program listens at this path; 0 when none does.
uint64_t drv_socket_identity(const char *path);
/// Clients this process holds open now or waits for the server to open, and lines JACK would have printed since the process began.
int drv_jack_open_clients(void);
uint64_t drv_jack_messages(void);

#pragma clang assume_nonnull end
