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

long ccurl_status(CURL *easy);
/// Bytes of the request that have left.
long long ccurl_sent(CURL *easy);
/// 1 when a connection stood.
int ccurl_was_connected(CURL *easy);

/// The next transfer that has ended, or null; `result` says how.
CURL *ccurl_next_done(CURLM *multi, CURLcode *result);
