#include "CCurl.h"

#include <netinet/in.h>
#include <strings.h>
#include <sys/socket.h>

CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) { return curl_easy_setopt(easy, option, value); }

CURLcode ccurl_set_text(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value) { return curl_easy_setopt(easy, option, value); }

CURLcode ccurl_set_body(CURL *easy, const void *bytes, size_t count) {
  CURLcode code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
  if (code != CURLE_OK) return code;
  return curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes);
}

CURLcode ccurl_set_takers(CURL *easy, ccurl_take header, ccurl_take body, void *context) {
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body);
  return curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
}

static curl_socket_t open_admitted(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
  ccurl_gate *gate = context;
  (void)purpose;
  const unsigned char *bytes = NULL;
  int count = 0;
  if (address->family == AF_INET) {
    bytes = (const unsigned char *)&((struct sockaddr_in *)&address->addr)->sin_addr;
    count = 4;
  } else if (address->family == AF_INET6) {
    bytes = (const unsigned char *)&((struct sockaddr_in6 *)&address->addr)->sin6_addr;
    count = 16;
  }
  if (!gate->admit(bytes, count, gate->context)) return CURL_SOCKET_BAD;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

CURLcode ccurl_set_gate(CURL *easy, ccurl_gate *gate) {
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_admitted);
  return curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, gate);
}

char *ccurl_host(const char *url, const char **why) {
  char *scheme = NULL, *host = NULL, *user = NULL, *password = NULL;
  CURLU *parts = curl_url();
  *why = NULL;
  if (parts == NULL) {
    *why = "no memory is left";
    return NULL;
  }
  CURLUcode code = curl_url_set(parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME);
  if (code != CURLUE_OK) {
    *why = curl_url_strerror(code);
  } else if (curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
             (strcasecmp(scheme, "http") != 0 && strcasecmp(scheme, "https") != 0)) {
    *why = "it is neither http nor https";
  } else if (curl_url_get(parts, CURLUPART_USER, &user, 0) == CURLUE_OK ||
             curl_url_get(parts, CURLUPART_PASSWORD, &password, 0) == CURLUE_OK) {
    *why = "it names a user";
  } else if (curl_url_get(parts, CURLUPART_HOST, &host, 0) != CURLUE_OK || host[0] == 0) {
    *why = "it names no host";
  }
  curl_free(scheme);
  curl_free(user);
  curl_free(password);
  curl_url_cleanup(parts);
  return host;
}

void ccurl_free(char *text) { curl_free(text); }

long ccurl_status(CURL *easy) {
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

long long ccurl_sent(CURL *easy) {
  curl_off_t uploaded = 0;
  long headers = 0;
  curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &uploaded);
  curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &headers);
  return (long long)uploaded + headers;
}

int ccurl_was_connected(CURL *easy) {
  curl_off_t connected = 0;
  curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected);
  return connected > 0 || ccurl_sent(easy) > 0;
}

CURL *ccurl_next_done(CURLM *multi, CURLcode *result) {
  int left = 0;
  CURLMsg *message;
  while ((message = curl_multi_info_read(multi, &left)) != NULL) {
    if (message->msg != CURLMSG_DONE) continue;
    *result = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}
