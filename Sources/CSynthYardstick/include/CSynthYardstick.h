#pragma once

// FluidSynth by itself, as small a program as can play notes with it: what the renderer is measured against.
typedef struct yardstick yardstick;

// `synths` 1: one stereo synth with the library's own groups and voices. 4: a track's bank, with the settings that
// the renderer gives it. Effects off. Null when the font cannot be loaded.
yardstick *yardstick_new(const char *font, double rate, int synths);
void yardstick_free(yardstick *stick);

// Channels are MIDI's, 0 to 15.
void yardstick_program(yardstick *stick, int channel, int program);
void yardstick_note_on(yardstick *stick, int channel, int key, int velocity);
void yardstick_note_off(yardstick *stick, int channel, int key);
int yardstick_voices(yardstick *stick);

// 64 frames, FluidSynth's own block, of every group.
void yardstick_render(yardstick *stick);
