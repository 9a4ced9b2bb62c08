#pragma once
#include <sndfile.h>

// Has the disk begin with what was written to a file, and does not wait for it. Swift's Glibc module does not show the
// call.
void sound_begin_writing(int descriptor);
