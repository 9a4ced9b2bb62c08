#include "CAllocationCounter.h"
#include <errno.h>
#include <stddef.h>

static __thread uint64_t calls __attribute__((tls_model("initial-exec")));

uint64_t allocation_calls(void) { return calls; }

// A sanitizer has definitions of its own, which must stay: nothing is counted then.
#if !__has_feature(thread_sanitizer) && !__has_feature(address_sanitizer)

// These definitions stand before the C library's in symbol lookup, for shared libraries too.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

void *malloc(size_t size) {
  calls++;
  return __libc_malloc(size);
}
void *calloc(size_t count, size_t size) {
  calls++;
  return __libc_calloc(count, size);
}
void *realloc(void *old, size_t size) {
  calls++;
  return __libc_realloc(old, size);
}
void free(void *memory) {
  if (memory) calls++;
  __libc_free(memory);
}
void *memalign(size_t alignment, size_t size) {
  calls++;
  return __libc_memalign(alignment, size);
}
void *aligned_alloc(size_t alignment, size_t size) {
  calls++;
  return __libc_memalign(alignment, size);
}
int posix_memalign(void **memory, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) || alignment == 0 || (alignment & (alignment - 1))) return EINVAL;
  calls++;
  void *made = __libc_memalign(alignment, size);
  if (!made) return ENOMEM;
  *memory = made;
  return 0;
}

#endif
