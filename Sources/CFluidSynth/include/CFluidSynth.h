#pragma once
#include <fluidsynth.h>
#include <stdint.h>
#include <string.h>

// The FluidSynth calls the realtime thread may make. Each was run under the realtime sanitizer with
// synth.threadsafe-api=0 and synth.dynamic-sample-loading=0: no lock, no allocation, no system call.
#define REALTIME_SAFE __attribute__((swift_attr("@_noLocks")))

// FluidSynth's internal block: an event takes effect where the next one starts.
#define SYNTH_GRID_FRAMES 64
// Channel blocks of 16 MIDI channels; a FluidSynth channel's block is its number modulo this. Its audio group is that
// modulo the number of groups, a power of two and no fewer than the blocks in use: the block's number again.
#define SYNTH_BLOCKS 16
// Voices a synth is made with.
#define SYNTH_VOICES 320

static inline REALTIME_SAFE void rt_synth_note_off(void *synth, int channel, int key) {
  fluid_synth_noteoff((fluid_synth_t *)synth, channel, key);
}
static inline REALTIME_SAFE void rt_synth_controller(void *synth, int channel, int number, int value) {
  fluid_synth_cc((fluid_synth_t *)synth, channel, number, value);
}
static inline REALTIME_SAFE int rt_synth_get_controller(void *synth, int channel, int number) {
  int value = 0;
  fluid_synth_get_cc((fluid_synth_t *)synth, channel, number, &value);
  return value;
}
static inline REALTIME_SAFE void rt_synth_pitch_bend(void *synth, int channel, int value) {
  fluid_synth_pitch_bend((fluid_synth_t *)synth, channel, value);
}
static inline REALTIME_SAFE int rt_synth_get_pitch_bend(void *synth, int channel) {
  int value = 8192;
  fluid_synth_get_pitch_bend((fluid_synth_t *)synth, channel, &value);
  return value;
}
static inline REALTIME_SAFE int rt_synth_get_bend_range(void *synth, int channel) {
  int value = 2;
  fluid_synth_get_pitch_wheel_sens((fluid_synth_t *)synth, channel, &value);
  return value;
}
static inline REALTIME_SAFE void rt_synth_bend_range(void *synth, int channel, int semitones) {
  fluid_synth_pitch_wheel_sens((fluid_synth_t *)synth, channel, semitones);
}
static inline REALTIME_SAFE void rt_synth_channel_pressure(void *synth, int channel, int value) {
  fluid_synth_channel_pressure((fluid_synth_t *)synth, channel, value);
}
static inline REALTIME_SAFE void rt_synth_key_pressure(void *synth, int channel, int key, int value) {
  fluid_synth_key_pressure((fluid_synth_t *)synth, channel, key, value);
}
static inline REALTIME_SAFE void rt_synth_channel_type(void *synth, int channel, int drums) {
  fluid_synth_set_channel_type((fluid_synth_t *)synth, channel, drums ? CHANNEL_TYPE_DRUM : CHANNEL_TYPE_MELODIC);
}
static inline REALTIME_SAFE void rt_synth_all_sounds_off(void *synth) {
  fluid_synth_all_sounds_off((fluid_synth_t *)synth, -1);
}
static inline REALTIME_SAFE void rt_synth_system_reset(void *synth) {
  fluid_synth_system_reset((fluid_synth_t *)synth);
}
// A system reset sets every channel back to fourth-order interpolation: say it again after one.
static inline REALTIME_SAFE void rt_synth_interpolation(void *synth, int method) {
  fluid_synth_set_interp_method((fluid_synth_t *)synth, -1, method);
}
static inline REALTIME_SAFE int rt_synth_voices(void *synth) {
  return fluid_synth_get_active_voice_count((fluid_synth_t *)synth);
}

