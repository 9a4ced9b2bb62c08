#pragma once
#include "CDrivers.h"

// `drv_input_push` brings what a source heard until now, on the source's own thread; what comes from another source than
// the one in use is dropped, and `right` may be NULL for one channel. `drv_input_pull` gives the next frames at the
// renderer's rate, silence where there are none; false while no source is in use. One thread at a time, whoever renders.
/// The source lost `frames` of what it heard.
void drv_input_count_lost(drv_input *input, uint64_t frames);
