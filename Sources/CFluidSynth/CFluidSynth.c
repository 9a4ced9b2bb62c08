#include "CFluidSynth.h"
#include <sys/stat.h>

static void say_nothing(int level, const char *message, void *data) {
  (void)level;
  (void)message;
  (void)data;
}

void synth_silence_log(void) {
  for (int level = 0; level < LAST_LOG_LEVEL; level++) fluid_set_log_function(level, say_nothing, 0);
}

void synth_render_ahead(fluid_synth_t *synth, int frames, float *groups, int count) {
  float *dry[2 * SYNTH_BLOCKS];
  for (int i = 0; i < 2 * count; i++) dry[i] = groups + SYNTH_GRID_FRAMES * i;
  fluid_synth_process(synth, frames, 0, 0, 2 * count, dry);
}

uint64_t synth_file_stamp(const char *path) {
  struct stat file;
  if (stat(path, &file) != 0) return 0;
  return (uint64_t)file.st_mtim.tv_sec * 1000000000u + (uint64_t)file.st_mtim.tv_nsec + ((uint64_t)file.st_size << 20);
}

// Whether a note on a key has voices of an exclusive class. A voice that another silences forgets its class, so each
// note is looked at before the next one is struck.
static int is_exclusive(fluid_synth_t *synth, int key, int velocity) {
  fluid_voice_t *list[SYNTH_VOICES + 1];
  fluid_synth_noteon(synth, 0, key, velocity);
  fluid_synth_get_voicelist(synth, list, SYNTH_VOICES + 1, -1);
  int found = 0;
  for (int i = 0; i < SYNTH_VOICES && list[i]; i++) {
    found |= fluid_voice_get_key(list[i]) == key && fluid_voice_gen_get(list[i], GEN_EXCLUSIVECLASS) != 0.0f;
  }
  return found;
}

static void find_keys(fluid_synth_t *synth, int groups, struct synth_exclusive_keys *keys) {
  float scratch[2 * SYNTH_BLOCKS * SYNTH_GRID_FRAMES];
  for (int key = 0; key < 128; key++) {
    if (is_exclusive(synth, key, 100)) *(key < 64 ? &keys->low : &keys->high) |= 1ull << (key & 63);
    if (key % 16 != 15) continue;
    fluid_synth_all_sounds_off(synth, 0);
    synth_render_ahead(synth, SYNTH_GRID_FRAMES, scratch, groups);
  }
}

int synth_find_exclusive_keys(fluid_synth_t *synth, int groups, struct synth_exclusive_keys *keys, int capacity) {
  int count = 0;
  fluid_sfont_t *font = fluid_synth_get_sfont(synth, 0);
  if (!font) return 0;
  fluid_sfont_iteration_start(font);
  for (fluid_preset_t *preset; count < capacity && (preset = fluid_sfont_iteration_next(font));) {
    int bank = fluid_preset_get_banknum(preset);
    int program = fluid_preset_get_num(preset);
    if (fluid_synth_program_select(synth, 0, fluid_sfont_get_id(font), bank, program) != FLUID_OK) continue;
    keys[count] = (struct synth_exclusive_keys){(int16_t)bank, (int16_t)program, 0, 0};
    find_keys(synth, groups, &keys[count++]);
  }
  return count;
}
