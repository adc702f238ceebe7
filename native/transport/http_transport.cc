#include "native/transport/http_transport.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <utility>

#include "core/url.h"
#include "native/base/sigpipe_guard.h"
#include "native/transport/http_exchange.h"
#include "native/transport/http_files.h"

namespace candor {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Millis = std::chrono::milliseconds;
constexpr std::int64_t kMostMs = 24 * 60 * 60 * 1000;

PostResult NotSent(std::string error, bool cancelled = false) {
  PostResult result;
  result.error = std::move(error);
  result.cancelled = cancelled;
  return result;
}

class HttpTransport : public Transport {
 public:
  explicit HttpTransport(HttpOptions options) : options_(std::move(options)) {}
  PostResult Post(const PostRequest& request) noexcept override { return Exchange(request); }
  PostResult Ask(const AskRequest& request) noexcept override { return Exchange(request); }
  void Cancel(std::int64_t grace_ms) noexcept override;

 private:
  template <typename Request>
  PostResult Exchange(const Request& request) noexcept;
  PostResult Run(HttpExchange& exchange, CURLM* multi) noexcept;
  Ending Drive(CURLM* multi) noexcept;
  void SetRunning(CURLM* multi);
  SteadyClock::time_point CancelAt();

  const HttpOptions options_;
  std::mutex mutex_;
  SteadyClock::time_point cancel_at_ = SteadyClock::time_point::max();
  CURLM* running_ = nullptr;  // Of the Post that is under way.
};

template <typename Request>
PostResult HttpTransport::Exchange(const Request& request) noexcept {
  if (SteadyClock::now() >= CancelAt()) return NotSent("stopped", true);
  const SigpipeGuard guard;
  try {
    if (!InitCurl()) return NotSent("libcurl cannot be used");
    HttpExchange exchange(options_, request);
    std::string wrong = exchange.Prepare();
    if (!wrong.empty()) return NotSent(std::move(wrong));
    const CurlMulti multi(curl_multi_init());
    if (multi == nullptr) return NotSent("out of memory");
    return Run(exchange, multi.get());
  } catch (const std::bad_alloc&) {
    return NotSent("out of memory");  // Run does not throw, so nothing has left.
  }
}

PostResult HttpTransport::Run(HttpExchange& exchange, CURLM* multi) noexcept {
  if (curl_multi_add_handle(multi, exchange.easy()) != CURLM_OK) {
    return exchange.Finish(Ending::kBroken, CURLE_OK);
  }
  SetRunning(multi);
  const Ending ending = Drive(multi);
  SetRunning(nullptr);
  CURLcode code = CURLE_OK;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg == CURLMSG_DONE) code = message->data.result;
  }
  PostResult result = exchange.Finish(ending, code);
  curl_multi_remove_handle(multi, exchange.easy());
  return result;
}

Ending HttpTransport::Drive(CURLM* multi) noexcept {
  const auto times_out_at =
      SteadyClock::now() + Millis(std::clamp<std::int64_t>(options_.timeout_ms, 0, kMostMs));
  for (;;) {
    int running = 0;
    if (curl_multi_perform(multi, &running) != CURLM_OK) return Ending::kBroken;
    if (running == 0) return Ending::kDone;
    const auto cancel_at = CancelAt();
    const auto now = SteadyClock::now();
    if (now >= cancel_at) return Ending::kCancelled;
    if (now >= times_out_at) return Ending::kTimedOut;
    const auto wait = std::chrono::ceil<Millis>(std::min(cancel_at, times_out_at) - now);
    // Cancel wakes it, also when it comes before the poll.
    if (curl_multi_poll(multi, nullptr, 0, static_cast<int>(wait.count()), nullptr) != CURLM_OK) {
      return Ending::kBroken;
    }
  }
}

void HttpTransport::Cancel(std::int64_t grace_ms) noexcept {
  const auto at = SteadyClock::now() + Millis(std::clamp<std::int64_t>(grace_ms, 0, kMostMs));
  const std::lock_guard lock(mutex_);
  cancel_at_ = std::min(cancel_at_, at);
  if (running_ != nullptr) curl_multi_wakeup(running_);
}

void HttpTransport::SetRunning(CURLM* multi) {
  const std::lock_guard lock(mutex_);
  running_ = multi;
}

SteadyClock::time_point HttpTransport::CancelAt() {
  const std::lock_guard lock(mutex_);
  return cancel_at_;
}

// Adds what is wrong with the file of a setting, if one is given.
void CheckFile(const std::string& path, bool secret, const std::string& where,
               std::string (*check)(const std::string&), Problems* problems) {
  if (path.empty()) return;
  Result<std::string> text = ReadWholeFile(path, secret, where);
  if (!text.ok()) return problems->AddAll(std::move(text).problems());
  std::string wrong = check(text.value());
  if (!wrong.empty()) problems->Add({ErrorCode::kOutOfRange, where, path + " " + wrong});
}

void CheckProxy(const HttpOptions& options, Problems* problems) {
  if (!options.proxy.empty()) {
    const Result<Url> proxy = ParseUrl(options.proxy);
    if (!proxy.ok()) problems->Add({proxy.error().code, "/proxy", proxy.error().message});
  }
  const std::string where = "/proxyCredentialsFile";
  if (options.proxy_credentials_file.empty()) return;
  if (options.proxy.empty()) {
    problems->Add({ErrorCode::kConflict, where, "is given without a proxy; give that, too"});
  }
  Result<ProxyCredentials> read = ReadProxyCredentials(options.proxy_credentials_file, where);
  if (!read.ok()) problems->AddAll(std::move(read).problems());
}

std::string CheckPemCertificateAndKey(const std::string& text) {
  std::string wrong = CheckPemCertificates(text);
  return wrong.empty() ? CheckPemKey(text) : wrong;
}

void CheckClient(const HttpOptions& options, Problems* problems) {
  const std::string certificate = "/clientCertificateFile", key = "/clientKeyFile";
  if (options.client_key_file.empty()) {
    CheckFile(options.client_certificate_file, true, certificate, CheckPemCertificateAndKey,
              problems);
    return;
  }
  CheckFile(options.client_certificate_file, false, certificate, CheckPemCertificates, problems);
  CheckFile(options.client_key_file, true, key, CheckPemKey, problems);
  if (options.client_certificate_file.empty()) {
    problems->Add(
        {ErrorCode::kConflict, key, "is given without a clientCertificateFile; give that, too"});
  }
}

}  // namespace

HttpOptions HttpOptionsOf(const Config& config) {
  return {.endpoint = config.endpoint.value,
          .timeout_ms = config.request_timeout_ms.value,
          .ca_file = config.ca_file.value,
          .client_certificate_file = config.client_certificate_file.value,
          .client_key_file = config.client_key_file.value,
          .proxy = config.proxy.value,
          .proxy_credentials_file = config.proxy_credentials_file.value};
}

Result<std::unique_ptr<Transport>> MakeHttpTransport(const HttpOptions& options) {
  Problems problems;
  const Result<Url> endpoint = ParseEndpoint(options.endpoint);
  if (options.endpoint.empty()) {
    problems.Add({ErrorCode::kMissing, "/endpoint", "must be given for reports to be sent"});
  } else if (!endpoint.ok()) {
    problems.Add({endpoint.error().code, "/endpoint", endpoint.error().message});
  }
  CheckFile(options.ca_file, false, "/caFile", CheckPemCertificates, &problems);
  CheckClient(options, &problems);
  CheckProxy(options, &problems);
  if (!problems.empty()) return problems;
  return std::unique_ptr<Transport>(std::make_unique<HttpTransport>(options));
}

}  // namespace candor
