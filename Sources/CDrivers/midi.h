#pragma once
#include "CDrivers.h"

/// One short message, `frame` counted as `drv_figures.frames` is. The realtime thread only; counts a drop when full.
void drv_midi_push(drv_midi *midi, int64_t frame, const uint8_t *bytes, size_t count);
