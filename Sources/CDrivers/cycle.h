#pragma once
#include "CDrivers.h"

#pragma clang assume_nonnull begin

// For the device's realtime thread only.

/// Hands on a MIDI message that came `offset` frames into the block that is about to run.
void drv_cycle_take_midi(drv_cycle *cycle, uint32_t offset, const uint8_t *bytes, size_t count);
/// The same for a message of any port; `count` 0 for one too long to be carried.
void drv_cycle_take_live(drv_cycle *cycle, uint32_t offset, int port, const uint8_t *bytes, size_t count);
/// Whether anybody wants what the device hears; and what it heard with the block that is about to run.
bool drv_cycle_listens(const drv_cycle *cycle);
void drv_cycle_take_input(drv_cycle *cycle, const float *left, const float *right, uint32_t frames);
/// The next message that is due in the block of `frames` that has just been played, and where in it. `first` is what
/// `drv_cycle_position` said before that block.
bool drv_cycle_next_out(drv_cycle *cycle, int64_t first, uint32_t frames, uint32_t *offset, uint64_t *packed);
int64_t drv_cycle_position(const drv_cycle *cycle);
/// `drv_cycle_run` in three steps, for a device that does more than sound in a block. False when the gate is shut: then
/// nothing else of the cycle may be called.
bool drv_cycle_enter(drv_cycle *cycle);
void drv_cycle_play(drv_cycle *cycle, float *_Nullable const *_Nullable outputs, uint32_t frames);
void drv_cycle_leave(drv_cycle *cycle);
void drv_cycle_silence(float *_Nullable const *_Nullable outputs, uint32_t frames);
/// The block that is about to run begins late, and not because of us.
void drv_cycle_woke_late(drv_cycle *cycle);
/// The device lost time: the keeper makes it up before the device goes on.
void drv_cycle_resync(drv_cycle *cycle);

#pragma clang assume_nonnull end
