#include "native/transport/curl_handles.h"

#include <openssl/ssl.h>

#include <cstring>
#include <mutex>

#include "core/text.h"

namespace candor {

bool InitCurl() {
  static std::mutex mutex;
  static bool done = false;
  const std::lock_guard lock(mutex);
  if (!done) done = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return done;
}

std::string CurlReason(std::string_view buffer, CURLcode code) {
  constexpr std::string_view kAfter = " after ", kMs = " ms";
  std::string reason(buffer.empty() ? curl_easy_strerror(code) : buffer);
  const std::size_t after = reason.find(kAfter);
  if (after == std::string::npos) return Quotable(reason, 300);
  const std::size_t digits = after + kAfter.size();
  const std::size_t end = reason.find_first_not_of("0123456789", digits);
  if (end != std::string::npos && end > digits && reason.compare(end, kMs.size(), kMs) == 0) {
    reason.erase(after, end + kMs.size() - after);
  }
  return Quotable(reason, 300);
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
