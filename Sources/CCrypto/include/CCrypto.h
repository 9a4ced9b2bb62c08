#pragma once
#include <stddef.h>

/// HMAC-SHA256 (RFC 2104) by libcrypto: 32 bytes to `out`. Any thread. 1 when it was computed.
int ccrypto_hmac_sha256(const void *key, size_t key_count, const void *data, size_t count, unsigned char *out);
