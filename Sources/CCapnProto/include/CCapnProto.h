#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Cap'n Proto messages to JSON text and back, by the schemas that are compiled in. Nothing here throws or aborts for
// what a message holds. Names are in snake_case on the JSON side, whatever their case in the schema. A struct is an
// object; of an anonymous union only the member that is set; null pointers are left out; Void is null; 64-bit integers
// are plain numbers; Data is an array of numbers; an enumerant that the schema lacks is its number, and a union member
// that it lacks is the member "?" with its number.

/// The loaded schemas. Any number of threads may read and write by them at once.
typedef struct ccapnp_schemas ccapnp_schemas;

/// Bytes that belong to the caller, who frees them with `ccapnp_free`. After a refusal: one line of text, why.
typedef struct {
  uint8_t *data;
  size_t count;
} ccapnp_bytes;

/// What a message may cost its reader.
typedef struct {
  uint64_t segments;
  /// Words that may be walked over for one word of the message: more than one, since pointers may share.
  uint64_t traversal_per_word;
  int nesting;
  /// JSON values that may come of it.
  uint64_t values;
  /// Bytes of JSON text that may come of it.
  uint64_t text_bytes;
} ccapnp_limits;

/// Parses the schemas. NULL, with the reason in `why`, when they are broken.
ccapnp_schemas *ccapnp_open(ccapnp_bytes *why);
void ccapnp_close(ccapnp_schemas *schemas);

/// Reads a message in stream framing whose root is `type` (`Envelope`, `Broadcast`). Bytes behind it are ignored.
/// Returns 1 with JSON in `out`, or 0 with the reason.
int ccapnp_read(const ccapnp_schemas *schemas, const char *type, const uint8_t *bytes, size_t count,
                ccapnp_limits limits, ccapnp_bytes *out);

/// Writes a message in stream framing, one segment where it can. Members that the type lacks are refused; null stands
/// for a member that is left out, or for Void. Integers above 2^53 stand as text. Returns 1 with the message in
/// `out`, or 0 with the reason.
int ccapnp_write(const ccapnp_schemas *schemas, const char *type, const char *json, size_t count, ccapnp_bytes *out);

/// Whether a struct of one of the schemas has a field, both named as in the schema's file.
int ccapnp_has_field(const ccapnp_schemas *schemas, const char *file, const char *type, const char *field);

/// Every struct and enum as it was compiled, as JSON: ids, sizes, places.
int ccapnp_layout(const ccapnp_schemas *schemas, ccapnp_bytes *out);

void ccapnp_free(ccapnp_bytes bytes);

#ifdef __cplusplus
}
#endif
