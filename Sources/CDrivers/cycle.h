#pragma once
#include "CDrivers.h"

// For the device's realtime thread only.

/// Hands on a MIDI message that came `offset` frames into the block that is about to run.
void drv_cycle_take_midi(drv_cycle *cycle, uint32_t offset, const uint8_t *bytes, size_t count);
/// Whether anybody wants what the device hears; and what it heard with the block that is about to run.
bool drv_cycle_listens(const drv_cycle *cycle);
void drv_cycle_take_input(drv_cycle *cycle, const float *left, const float *right, uint32_t frames);
/// The block that is about to run begins late, and not because of us.
void drv_cycle_woke_late(drv_cycle *cycle);
/// The device lost time: the keeper makes it up before the device goes on.
void drv_cycle_resync(drv_cycle *cycle);
