#define _GNU_SOURCE
#include "CSndFile.h"
#include <fcntl.h>

void sound_begin_writing(int descriptor) { (void)sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE); }
