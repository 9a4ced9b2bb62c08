#pragma once
#include <alsa/asoundlib.h>
#include <stdint.h>

/// Interleaves `frames` from `first` on into `place`: the renderer's channels, silence in what the card has more, or
/// silence alone. Samples beyond full scale are cut to it.
void drv_alsa_pack(
    unsigned char *place, snd_pcm_format_t format, uint32_t card_channels, float *const *channels, uint32_t first,
    uint32_t frames);