// A program the font lacks is answered with a substitute and a log call: log functions are replaced before the first
// synth exists. Banks follow the GS rule: the most significant byte counts.
static inline REALTIME_SAFE void rt_synth_program(void *synth, int channel, int program) {
  fluid_synth_program_change((fluid_synth_t *)synth, channel, program);
}
static inline REALTIME_SAFE void rt_synth_bank(void *synth, int channel, int bank) {
  fluid_synth_bank_select((fluid_synth_t *)synth, channel, bank);
}

struct synth_sound {
  int bank;
  int program;
};
static inline REALTIME_SAFE struct synth_sound rt_synth_get_sound(void *synth, int channel) {
  struct synth_sound sound = {-1, -1};
  int font;
  fluid_synth_get_program((fluid_synth_t *)synth, channel, &font, &sound.bank, &sound.program);
  return sound;
}

// Starts a note and answers whether the synth counted it: FluidSynth numbers notes in the order it starts them, and
// a channel without a preset starts none.
static inline REALTIME_SAFE int rt_synth_note_on(void *synth, int channel, int key, int velocity) {
  if (!fluid_synth_get_channel_preset((fluid_synth_t *)synth, channel)) return 0;
  fluid_synth_noteon((fluid_synth_t *)synth, channel, key, velocity);
  return 1;
}

// One grid block. `groups` holds a stereo pair of 64 frames (left, right, left, …) for each of the synth's `count` audio
// groups, at most SYNTH_BLOCKS, of which only those whose bit is set in `live` are made; `effects` holds two pairs
// (reverb, chorus), or is null. FluidSynth adds to what it is given, so that is cleared first, and skips a null.
static inline REALTIME_SAFE void rt_synth_render(
    void *synth, float *groups, int count, unsigned live, float *effects) {
  float *dry[2 * SYNTH_BLOCKS];
  float *wet[4];
  for (int block = 0; block < count; block++) {
    float *pair = groups + 2 * SYNTH_GRID_FRAMES * block;
    int is_live = live >> block & 1;
    if (is_live) memset(pair, 0, sizeof(float) * 2 * SYNTH_GRID_FRAMES);
    dry[2 * block] = is_live ? pair : 0;
    dry[2 * block + 1] = is_live ? pair + SYNTH_GRID_FRAMES : 0;
  }
  if (!effects) {
    fluid_synth_process((fluid_synth_t *)synth, SYNTH_GRID_FRAMES, 0, 0, 2 * count, dry);
    return;
  }
  memset(effects, 0, sizeof(float) * 4 * SYNTH_GRID_FRAMES);
  for (int i = 0; i < 4; i++) wet[i] = effects + SYNTH_GRID_FRAMES * i;
  fluid_synth_process((fluid_synth_t *)synth, SYNTH_GRID_FRAMES, 4, wet, 2 * count, dry);
}

// A sounding voice, for the overload policy.
struct synth_voice {
  void *voice;
  uint32_t note;   // FluidSynth's running number of the note
  int16_t state;   // 0 released, 1 held by a pedal, 2 held
  uint8_t channel; // FluidSynth's
  uint8_t key;
};

// Fills `voices` with the sounding voices, at most SYNTH_VOICES; answers how many.
static inline REALTIME_SAFE int rt_synth_list_voices(void *synth, struct synth_voice *voices) {
  fluid_voice_t *list[SYNTH_VOICES + 1];
  fluid_synth_get_voicelist((fluid_synth_t *)synth, list, SYNTH_VOICES + 1, -1);
  int count = 0;
  while (count < SYNTH_VOICES && list[count]) {
    fluid_voice_t *voice = list[count];
    int is_pedalled = fluid_voice_is_sustained(voice) || fluid_voice_is_sostenuto(voice);
    voices[count].voice = voice;
    voices[count].note = fluid_voice_get_id(voice);
    voices[count].state = fluid_voice_is_on(voice) ? 2 : is_pedalled ? 1 : 0;
    voices[count].channel = (uint8_t)fluid_voice_get_channel(voice);
    voices[count].key = (uint8_t)fluid_voice_get_key(voice);
    count++;
  }
  return count;
}

