#pragma once
// Linux calls that Swift's Glibc module does not show.
#include <stdbool.h>
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

#pragma clang assume_nonnull end
