#pragma once
#include <stddef.h>
#include <stdint.h>

// How long a request takes to its reply on a ZeroMQ socket, measured with nothing of ours in between: a plain DEALER that
// waits in zmq_msg_recv, and to hold it against, a plain ROUTER that sends every message back.

typedef struct cyard_client cyard_client;

/// A ROUTER that sends every message back for as long as the process lives; libzmq's error when it cannot be bound.
int cyard_echo(const char *endpoint);

/// A DEALER connected to an endpoint. NULL when it cannot be made.
cyard_client *cyard_client_open(const char *endpoint);
void cyard_client_close(cyard_client *client);

/// Sends the frames (`sizes` each, one behind the other in `bytes`) and waits for a message. Nanoseconds from the first
/// to the last, or -1 after ten seconds without a reply.
int64_t cyard_round_trip(cyard_client *client, const uint8_t *bytes, const size_t *sizes, size_t count);
