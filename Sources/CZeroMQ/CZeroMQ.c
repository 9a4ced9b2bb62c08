// For ppoll, which the headers otherwise hide and Swift therefore cannot see.
#define _GNU_SOURCE
#include "CZeroMQ.h"
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

int czeromq_poll_nanoseconds(struct pollfd *descriptors, unsigned long count, long long nanoseconds) {
  const struct timespec timeout = {.tv_sec = (time_t)(nanoseconds / 1000000000),
                                   .tv_nsec = (long)(nanoseconds % 1000000000)};
  return ppoll(descriptors, (nfds_t)count, &timeout, NULL);
}

struct ending {
  void *context;
  pthread_mutex_t mutex;
  pthread_cond_t ended;
  int has_ended;
  /// The waiting caller and the ending thread; the last one frees it.
  atomic_int users;
};

static void leave(struct ending *ending) {
  if (atomic_fetch_sub(&ending->users, 1) != 1) return;
  pthread_cond_destroy(&ending->ended);
  pthread_mutex_destroy(&ending->mutex);
  free(ending);
}

static void *end_context(void *raw) {
  struct ending *ending = raw;
  // Interrupted by a signal, it is to be called again.
  while (zmq_ctx_term(ending->context) != 0 && zmq_errno() == EINTR) {
  }
  pthread_mutex_lock(&ending->mutex);
  ending->has_ended = 1;
  pthread_cond_signal(&ending->ended);
  pthread_mutex_unlock(&ending->mutex);
  leave(ending);
  return NULL;
}

static void wait_for(struct ending *ending, int milliseconds) {
  struct timespec deadline;
  clock_gettime(CLOCK_MONOTONIC, &deadline);
  deadline.tv_sec += milliseconds / 1000;
  deadline.tv_nsec += (long)(milliseconds % 1000) * 1000000;
  if (deadline.tv_nsec >= 1000000000) {
    deadline.tv_sec += 1;
    deadline.tv_nsec -= 1000000000;
  }
  while (!ending->has_ended && pthread_cond_timedwait(&ending->ended, &ending->mutex, &deadline) != ETIMEDOUT) {
  }
}

int czeromq_end_within(void *context, int milliseconds) {
  struct ending *ending = malloc(sizeof *ending);
  if (ending == NULL) return 0;
  ending->context = context;
  ending->has_ended = 0;
  atomic_init(&ending->users, 2);
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&ending->ended, &attributes);
  pthread_condattr_destroy(&attributes);
  pthread_mutex_init(&ending->mutex, NULL);
  pthread_attr_t detached;
  pthread_attr_init(&detached);
  pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&detached, 128 * 1024);
  pthread_t thread;
  int problem = pthread_create(&thread, &detached, end_context, ending);
  pthread_attr_destroy(&detached);
  if (problem != 0) {
    leave(ending);
    leave(ending);
    return 0;
  }
  pthread_mutex_lock(&ending->mutex);
  wait_for(ending, milliseconds);
  int has_ended = ending->has_ended;
  pthread_mutex_unlock(&ending->mutex);
  leave(ending);
  return has_ended;
}