static inline REALTIME_SAFE void rt_voice_set(void *voice, int generator, float value) {
  fluid_voice_gen_set((fluid_voice_t *)voice, generator, value);
  fluid_voice_update_param((fluid_voice_t *)voice, generator);
}

// Makes a voice silent within the next grid block: FluidSynth goes to a new attenuation in a straight line over it. A
// shorter release would end a voice that is far into its own at once, with a click.
static inline REALTIME_SAFE void rt_synth_fade_voice(void *synth, struct synth_voice voice) {
  if (voice.state != 0) fluid_synth_stop((fluid_synth_t *)synth, voice.note);
  rt_voice_set(voice.voice, GEN_ATTENUATION, 1440.0f);
}

// Frees a voice that `rt_synth_fade_voice` has made silent.
static inline REALTIME_SAFE void rt_synth_free_voice(struct synth_voice voice) {
  rt_voice_set(voice.voice, GEN_VOLENVRELEASE, -12000.0f);
}

// What a voice sends to an effect is its generator plus the default modulator's share of the channel's controller (200
// of 1000 at 127). The generator's own value is kept, plus one, in a generator that the format leaves unused.
static inline REALTIME_SAFE void rt_voice_scale_send(
    fluid_synth_t *synth, fluid_voice_t *voice, int generator, int spare, int controller, float level) {
  int value = 0;
  fluid_synth_get_cc(synth, fluid_voice_get_channel(voice), controller, &value);
  float modulated = 200.0f * (float)value / 127.0f;
  float own = fluid_voice_gen_get(voice, spare) - 1.0f;
  if (own < 0.0f) {
    own = fluid_voice_gen_get(voice, generator);
    fluid_voice_gen_set(voice, spare, own + 1.0f);
  }
  rt_voice_set(voice, generator, level * (own + modulated) - modulated);
}

// Scales what the voices of a channel block send to reverb and chorus.
static inline REALTIME_SAFE void rt_synth_scale_sends(void *handle, int block, float level) {
  fluid_synth_t *synth = (fluid_synth_t *)handle;
  fluid_voice_t *list[SYNTH_VOICES + 1];
  fluid_synth_get_voicelist(synth, list, SYNTH_VOICES + 1, -1);
  for (int i = 0; i < SYNTH_VOICES && list[i]; i++) {
    if (fluid_voice_get_channel(list[i]) % SYNTH_BLOCKS != block) continue;
    rt_voice_scale_send(synth, list[i], GEN_REVERBSEND, GEN_UNUSED2, 91, level);
    rt_voice_scale_send(synth, list[i], GEN_CHORUSSEND, GEN_UNUSED3, 93, level);
  }
}

// Ordinary threads only, below.

// The keys of a preset whose notes have an exclusive class: they silence each other.
struct synth_exclusive_keys {
  int16_t bank;
  int16_t program;
  uint64_t low;   // keys 0 to 63
  uint64_t high;  // keys 64 to 127
};

// Strikes every key of every preset of the synth's font, unheard, and fills `keys` with a line for each preset, at most
// `capacity`; answers how many. `groups` is the number of its audio groups. The synth is not for music afterwards.
int synth_find_exclusive_keys(fluid_synth_t *synth, int groups, struct synth_exclusive_keys *keys, int capacity);

// Renders some frames of all `count` groups, unheard: what is left of the last internal block comes first in the next
// call, so the synth's blocks begin that much later than the caller's.
void synth_render_ahead(fluid_synth_t *synth, int frames, float *groups, int count);

// Changes when a file does: of its size and the time it was written. 0 when there is none.
uint64_t synth_file_stamp(const char *path);

// Takes FluidSynth's log away from stderr, for good; before the first synth exists.
void synth_silence_log(void);
