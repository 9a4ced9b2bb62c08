#define _GNU_SOURCE
#include "CThreading.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

int thr_name_current(const char *name) { return pthread_setname_np(pthread_self(), name); }

int thr_event_create(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

// The counter is only ever 0 or 1 (the mailbox signals on its first message), so neither call can fail for want
// of room, and neither waits.
void thr_event_signal(int descriptor) { (void)!eventfd_write(descriptor, 1); }

void thr_event_clear(int descriptor) {
  eventfd_t value;
  (void)!eventfd_read(descriptor, &value);
}

int thr_request_fifo(int priority) {
  struct sched_param parameters = {.sched_priority = priority};
  return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters);
}

int thr_priority_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_RTPRIO, &limit) != 0) return 0;
  return limit.rlim_cur > 99 ? 99 : (int)limit.rlim_cur;
}

bool thr_is_realtime(void) {
  int policy;
  struct sched_param parameters;
  if (pthread_getschedparam(pthread_self(), &policy, &parameters) != 0) return false;
  return policy == SCHED_FIFO || policy == SCHED_RR;
}

uint64_t thr_memlock_limit(void) {
  struct rlimit limit;
  if (geteuid() == 0) return UINT64_MAX;
  if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 0;
  return limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : (uint64_t)limit.rlim_cur;
}

int thr_lock_all_memory(void) { return mlockall(MCL_CURRENT | MCL_FUTURE) == 0 ? 0 : errno; }

int thr_lock_memory(const void *start, size_t bytes) { return mlock(start, bytes) == 0 ? 0 : errno; }

void thr_page_faults(int64_t *minor, int64_t *major) {
  struct rusage usage = {0};
  getrusage(RUSAGE_THREAD, &usage);
  *minor = usage.ru_minflt;
  *major = usage.ru_majflt;
}

void thr_keep_freed_memory(void) {
  // What is freed stays with the process, whose pages are there and may be locked, instead of being given back and
  // faulted in anew; what is very large is a mapping of its own and goes back whole.
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
  mallopt(M_MMAP_THRESHOLD, 8 << 20);
}

struct thr_lock {
  pthread_mutex_t mutex;
};

thr_lock *thr_lock_create(void) {
  thr_lock *lock = malloc(sizeof *lock);
  if (lock == NULL) return NULL;
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
  pthread_mutex_init(&lock->mutex, &attributes);
  pthread_mutexattr_destroy(&attributes);
  return lock;
}

void thr_lock_destroy(thr_lock *lock) {
  pthread_mutex_destroy(&lock->mutex);
  free(lock);
}

void thr_lock_enter(thr_lock *lock) { pthread_mutex_lock(&lock->mutex); }

bool thr_lock_try(thr_lock *lock) { return pthread_mutex_trylock(&lock->mutex) == 0; }

void thr_lock_leave(thr_lock *lock) { pthread_mutex_unlock(&lock->mutex); }
