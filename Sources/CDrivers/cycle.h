#pragma once
#include "CDrivers.h"

/// Two buffers of DRV_SLICE_FRAMES for a device that brings none. The realtime thread only.
float *drv_cycle_spare(drv_cycle *cycle, int channel);
