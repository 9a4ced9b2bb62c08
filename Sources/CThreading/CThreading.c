#define _GNU_SOURCE
#include "CThreading.h"

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

// Lets go of whole pages in a range, which come back from their file, or empty, when they are touched.
static void let_go(uintptr_t start, uintptr_t end) {
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  start = (start + page - 1) / page * page;
  end = end / page * page;
  if (start >= end || munlock((void *)start, end - start) != 0) return;
  madvise((void *)start, end - start, MADV_DONTNEED);
}

// What realtime threads never run: text, tables of characters, other programs' protocols, decoders, windows.
static bool is_never_realtime(const char *path) {
  static const char *const names[] = {
      "lib_Foundation", "libFoundation", "libswift_RegexParser", "libswift_StringProcessing", "libX", "libxcb", "libSDL",
      "libgcrypt", "libkrb5", "libk5crypto", "libgssapi", "libsystemd", "libinstpatch", "libcapnp", "libkj", "libvorbis",
      "libFLAC", "libopus", "libmpg123", "libmp3lame", "libpulse", "libdbus", "libnorm", "libpgm", "libsodium", "libzstd",
      "libzmq", "libpcre", "libreadline",
  };
  const char *slash = strrchr(path, '/');
  const char *name = slash ? slash + 1 : path;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strncmp(name, names[i], strlen(names[i])) == 0) return true;
  }
  return false;
}

// Whether a line of /proc/self/maps is of memory that is to be locked, and where that is.
static bool is_to_lock(const char *line, uintptr_t *start, uintptr_t *end) {
  char rights[5];
  int path = 0;
  unsigned long from, to;
  if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %n", &from, &to, rights, &path) != 3 || path == 0) return false;
  *start = from;
  *end = to;
  // What cannot be read has no pages, and the kernel's own are always there.
  if (rights[0] != 'r' || strncmp(line + path, "[v", 2) == 0) return false;
  // Relocated pages are written to and would come back as they are in the file.
  return rights[1] == 'w' || !is_never_realtime(line + path);
}

// What is there by now is locked piece by piece: to lock it all and let most libraries go again reads them whole.
static int lock_present_memory(void) {
  FILE *maps = fopen("/proc/self/maps", "re");
  if (maps == NULL) return errno;
  char line[PATH_MAX + 128];
  int code = 0;
  while (code == 0 && fgets(line, sizeof line, maps) != NULL) {
    uintptr_t start, end;
    line[strcspn(line, "\n")] = 0;
    if (!is_to_lock(line, &start, &end)) continue;
    // Another thread may have given a piece back in the meantime.
    if (mlock((void *)start, end - start) != 0 && errno != ENOMEM) code = errno;
  }
  fclose(maps);
  return code;
}

int thr_lock_all_memory(void) {
  if (mlockall(MCL_FUTURE) != 0) return errno;
  int code = lock_present_memory();
  if (code != 0) munlockall();
  return code;
}

void thr_let_go_of_stack(void) {
  pthread_attr_t attributes;
  void *start;
  size_t bytes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
  if (pthread_attr_getstack(&attributes, &start, &bytes) == 0) {
    // Well below what is in use now.
    let_go((uintptr_t)start, (uintptr_t)__builtin_frame_address(0) - 64 * 1024);
  }
  pthread_attr_destroy(&attributes);
}

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
  // Libraries start threads of their own, whose stacks are locked whole.
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return;
  if (pthread_attr_setstacksize(&attributes, 1 << 20) == 0) pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
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
