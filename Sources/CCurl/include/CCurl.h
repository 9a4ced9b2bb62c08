#pragma once
#include <curl/curl.h>

// curl's options are set through functions of variable arguments, which Swift cannot call: one here for each type.

CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value);
CURLcode ccurl_set_text(CURL *easy, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value);
/// Copies the bytes.
CURLcode ccurl_set_body(CURL *easy, const void *bytes, size_t count);

/// Gives `count` bytes of a header line or of the body; returns how many were taken: fewer end the transfer.
typedef size_t (*ccurl_take)(char *bytes, size_t size, size_t count, void *context);
CURLcode ccurl_set_takers(CURL *easy, ccurl_take header, ccurl_take body, void *context);

/// Says whether a connection to an address may be made: 4 or 16 bytes of IPv4 or IPv6, none of any other kind.
typedef int (*ccurl_admit)(const unsigned char *bytes, int count, void *context);
typedef struct {
  ccurl_admit admit;
  void *context;
} ccurl_gate;
/// Asks about each address right before it is connected to. No connection of another transfer is used, and none is kept.
/// The gate must live as long as the transfer.
CURLcode ccurl_set_gate(CURL *easy, ccurl_gate *gate);

/// The host of a URL in the form that curl connects to it, an IPv4 address in any spelling as four decimal numbers. Null,
/// and `why` says what is wrong, for anything that is not http or https, or names a user. To be freed with ccurl_free.
char *ccurl_host(const char *url, const char **why);
void ccurl_free(char *text);

long ccurl_status(CURL *easy);
/// Bytes of the request that have left.
long long ccurl_sent(CURL *easy);
/// 1 when a connection stood.
int ccurl_was_connected(CURL *easy);

/// The next transfer that has ended, or null; `result` says how.
CURL *ccurl_next_done(CURLM *multi, CURLcode *result);
