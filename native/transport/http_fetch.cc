#include "native/transport/http_fetch.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.h"
#include "core/url.h"
#include "native/base/sigpipe_guard.h"
#include "native/transport/curl_handles.h"

namespace candor {
namespace {

constexpr long kConnectionsToAHost = 8;

bool IsLinkLocal(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    const auto* const v4 = reinterpret_cast<const sockaddr_in*>(address);
    return ntohl(v4->sin_addr.s_addr) >> 16 == 0xA9FE;  // 169.254.0.0/16
  }
  if (address->sa_family != AF_INET6) return true;
  const in6_addr& v6 = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
  if (IN6_IS_ADDR_LINKLOCAL(&v6)) return true;
  constexpr std::array<std::uint8_t, 16> kMetadata = {0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0,
                                                      0,    0,    0,    0,    0, 0, 2, 0x54};
  if (std::memcmp(&v6, kMetadata.data(), kMetadata.size()) == 0) return true;
  return IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == 169 && v6.s6_addr[13] == 254;
}

// One GET and its answer.
class Fetch {
 public:
  Fetch(std::size_t index, const FetchLimits& limits) : index_(index), limits_(limits) {}
  Fetch(const Fetch&) = delete;
  Fetch& operator=(const Fetch&) = delete;

  // What forbids it, or "".
  std::string Prepare(const std::string& url);
  CURL* easy() const { return easy_.get(); }
  std::size_t index() const { return index_; }
  Fetched Finish(CURLcode code);

 private:
  enum class Stop { kNone, kHeaderTooLong, kBodyTooLong, kNoMemory };

  template <typename T>
  void Set(CURLoption option, T value) {
    static_assert(sizeof(T) == sizeof(long), "libcurl takes long, curl_off_t and pointers");
    if (refused_ == CURLE_OK) refused_ = curl_easy_setopt(easy_.get(), option, value);
  }
  void SetLimits();
  void SetTrust();
  std::string Explain(CURLcode code) const;

  static size_t OnHeader(char* line, size_t size, size_t count, void* self);
  static size_t OnBody(char* bytes, size_t size, size_t count, void* self);
  static curl_socket_t OnSocket(void* self, curlsocktype purpose, curl_sockaddr* address);

  const std::size_t index_;
  const FetchLimits& limits_;
  CurlEasy easy_;
  CURLcode refused_ = CURLE_OK;
  Stop stop_ = Stop::kNone;
  bool link_local_ = false;
  std::size_t header_bytes_ = 0;
  std::string body_;
  std::array<char, CURL_ERROR_SIZE> error_{};
};

std::string Fetch::Prepare(const std::string& url) {
  const Result<Url> parsed = ParseUrl(url);
  if (!parsed.ok()) return "the URL " + parsed.error().message;
  easy_.reset(curl_easy_init());
  if (easy_ == nullptr) throw std::bad_alloc();
  Set(CURLOPT_PRIVATE, this);
  Set(CURLOPT_ERRORBUFFER, error_.data());
  Set(CURLOPT_URL, url.c_str());
  Set(CURLOPT_PROTOCOLS_STR, parsed.value().https ? "https" : "http");
  Set(CURLOPT_PATH_AS_IS, 1L);
  Set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  Set(CURLOPT_FOLLOWLOCATION, 0L);
  Set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  Set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  // "" and not missing: otherwise the proxies of the environment are obeyed.
  Set(CURLOPT_PROXY, "");
  Set(CURLOPT_USERAGENT, "candor/" CANDOR_VERSION);
  Set(CURLOPT_ACCEPT_ENCODING, "gzip");
  Set(CURLOPT_HEADERFUNCTION, &Fetch::OnHeader);
  Set(CURLOPT_HEADERDATA, this);
  Set(CURLOPT_WRITEFUNCTION, &Fetch::OnBody);
  Set(CURLOPT_WRITEDATA, this);
  Set(CURLOPT_OPENSOCKETFUNCTION, &Fetch::OnSocket);
  Set(CURLOPT_OPENSOCKETDATA, this);
  SetLimits();
  SetTrust();
  return refused_ == CURLE_OK
             ? ""
             : std::string("libcurl refuses an option: ") + curl_easy_strerror(refused_);
}

void Fetch::SetLimits() {
  Set(CURLOPT_NOSIGNAL, 1L);
  // Otherwise a name server that keeps silent keeps curl_easy_cleanup waiting.
  Set(CURLOPT_QUICK_EXIT, 1L);
  Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits_.timeout_ms));
  Set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits_.timeout_ms));
  Set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(limits_.body_bytes));
}

void Fetch::SetTrust() {
  Set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  Set(CURLOPT_SSL_VERIFYPEER, 1L);
  Set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (const CurlTlsCallback keep = KeepTlsKeysSecret()) Set(CURLOPT_SSL_CTX_FUNCTION, keep);
}

Fetched Fetch::Finish(CURLcode code) {
  Fetched fetched;
  curl_off_t took_us = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_TOTAL_TIME_T, &took_us);
  fetched.took_ms = took_us / 1000;
  if (code != CURLE_OK) {
    fetched.error = Explain(code);
    return fetched;
  }
  long status = 0;
  char* type = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_TYPE, &type);
  fetched.status = static_cast<int>(status);
  if (type != nullptr) fetched.content_type = type;
  fetched.body = std::move(body_);
  return fetched;
}

