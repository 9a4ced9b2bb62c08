#pragma once
#include "CDrivers.h"

#pragma clang assume_nonnull begin

typedef struct drv_resampler drv_resampler;

/// Places between two frames that are tabulated.
enum { DRV_SINC_PHASES = 256 };
/// DRV_SINC_PHASES + 1 rows of 2 × `half` weights: row p is for a place p parts behind frame `half` − 1 of its frames.
/// `narrowing`, at most 1, is what of the band is kept. To be freed; NULL when there is no memory.
float *_Nullable drv_sinc_table(uint32_t half, double narrowing);

/// From `from` to `to` frames a second, both whole. NULL when there is no memory. Every page is touched here.
drv_resampler *_Nullable drv_resampler_create(uint32_t from, uint32_t to);
void drv_resampler_destroy(drv_resampler *resampler);
/// Forgets what it was given. Realtime threads.
void drv_resampler_reset(drv_resampler *resampler);
/// Frames it has taken beyond the place it stands at.
uint32_t drv_resampler_ahead(const drv_resampler *resampler);

typedef void (*drv_source)(void *context, float *_Nullable const *_Nonnull outputs, uint32_t frames);

/// Fills `frames` of each of DRV_CHANNELS outputs, NULL where nobody listens, and pulls what it needs from `source`.
void drv_resampler_run(
    drv_resampler *resampler, drv_source source, void *context, float *_Nullable const *_Nonnull outputs, uint32_t frames);

#pragma clang assume_nonnull end
