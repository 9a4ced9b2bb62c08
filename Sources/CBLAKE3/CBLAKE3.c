#include "CBLAKE3.h"

#include <string.h>

static const uint32_t start[8] = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                  0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};

// Which word of the block each round takes where: the first as they stand, every other permuted once more.
static const uint8_t order[7][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8},
    {3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1}, {10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6},
    {12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4}, {9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7},
    {11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13}};

#define TURN(x, n) (((x) >> (n)) | ((x) << (32 - (n))))
// The quarter round; what it works on may be words or vectors of words.
#define MIX(v, a, b, c, d, x, y)  \
  do {                            \
    v[a] = v[a] + v[b] + (x);     \
    v[d] = TURN(v[d] ^ v[a], 16); \
    v[c] = v[c] + v[d];           \
    v[b] = TURN(v[b] ^ v[c], 12); \
    v[a] = v[a] + v[b] + (y);     \
    v[d] = TURN(v[d] ^ v[a], 8);  \
    v[c] = v[c] + v[d];           \
    v[b] = TURN(v[b] ^ v[c], 7);  \
  } while (0)
#define ROUND(v, m, o)                      \
  do {                                      \
    MIX(v, 0, 4, 8, 12, m[o[0]], m[o[1]]);   \
    MIX(v, 1, 5, 9, 13, m[o[2]], m[o[3]]);   \
    MIX(v, 2, 6, 10, 14, m[o[4]], m[o[5]]);  \
    MIX(v, 3, 7, 11, 15, m[o[6]], m[o[7]]);  \
    MIX(v, 0, 5, 10, 15, m[o[8]], m[o[9]]);  \
    MIX(v, 1, 6, 11, 12, m[o[10]], m[o[11]]); \
    MIX(v, 2, 7, 8, 13, m[o[12]], m[o[13]]); \
    MIX(v, 3, 4, 9, 14, m[o[14]], m[o[15]]); \
  } while (0)

// Little-endian, as every machine is that the package is built for.
static inline uint32_t word(const uint8_t *bytes) {
  uint32_t value;
  memcpy(&value, bytes, sizeof value);
  return value;
}

void blake3_block(const uint32_t value[8], const uint8_t block[BLAKE3_BLOCK_BYTES], uint32_t bytes,
                  uint64_t counter, uint32_t flags, uint32_t out[8]) {
  uint32_t m[16];
  for (int i = 0; i < 16; i++) m[i] = word(block + 4 * i);
  uint32_t v[16] = {value[0], value[1], value[2], value[3], value[4], value[5],
                    value[6], value[7], start[0], start[1], start[2], start[3],
                    (uint32_t)counter, (uint32_t)(counter >> 32), bytes, flags};
#pragma clang loop unroll(full)
  for (int round = 0; round < 7; round++) ROUND(v, m, order[round]);
  for (int i = 0; i < 8; i++) out[i] = v[i] ^ v[i + 8];
}

typedef uint32_t lanes __attribute__((vector_size(4 * BLAKE3_LANES)));

__attribute__((always_inline)) static inline void eight_chunks(const uint8_t *chunks, uint64_t counter,
                                                               uint32_t *out) {
  lanes value[8], low, high;
  for (int i = 0; i < 8; i++) value[i] = (lanes){0} + start[i];
  for (int lane = 0; lane < BLAKE3_LANES; lane++) {
    low[lane] = (uint32_t)(counter + lane);
    high[lane] = (uint32_t)((counter + lane) >> 32);
  }
  for (int block = 0; block < 16; block++) {
    const uint8_t *place = chunks + block * BLAKE3_BLOCK_BYTES;
    lanes m[16];
    for (int i = 0; i < 16; i++)
      for (int lane = 0; lane < BLAKE3_LANES; lane++)
        m[i][lane] = word(place + lane * BLAKE3_CHUNK_BYTES + 4 * i);
    const uint32_t flags = (block == 0 ? BLAKE3_CHUNK_START : 0) | (block == 15 ? BLAKE3_CHUNK_END : 0);
    lanes v[16];
    for (int i = 0; i < 8; i++) v[i] = value[i];
    for (int i = 0; i < 4; i++) v[8 + i] = (lanes){0} + start[i];
    v[12] = low;
    v[13] = high;
    v[14] = (lanes){0} + (uint32_t)BLAKE3_BLOCK_BYTES;
    v[15] = (lanes){0} + flags;
#pragma clang loop unroll(full)
    for (int round = 0; round < 7; round++) ROUND(v, m, order[round]);
    for (int i = 0; i < 8; i++) value[i] = v[i] ^ v[i + 8];
  }
  for (int lane = 0; lane < BLAKE3_LANES; lane++)
    for (int i = 0; i < 8; i++) out[8 * lane + i] = value[i][lane];
}

static void eight_plain(const uint8_t *chunks, uint64_t counter, uint32_t *out) {
  eight_chunks(chunks, counter, out);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void eight_wide(const uint8_t *chunks, uint64_t counter, uint32_t *out) {
  eight_chunks(chunks, counter, out);
}

void blake3_eight_chunks(const uint8_t *chunks, uint64_t counter, uint32_t *out) {
  (__builtin_cpu_supports("avx2") ? eight_wide : eight_plain)(chunks, counter, out);
}
#else
void blake3_eight_chunks(const uint8_t *chunks, uint64_t counter, uint32_t *out) { eight_plain(chunks, counter, out); }
#endif
