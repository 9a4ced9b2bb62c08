#include "CFluidSynth.h"

static void say_nothing(int level, const char *message, void *data) {
  (void)level;
  (void)message;
  (void)data;
}

void synth_silence_log(void) {
  for (int level = 0; level < LAST_LOG_LEVEL; level++) fluid_set_log_function(level, say_nothing, 0);
}