std::string Fetch::Explain(CURLcode code) const {
  const auto bytes = [](std::size_t n) { return Decimal(static_cast<std::int64_t>(n)) + " bytes"; };
  if (link_local_) return "its address is link-local, where nothing is asked";
  if (stop_ == Stop::kNoMemory) return "out of memory";
  if (stop_ == Stop::kHeaderTooLong) {
    return "the answer's header is longer than " + bytes(limits_.header_bytes);
  }
  if (stop_ == Stop::kBodyTooLong || code == CURLE_FILESIZE_EXCEEDED) {
    return "the answer is longer than " + bytes(limits_.body_bytes);
  }
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return "no whole answer within " + Decimal(limits_.timeout_ms) + " ms";
  }
  if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY) {
    return "what came back is not an answer of HTTP/1.1";
  }
  return CurlReason(error_.data(), code);
}

size_t Fetch::OnHeader(char* /*line*/, size_t size, size_t count, void* self) {
  auto& fetch = *static_cast<Fetch*>(self);
  fetch.header_bytes_ += size * count;
  if (fetch.header_bytes_ <= fetch.limits_.header_bytes) return size * count;
  fetch.stop_ = Stop::kHeaderTooLong;
  return 0;
}

size_t Fetch::OnBody(char* bytes, size_t size, size_t count, void* self) {
  auto& fetch = *static_cast<Fetch*>(self);
  const std::string_view more(bytes, size * count);
  if (more.size() > fetch.limits_.body_bytes - fetch.body_.size()) {
    fetch.stop_ = Stop::kBodyTooLong;
    return 0;
  }
  try {
    fetch.body_ += more;
  } catch (const std::bad_alloc&) {
    fetch.stop_ = Stop::kNoMemory;
    return 0;
  }
  return more.size();
}

curl_socket_t Fetch::OnSocket(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
  if (IsLinkLocal(&address->addr)) {
    static_cast<Fetch*>(self)->link_local_ = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace

class HttpFetcher::Impl {
 public:
  using Done = std::function<void(std::size_t, Fetched)>;

  explicit Impl(const FetchLimits& limits) : limits_(limits) {}

  void FetchAll(std::span<const std::string> urls, const Done& done) {
    const SigpipeGuard guard;
    if (!Open()) return FailFrom(0, urls.size(), "libcurl cannot be used", done);
    std::vector<std::unique_ptr<Fetch>> under_way;
    std::size_t next = 0;
    while (next < urls.size() || !under_way.empty()) {
      if (cancelled_) break;
      while (next < urls.size() && under_way.size() < limits_.at_once) {
        Begin(urls[next], next, under_way, done);
        ++next;
      }
      if (!Turn(under_way, done)) break;
    }
    for (const auto& fetch : under_way) {
      curl_multi_remove_handle(multi_.get(), fetch->easy());
      done(fetch->index(), Failed("stopped"));
    }
    FailFrom(next, urls.size(), "stopped", done);
  }

  void Cancel() noexcept {
    cancelled_ = true;
    if (CURLM* const multi = waking_.load()) curl_multi_wakeup(multi);
  }

 private:
  static Fetched Failed(std::string why) {
    Fetched fetched;
    fetched.error = std::move(why);
    return fetched;
  }

  static void FailFrom(std::size_t first, std::size_t end, const char* why, const Done& done) {
    for (std::size_t i = first; i < end; ++i) done(i, Failed(why));
  }

  bool Open() {
    if (multi_ != nullptr) return true;
    if (!InitCurl()) return false;
    multi_.reset(curl_multi_init());
    if (multi_ == nullptr) return false;
    curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS, kConnectionsToAHost);
    waking_ = multi_.get();
    return true;
  }

  void Begin(const std::string& url, std::size_t index,
             std::vector<std::unique_ptr<Fetch>>& under_way, const Done& done) {
    auto fetch = std::make_unique<Fetch>(index, limits_);
    std::string wrong = fetch->Prepare(url);
    if (wrong.empty() && curl_multi_add_handle(multi_.get(), fetch->easy()) != CURLM_OK) {
      wrong = "libcurl could not go on";
    }
    if (!wrong.empty()) return done(index, Failed(std::move(wrong)));
    under_way.push_back(std::move(fetch));
  }

  // Moves all of them, hands over those that ended, and waits for more. false: no going on.
  bool Turn(std::vector<std::unique_ptr<Fetch>>& under_way, const Done& done) {
    int running = 0, left = 0;
    if (curl_multi_perform(multi_.get(), &running) != CURLM_OK) return false;
    bool ended = false;
    while (const CURLMsg* const message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      End(message->easy_handle, message->data.result, under_way, done);
      ended = true;
    }
    if (ended || running == 0) return true;
    const int wait_ms = static_cast<int>(std::min<std::int64_t>(limits_.timeout_ms, 1000));
    return curl_multi_poll(multi_.get(), nullptr, 0, wait_ms, nullptr) == CURLM_OK;
  }

  void End(CURL* easy, CURLcode code, std::vector<std::unique_ptr<Fetch>>& under_way,
           const Done& done) {
    const auto at = std::find_if(under_way.begin(), under_way.end(),
                                 [easy](const auto& fetch) { return fetch->easy() == easy; });
    const std::unique_ptr<Fetch> fetch = std::move(*at);
    under_way.erase(at);
    curl_multi_remove_handle(multi_.get(), easy);
    done(fetch->index(), fetch->Finish(code));
  }

  const FetchLimits limits_;
  CurlMulti multi_;
  std::atomic<CURLM*> waking_ = nullptr;  // Set once; Cancel may come from another thread.
  std::atomic<bool> cancelled_ = false;
};

HttpFetcher::HttpFetcher(const FetchLimits& limits) : impl_(std::make_unique<Impl>(limits)) {}
HttpFetcher::~HttpFetcher() = default;

void HttpFetcher::FetchAll(std::span<const std::string> urls,
                           const std::function<void(std::size_t, Fetched)>& done) {
  impl_->FetchAll(urls, done);
}

void HttpFetcher::Cancel() noexcept { impl_->Cancel(); }

}  // namespace candor
