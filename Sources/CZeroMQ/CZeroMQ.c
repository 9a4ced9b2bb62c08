// For ppoll, which the headers otherwise hide and Swift therefore cannot see.
#define _GNU_SOURCE
#include "CZeroMQ.h"
#include <time.h>

int czeromq_poll_nanoseconds(struct pollfd *descriptors, unsigned long count, long long nanoseconds) {
  const struct timespec timeout = {.tv_sec = (time_t)(nanoseconds / 1000000000),
                                   .tv_nsec = (long)(nanoseconds % 1000000000)};
  return ppoll(descriptors, (nfds_t)count, &timeout, NULL);
}
