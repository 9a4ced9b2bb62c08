#include "midi.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct drv_midi {
  drv_midi_input slots[DRV_MIDI_SLOTS];
  // Each written by one end; a slot belongs to one end at a time.
  _Alignas(128) _Atomic uint64_t head;
  _Alignas(128) _Atomic uint64_t tail;
  _Atomic uint64_t dropped;
};

drv_midi *drv_midi_create(void) {
  drv_midi *midi = aligned_alloc(128, (sizeof *midi + 127) / 128 * 128);
  // Written, not left to the first message: a page that is first touched by the realtime thread is a fault there.
  if (midi != NULL) memset(midi, 0, sizeof *midi);
  return midi;
}

void drv_midi_destroy(drv_midi *midi) { free(midi); }

void drv_midi_push(drv_midi *midi, int64_t frame, const uint8_t *bytes, size_t count) {
  uint64_t tail = atomic_load_explicit(&midi->tail, memory_order_relaxed);
  uint64_t head = atomic_load_explicit(&midi->head, memory_order_acquire);
  if (tail - head >= DRV_MIDI_SLOTS) {
    atomic_fetch_add_explicit(&midi->dropped, 1, memory_order_relaxed);
    return;
  }
  drv_midi_input *slot = &midi->slots[tail % DRV_MIDI_SLOTS];
  *slot = (drv_midi_input){.frame = frame, .count = (uint8_t)count};
  memcpy(slot->bytes, bytes, count);
  atomic_store_explicit(&midi->tail, tail + 1, memory_order_release);
}

bool drv_midi_pop(drv_midi *midi, drv_midi_input *input) {
  uint64_t head = atomic_load_explicit(&midi->head, memory_order_relaxed);
  if (head == atomic_load_explicit(&midi->tail, memory_order_acquire)) return false;
  *input = midi->slots[head % DRV_MIDI_SLOTS];
  atomic_store_explicit(&midi->head, head + 1, memory_order_release);
  return true;
}

uint64_t drv_midi_dropped(const drv_midi *midi) {
  return atomic_load_explicit(&midi->dropped, memory_order_relaxed);
}
