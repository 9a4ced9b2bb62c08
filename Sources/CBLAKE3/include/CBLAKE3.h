#pragma once
// The compression function of BLAKE3 (https://github.com/BLAKE3-team/BLAKE3-specs), which wants the processor's vectors;
// the tree above it is Swift's. Any thread; nothing is kept between calls.
#include <stdint.h>

enum {
  BLAKE3_BLOCK_BYTES = 64,
  BLAKE3_CHUNK_BYTES = 1024,
  BLAKE3_LANES = 8,
  BLAKE3_CHUNK_START = 1,
  BLAKE3_CHUNK_END = 2,
  BLAKE3_PARENT = 4,
  BLAKE3_ROOT = 8,
};

// One block of `bytes` bytes, the rest of its 64 being zero. `value` may be `out`.
void blake3_block(const uint32_t value[8], const uint8_t block[BLAKE3_BLOCK_BYTES], uint32_t bytes,
                  uint64_t counter, uint32_t flags, uint32_t out[8]);

// Eight whole chunks, one behind the other, the first of which is chunk `counter` of its text: their chaining values.
void blake3_eight_chunks(const uint8_t *chunks, uint64_t counter, uint32_t *out);
