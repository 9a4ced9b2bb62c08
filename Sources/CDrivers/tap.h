#pragma once
#include "CDrivers.h"

/// Copies what fits and counts the rest. The realtime thread only.
void drv_tap_write(drv_tap *tap, const float *left, const float *right, uint32_t frames);
