#pragma once
#include <stdint.h>

// Calls of malloc and its kin that the calling thread has made, frees included, since it began.
uint64_t allocation_calls(void);
