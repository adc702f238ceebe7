#include "native/transport/socket_post.h"

#include <array>
#include <new>

#include "core/text.h"
#include "native/base/sigpipe_guard.h"
#include "native/transport/curl_handles.h"

namespace candor {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;

size_t OnBody(char* bytes, size_t size, size_t count, void* body) try {
  auto& text = *static_cast<std::string*>(body);
  if (size * count > kMostBytes - text.size()) return 0;
  text.append(bytes, size * count);
  return size * count;
} catch (const std::bad_alloc&) {
  return 0;
}

template <typename T>
void Set(const CurlEasy& easy, CURLcode& refused, CURLoption option, T value) {
  static_assert(sizeof(T) == sizeof(long), "libcurl takes long, curl_off_t and pointers");
  if (refused == CURLE_OK) refused = curl_easy_setopt(easy.get(), option, value);
}

}  // namespace

SocketAnswer PostToSocket(const std::string& socket, const std::string& target,
                          const std::string& json, std::int64_t timeout_ms) {
  const SigpipeGuard guard;
  SocketAnswer answer;
  const CurlEasy easy(InitCurl() ? curl_easy_init() : nullptr);
  const CurlList headers(curl_slist_append(nullptr, "Content-Type: application/json"));
  if (easy == nullptr || headers == nullptr) throw std::bad_alloc();
  std::array<char, CURL_ERROR_SIZE> error{};
  const std::string url = "http://localhost" + target;
  CURLcode code = CURLE_OK;
  Set(easy, code, CURLOPT_ERRORBUFFER, error.data());
  Set(easy, code, CURLOPT_URL, url.c_str());
  Set(easy, code, CURLOPT_PROTOCOLS_STR, "http");
  Set(easy, code, CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
  // "" and not missing: otherwise the proxies of the environment are obeyed.
  Set(easy, code, CURLOPT_PROXY, "");
  Set(easy, code, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  Set(easy, code, CURLOPT_NOSIGNAL, 1L);
  Set(easy, code, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_ms));
  Set(easy, code, CURLOPT_HTTPHEADER, headers.get());
  Set(easy, code, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json.size()));
  Set(easy, code, CURLOPT_POSTFIELDS, json.c_str());
  Set(easy, code, CURLOPT_WRITEFUNCTION, &OnBody);
  Set(easy, code, CURLOPT_WRITEDATA, &answer.body);
  if (code == CURLE_OK) code = curl_easy_perform(easy.get());
  if (code != CURLE_OK) {
    answer.error = Quotable(error[0] != '\0' ? error.data() : curl_easy_strerror(code), 300);
    return answer;
  }
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

}  // namespace candor
