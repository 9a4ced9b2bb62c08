#pragma once
// Linux calls that Swift's Glibc module does not show.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// At most 15 bytes and a terminator; 0 or an errno.
int thr_name_current(const char *name);
/// A non-blocking event descriptor closed on exec, or -1 with errno set.
int thr_event_create(void);
void thr_event_signal(int descriptor);
void thr_event_clear(int descriptor);
/// SCHED_FIFO for the calling thread; 0 or an errno.
int thr_request_fifo(int priority);
/// The highest priority this process's limits allow without privilege; 0 when none.
int thr_priority_limit(void);
bool thr_is_realtime(void);

/// Bytes that this process may lock; UINT64_MAX for any number.
uint64_t thr_memlock_limit(void);
/// Locks all memory, present and future, but for the code and constants of libraries that realtime threads never enter;
/// 0 or an errno.
int thr_lock_all_memory(void);
/// Locks the pages of a range; 0 or an errno.
int thr_lock_memory(const void *start, size_t bytes);
/// Page faults of the calling thread so far: those that needed no disk, and those that did.
void thr_page_faults(int64_t *minor, int64_t *major);
/// Has what the calling thread's stack does not use yet come when it is used, locked or not. Not for realtime threads.
void thr_let_go_of_stack(void);
/// Has the allocator keep freed memory, and libraries start threads with small stacks. Before other threads start.
void thr_keep_freed_memory(void);

typedef struct thr_lock thr_lock;
/// A mutex that lends its holder the priority of whoever waits. NULL when there is no memory.
thr_lock *_Nullable thr_lock_create(void);
void thr_lock_destroy(thr_lock *lock);
void thr_lock_enter(thr_lock *lock);
bool thr_lock_try(thr_lock *lock);
void thr_lock_leave(thr_lock *lock);

#pragma clang assume_nonnull end
