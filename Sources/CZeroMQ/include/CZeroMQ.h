#pragma once
#include <poll.h>
#include <zmq.h>

/// ppoll with the timeout in nanoseconds (at least 0). The stable ZeroMQ API polls in whole milliseconds only.
/// Returns what ppoll returns: descriptors with events, 0 at the timeout, -1 with errno set.
int czeromq_poll_nanoseconds(struct pollfd *descriptors, unsigned long count, long long nanoseconds);
