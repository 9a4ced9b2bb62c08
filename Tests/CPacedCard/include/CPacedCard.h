#pragma once
// A card for tests: paced by the monotonic clock, it runs dry, suspends and goes when it is told to. It lives in a file
// that is mapped by the test and by whoever opens the card, be it another process.
#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Frames that are kept, and those of a turn of the triangle that is heard.
enum { PACED_FRAMES = 1 << 20, PACED_TURN = 480 };

typedef enum { PACED_PLAY, PACED_UNDERRUN, PACED_SUSPEND } paced_order;

typedef struct paced_card paced_card;

/// NULL when the file cannot be made or mapped.
paced_card *_Nullable paced_map(const char *path, bool make);
void paced_unmap(paced_card *card);
/// What the card can do: formats of "i3sf" (S32, S24_3, S16, float), a period of its own or 0 for any. Before it is opened.
void paced_set_terms(paced_card *card, const char *formats, int channels, int period, bool mapped);
/// What happens next, once.
void paced_set(paced_card *card, paced_order order);
/// Pulls the card, or puts it back.
void paced_set_gone(paced_card *card, bool is_gone);
bool paced_is_open(const paced_card *card);
/// How often it was opened, and the frames it has played since it was made.
int paced_opened(const paced_card *card);
int64_t paced_played(const paced_card *card);
/// How much faster its clock is than the system's, as a source.
void paced_set_drift(paced_card *card, int parts_per_million);
/// The frames it has heard since it was made: a triangle in steps of 1/128 that begins at 0 and rises on the left.
int64_t paced_heard(const paced_card *card);
const float *paced_samples(const paced_card *card);

#pragma clang assume_nonnull end
