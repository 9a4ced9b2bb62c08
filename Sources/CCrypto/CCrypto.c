#include "CCrypto.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

int ccrypto_hmac_sha256(const void *key, size_t key_count, const void *data, size_t count, unsigned char *out) {
  if (key_count > INT_MAX) return 0;
  unsigned int length = 0;
  return HMAC(EVP_sha256(), key, (int)key_count, data, count, out, &length) != NULL && length == 32;
}
