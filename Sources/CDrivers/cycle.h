#pragma once
#include "CDrivers.h"

/// Hands on a MIDI message that came `offset` frames into the block that is about to run. The realtime thread only.
void drv_cycle_take_midi(drv_cycle *cycle, uint32_t offset, const uint8_t *bytes, size_t count);
