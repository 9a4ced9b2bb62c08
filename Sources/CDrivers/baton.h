#pragma once
#include <pthread.h>

#include "CDrivers.h"

#pragma clang assume_nonnull begin

// Whose turn it is to render. One thread at a time is inside; only the holder of the baton renders there.

enum { DRV_SEAT_NOBODY = 0, DRV_SEAT_KEEPER = 1 };

int64_t drv_monotonic_nanoseconds(void);

/// A seat that no other device of this baton has or had.
int32_t drv_baton_seat(drv_baton *baton);
bool drv_baton_is_kept(const drv_baton *baton);
double drv_baton_rate(const drv_baton *baton);

/// False while another thread is inside; never waits. Realtime threads.
bool drv_baton_enter(drv_baton *baton);
void drv_baton_leave(drv_baton *baton);

// Inside only.

/// NULL where nothing comes in.
drv_input *_Nullable drv_baton_input(const drv_baton *baton);
/// Renders `frames` into `outputs` (DRV_CHANNELS places, NULL where nobody listens; or NULL), in slices.
void drv_baton_render(drv_baton *baton, float *_Nullable const *_Nullable outputs, uint32_t frames);
/// Frames rendered so far.
int64_t drv_baton_rendered(const drv_baton *baton);
/// The frame that the running clock is at, at a time on the monotonic clock.
int64_t drv_baton_due(const drv_baton *baton, int64_t nanoseconds);
/// MIDI on its way in and out, where the renderer has any; the device's own thread.
void drv_baton_take_midi(drv_baton *baton, int64_t frame, uint64_t packed);
bool drv_baton_next_midi(drv_baton *baton, int64_t limit, int64_t *frame, uint64_t *packed);
/// When that clock comes to a frame.
int64_t drv_baton_time_of(const drv_baton *baton, int64_t frame);
/// When the device that has the baton must have called again.
int64_t drv_baton_watch_limit(const drv_baton *baton, int64_t watchdog);
/// A device's block begins: the frame `first` is due now. Teaches the running clock the device's pace. False when the
/// device has fallen behind it for good, and the keeper must make the lost frames up.
bool drv_baton_anchor(drv_baton *baton, int64_t nanoseconds, int64_t first, uint32_t frames);
/// The device counts from here on, whatever came before: after it was taken, or went as fast as it could.
void drv_baton_set_anchor(drv_baton *baton, int64_t nanoseconds, int64_t first);
/// The thread that renders next, prepared when it is another one than before.
void drv_baton_prepare(drv_baton *baton);
int32_t drv_baton_holder(const drv_baton *baton);
/// From the keeper to a device that is back.
void drv_baton_hand_back(drv_baton *baton, int32_t seat, int64_t nanoseconds, int64_t first);
/// A device has called while the keeper still makes up the time it lost.
void drv_baton_called(drv_baton *baton, int64_t nanoseconds);
/// From a device to the keeper, for it is gone or has lost time.
void drv_baton_give_up(drv_baton *baton, bool is_lost);
/// For a keeper that has the baton: a device that goes while its lost time is made up is gone like any other.
void drv_baton_watch_resync(drv_baton *baton, int64_t nanoseconds, int64_t watchdog);

/// The device of this seat will not call any more: the keeper need not wait to notice. Any thread.
void drv_baton_device_ended(drv_baton *baton, int32_t seat);
bool drv_baton_has_ended(const drv_baton *baton, int32_t seat);

#pragma clang assume_nonnull end
