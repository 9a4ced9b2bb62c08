#pragma once
#include <poll.h>
#include <zmq.h>

/// ppoll with the timeout in nanoseconds (at least 0). The stable ZeroMQ API polls in whole milliseconds only.
/// Returns what ppoll returns: descriptors with events, 0 at the timeout, -1 with errno set.
int czeromq_poll_nanoseconds(struct pollfd *descriptors, unsigned long count, long long nanoseconds);

/// Ends a context whose sockets are closed, and waits for that `milliseconds` at most. zmq_ctx_term has no limit of its
/// own, and was seen (libzmq 4.3.4) to wait for ever on a peer that ended during the handshake, in spite of ZMQ_LINGER.
/// Returns 1 when it has ended; else 0, and it ends, or stays, on a thread of its own.
int czeromq_end_within(void *context, int milliseconds);
