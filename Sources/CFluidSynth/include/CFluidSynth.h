#pragma once
#include <fluidsynth.h>
#include <stdint.h>
#include <string.h>

// The FluidSynth calls the realtime thread may make. Each was run under the realtime sanitizer with
// synth.threadsafe-api=0 and synth.dynamic-sample-loading=0: no lock, no allocation, no system call.
#define REALTIME_SAFE __attribute__((swift_attr("@_noLocks")))

// FluidSynth's internal block: an event takes effect where the next one starts.
#define SYNTH_GRID_FRAMES 64

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

// Starts a note and answers whether the synth counted it: FluidSynth numbers notes in the order it starts them, and
// a channel without a preset starts none.
static inline REALTIME_SAFE int rt_synth_note_on(void *synth, int channel, int key, int velocity) {
  if (!fluid_synth_get_channel_preset((fluid_synth_t *)synth, channel)) return 0;
  fluid_synth_noteon((fluid_synth_t *)synth, channel, key, velocity);
  return 1;
}

// One grid block: `groups` holds `pairs` stereo pairs of 64 frames (left, right, left, …), `effects` two (reverb,
// chorus). FluidSynth adds to what it is given, so both are cleared first.
static inline REALTIME_SAFE void rt_synth_render(void *synth, float *groups, int pairs, float *effects) {
  float *dry[64];
  float *wet[4];
  memset(groups, 0, sizeof(float) * SYNTH_GRID_FRAMES * 2 * (size_t)pairs);
  memset(effects, 0, sizeof(float) * SYNTH_GRID_FRAMES * 4);
  for (int i = 0; i < 2 * pairs; i++) dry[i] = groups + SYNTH_GRID_FRAMES * i;
  for (int i = 0; i < 4; i++) wet[i] = effects + SYNTH_GRID_FRAMES * i;
  fluid_synth_process((fluid_synth_t *)synth, SYNTH_GRID_FRAMES, 4, wet, 2 * pairs, dry);
}

// A sounding voice, for the overload policy.
struct synth_voice {
  void *voice;
  uint32_t note;   // FluidSynth's running number of the note
  int32_t state;   // 0 released, 1 held by a pedal, 2 held
};

// Fills `voices` with the sounding voices, at most `capacity`; answers how many.
static inline REALTIME_SAFE int rt_synth_list_voices(void *synth, struct synth_voice *voices, int capacity) {
  fluid_voice_t *list[257];
  if (capacity > 256) capacity = 256;
  fluid_synth_get_voicelist((fluid_synth_t *)synth, list, capacity + 1, -1);
  int count = 0;
  while (count < capacity && list[count]) {
    fluid_voice_t *voice = list[count];
    voices[count].voice = voice;
    voices[count].note = fluid_voice_get_id(voice);
    voices[count].state = fluid_voice_is_on(voice) ? 2 : fluid_voice_is_sustained(voice) || fluid_voice_is_sostenuto(voice) ? 1 : 0;
    count++;
  }
  return count;
}

// Ends a voice within about a millisecond: it is released if it was held, and its release is cut to the shortest.
static inline REALTIME_SAFE void rt_synth_end_voice(void *synth, struct synth_voice voice) {
  if (voice.state != 0) fluid_synth_stop((fluid_synth_t *)synth, voice.note);
  fluid_voice_gen_set((fluid_voice_t *)voice.voice, GEN_VOLENVRELEASE, -12000.0f);
  fluid_voice_update_param((fluid_voice_t *)voice.voice, GEN_VOLENVRELEASE);
}

// Ordinary threads only, below.

// Takes FluidSynth's log away from stderr, for good; before the first synth exists.
void synth_silence_log(void);
