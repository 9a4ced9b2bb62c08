#include "CWireYardstick.h"
#include <stdlib.h>
#include <time.h>
#include <zmq.h>

struct cyard_client {
  void *context;
  void *dealer;
};

int cyard_echo(const char *endpoint) {
  void *context = zmq_ctx_new();
  void *router = zmq_socket(context, ZMQ_ROUTER);
  if (zmq_bind(router, endpoint) != 0) return zmq_errno();
  zmq_msg_t message;
  zmq_msg_init(&message);
  while (zmq_msg_recv(&message, router, 0) >= 0) {
    int more = zmq_msg_more(&message);
    if (zmq_msg_send(&message, router, more ? ZMQ_SNDMORE : 0) < 0) break;
  }
  return zmq_errno();
}

cyard_client *cyard_client_open(const char *endpoint) {
  struct cyard_client *self = malloc(sizeof *self);
  if (self == NULL) return NULL;
  int none = 0;
  int patience = 10000;
  self->context = zmq_ctx_new();
  self->dealer = zmq_socket(self->context, ZMQ_DEALER);
  zmq_setsockopt(self->dealer, ZMQ_LINGER, &none, sizeof none);
  zmq_setsockopt(self->dealer, ZMQ_RCVTIMEO, &patience, sizeof patience);
  if (zmq_connect(self->dealer, endpoint) == 0) return self;
  cyard_client_close(self);
  return NULL;
}

void cyard_client_close(cyard_client *self) {
  zmq_close(self->dealer);
  zmq_ctx_term(self->context);
  free(self);
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t cyard_round_trip(cyard_client *self, const uint8_t *bytes, const size_t *sizes, size_t count) {
  int64_t start = now();
  for (size_t index = 0; index < count; index++) {
    if (zmq_send(self->dealer, bytes, sizes[index], index + 1 < count ? ZMQ_SNDMORE : 0) < 0) return -1;
    bytes += sizes[index];
  }
  zmq_msg_t message;
  zmq_msg_init(&message);
  int more = 1;
  while (more) {
    if (zmq_msg_recv(&message, self->dealer, 0) < 0) {
      zmq_msg_close(&message);
      return -1;
    }
    more = zmq_msg_more(&message);
  }
  zmq_msg_close(&message);
  return now() - start;
}
