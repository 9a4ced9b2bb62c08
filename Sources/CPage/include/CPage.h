#ifndef CPAGE_H
#define CPAGE_H

/// One of the page's files, as it was when this was compiled.
typedef struct {
  const char *name;
  /// Its media type.
  const char *type;
  const unsigned char *bytes;
  unsigned long count;
} cg_page_file;

/// The files by turns, from 0; null behind the last one. Any thread.
const cg_page_file *cg_page_file_at(unsigned long index);

#endif
