#include "native/transport/curl_handles.h"

#include <openssl/ssl.h>

#include <cstring>
#include <mutex>

namespace candor {

bool InitCurl() {
  static std::mutex mutex;
  static bool done = false;
  const std::lock_guard lock(mutex);
  if (!done) done = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return done;
}

CurlTlsCallback KeepTlsKeysSecret() {
  const char* const name = curl_version_info(CURLVERSION_NOW)->ssl_version;
  if (name == nullptr || std::strncmp(name, "OpenSSL/", 8) != 0) return nullptr;
  return [](CURL*, void* context, void*) {
    SSL_CTX_set_keylog_callback(static_cast<SSL_CTX*>(context), nullptr);
    return CURLE_OK;
  };
}

}  // namespace candor
