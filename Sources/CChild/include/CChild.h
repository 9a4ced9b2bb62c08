#pragma once
// Starting a child with what posix_spawn cannot say: its limits, and how nice it is.
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct {
  /// The ends that become its standard input, output and error.
  int input, output, error;
  /// Where it runs; NULL: where the caller does.
  const char *folder;
  /// Added to 0; 19 is the nicest.
  int nice;
  /// Bytes of address space and of a file it writes; 0: as many as the caller may have.
  uint64_t memory, file_bytes;
  /// Open files.
  uint64_t files;
} cchild_wish;

/// Starts `path` in a process group of its own, with every signal as at first, every other descriptor closed, and the
/// ordinary scheduling. It ends when the calling thread does. The memory is shared until it runs (vfork), so no page of
/// the caller is copied and no other thread waits. Returns its id, or -1 with errno set by what failed, exec included.
pid_t cchild_start(const char *path, char *const *arguments, char *const *environment, const cchild_wish *wish);

/// A pipe, both of whose ends are closed in every child; 0, or -1 with errno set.
int cchild_pipe(int *ends);

/// Whether it has ended; its id stays taken until `cchild_reap`.
bool cchild_has_ended(pid_t child);
/// Its exit status, or 128 and the signal that ended it. Waits for it.
int cchild_reap(pid_t child);
