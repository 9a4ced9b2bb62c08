#include "alsa_format.h"

#include <math.h>
#include <string.h>

#include "CDrivers.h"

static int32_t scaled(float sample, double full) {
  double value = (double)sample * full;
  // Written so that what is no number becomes silence.
  if (!(value > -full)) return value <= -full ? (int32_t)-full : 0;
  return (int32_t)lrint(value < full ? value : full);
}

static size_t store(unsigned char *place, snd_pcm_format_t format, float sample) {
  switch (format) {
    case SND_PCM_FORMAT_S32_LE: {
      int32_t value = scaled(sample, 2147483647.0);
      memcpy(place, &value, 4);
      return 4;
    }
    case SND_PCM_FORMAT_S24_3LE: {
      int32_t value = scaled(sample, 8388607.0);
      place[0] = (unsigned char)value;
      place[1] = (unsigned char)(value >> 8);
      place[2] = (unsigned char)(value >> 16);
      return 3;
    }
    case SND_PCM_FORMAT_S16_LE: {
      int16_t value = (int16_t)scaled(sample, 32767.0);
      memcpy(place, &value, 2);
      return 2;
    }
    default: memcpy(place, &sample, 4); return 4;
  }
}

void drv_alsa_pack(
    unsigned char *place, snd_pcm_format_t format, uint32_t card_channels, float *const *channels, uint32_t first,
    uint32_t frames) {
  for (uint32_t frame = first; frame < first + frames; frame++)
    for (uint32_t channel = 0; channel < card_channels; channel++) {
      bool is_ours = channels != NULL && channel < DRV_CHANNELS;
      place += store(place, format, is_ours ? channels[channel][frame] : 0);
    }
}
