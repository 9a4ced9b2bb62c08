#include "CSynthYardstick.h"
#include <fluidsynth.h>
#include <stdlib.h>
#include <string.h>

enum { groups = 16, voices = 320, frames = 64, bank = 4 };

struct yardstick {
  int count;
  fluid_settings_t *settings[bank];
  fluid_synth_t *synth[bank];
  float buffers[2 * groups][frames];
  float *pairs[2 * groups];
};

static int open_synth(yardstick *stick, int index, const char *font, double rate) {
  fluid_settings_t *settings = new_fluid_settings();
  stick->settings[index] = settings;
  fluid_settings_setint(settings, "synth.threadsafe-api", 0);
  fluid_settings_setint(settings, "synth.reverb.active", 0);
  fluid_settings_setint(settings, "synth.chorus.active", 0);
  fluid_settings_setnum(settings, "synth.sample-rate", rate);
  if (stick->count == bank) {
    fluid_settings_setint(settings, "synth.midi-channels", 16 / bank * groups);
    fluid_settings_setint(settings, "synth.audio-groups", groups);
    fluid_settings_setint(settings, "synth.audio-channels", groups);
    fluid_settings_setint(settings, "synth.polyphony", voices);
  }
  stick->synth[index] = new_fluid_synth(settings);
  return stick->synth[index] && fluid_synth_sfload(stick->synth[index], font, 1) >= 0;
}

yardstick *yardstick_new(const char *font, double rate, int synths) {
  yardstick *stick = calloc(1, sizeof *stick);
  if (!stick) return 0;
  stick->count = synths;
  for (int i = 0; i < 2 * groups; i++) stick->pairs[i] = stick->buffers[i];
  for (int i = 0; i < synths; i++) {
    if (open_synth(stick, i, font, rate)) continue;
    yardstick_free(stick);
    return 0;
  }
  return stick;
}

void yardstick_free(yardstick *stick) {
  for (int i = 0; i < stick->count; i++) {
    if (stick->synth[i]) delete_fluid_synth(stick->synth[i]);
    if (stick->settings[i]) delete_fluid_settings(stick->settings[i]);
  }
  free(stick);
}

static fluid_synth_t *synth_of(yardstick *stick, int channel) {
  return stick->synth[stick->count == bank ? channel % bank : 0];
}
static int channel_of(yardstick *stick, int channel) {
  return stick->count == bank ? channel / bank * groups : channel;
}

void yardstick_program(yardstick *stick, int channel, int program) {
  fluid_synth_program_change(synth_of(stick, channel), channel_of(stick, channel), program);
}
void yardstick_note_on(yardstick *stick, int channel, int key, int velocity) {
  fluid_synth_noteon(synth_of(stick, channel), channel_of(stick, channel), key, velocity);
}
void yardstick_note_off(yardstick *stick, int channel, int key) {
  fluid_synth_noteoff(synth_of(stick, channel), channel_of(stick, channel), key);
}
int yardstick_voices(yardstick *stick) {
  int total = 0;
  for (int i = 0; i < stick->count; i++) total += fluid_synth_get_active_voice_count(stick->synth[i]);
  return total;
}

void yardstick_render(yardstick *stick) {
  if (stick->count == 1) {
    fluid_synth_write_float(stick->synth[0], frames, stick->buffers[0], 0, 1, stick->buffers[1], 0, 1);
    return;
  }
  for (int i = 0; i < stick->count; i++) {
    memset(stick->buffers, 0, sizeof stick->buffers);
    fluid_synth_process(stick->synth[i], frames, 0, 0, 2 * groups, stick->pairs);
  }
}
