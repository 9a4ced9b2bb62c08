#include "CWireYardstick.h"
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <zmq.h>

struct cyard_echo {
  void *context;
  void *router;
  pthread_t thread;
};

struct cyard_client {
  void *context;
  void *dealer;
};

/// Every frame back as it came, until the context ends.
static void *echo(void *raw) {
  struct cyard_echo *self = raw;
  zmq_msg_t message;
  zmq_msg_init(&message);
  while (zmq_msg_recv(&message, self->router, 0) >= 0) {
    int more = zmq_msg_more(&message);
    if (zmq_msg_send(&message, self->router, more ? ZMQ_SNDMORE : 0) < 0) break;
  }
  zmq_msg_close(&message);
  zmq_close(self->router);
  return NULL;
}

cyard_echo *cyard_echo_start(const char *endpoint) {
  struct cyard_echo *self = malloc(sizeof *self);
  if (self == NULL) return NULL;
  int none = 0;
  self->context = zmq_ctx_new();
  self->router = zmq_socket(self->context, ZMQ_ROUTER);
  zmq_setsockopt(self->router, ZMQ_LINGER, &none, sizeof none);
  if (zmq_bind(self->router, endpoint) == 0 && pthread_create(&self->thread, NULL, echo, self) == 0) return self;
  zmq_close(self->router);
  zmq_ctx_term(self->context);
  free(self);
  return NULL;
}

void cyard_echo_stop(cyard_echo *self) {
  // Ends the wait of the thread, which then closes its socket.
  zmq_ctx_shutdown(self->context);
  pthread_join(self->thread, NULL);
  zmq_ctx_term(self->context);
  free(self);
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
