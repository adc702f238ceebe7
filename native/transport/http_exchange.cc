#include "native/transport/http_exchange.h"

#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

#include "core/base64.h"
#include "core/text.h"
#include "core/url.h"
#include "native/transport/http_files.h"

namespace candor {
namespace {

constexpr std::size_t kMaxIdBytes = 200;

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// "" unless `hex` is a SHA-256.
std::string Base64OfHex(std::string_view hex) {
  std::array<std::uint8_t, 32> bytes{};
  if (hex.size() != 2 * bytes.size()) return {};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = HexValue(hex[2 * i]), low = HexValue(hex[2 * i + 1]);
    if (high < 0 || low < 0) return {};
    bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return Base64(bytes);
}

// libcurl decodes user and password.
void AppendPercentEncoded(std::string_view text, std::string* out) {
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    *out += '%' + Hex(std::span(&byte, 1));
  }
}

}  // namespace

HttpExchange::HttpExchange(const HttpOptions& options, const PostRequest& request)
    : options_(options), request_(request) {}
HttpExchange::HttpExchange(const HttpOptions& options, const AskRequest& request)
    : options_(options), request_{request.body, {}, {}}, path_(request.path) {}

template <typename T>
void HttpExchange::Set(CURLoption option, T value) {
  static_assert(sizeof(T) == sizeof(long), "libcurl takes long, curl_off_t and pointers");
  if (refused_ == CURLE_OK) refused_ = curl_easy_setopt(easy_.get(), option, value);
}

std::string HttpExchange::Prepare() {
  const Result<Url> url = ParseEndpoint(options_.endpoint);
  if (!url.ok()) return "the endpoint " + url.error().message;
  https_ = url.value().https;
  url_ = options_.endpoint;
  if (!path_.empty()) {
    url_.resize(url_.size() - url.value().target.size());
    url_ += path_;
  }
  // What is sent to this machine stays on it.
  tunnel_ = !options_.proxy.empty() && !url.value().loopback;
  answer_ = Answer(tunnel_);
  answer_.Reserve();
  easy_.reset(curl_easy_init());
  if (easy_ == nullptr) throw std::bad_alloc();
  SetRequest();
  SetLimits();
  std::string wrong = SetTrust();
  if (wrong.empty()) wrong = SetProxy();
  if (wrong.empty()) wrong = SetHeaders();
  if (wrong.empty() && refused_ != CURLE_OK) {
    wrong = std::string("libcurl refuses an option: ") + curl_easy_strerror(refused_);
  }
  return wrong;
}

void HttpExchange::SetRequest() {
  Set(CURLOPT_ERRORBUFFER, error_.data());
  Set(CURLOPT_URL, url_.c_str());
  Set(CURLOPT_PROTOCOLS_STR, https_ ? "https" : "http");
  Set(CURLOPT_PATH_AS_IS, 1L);
  Set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  Set(CURLOPT_FOLLOWLOCATION, 0L);
  Set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  Set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  Set(CURLOPT_USERAGENT, "candor/" CANDOR_VERSION);
  const bool posts = path_.empty() || !request_.body.empty();
  Set(posts ? CURLOPT_POST : CURLOPT_HTTPGET, 1L);
  if (posts) Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  // Through a callback, so that it shows whether the first byte may have left.
  Set(CURLOPT_READFUNCTION, &HttpExchange::OnRead);
  Set(CURLOPT_READDATA, this);
  Set(CURLOPT_HEADERFUNCTION, &HttpExchange::OnHeader);
  Set(CURLOPT_HEADERDATA, this);
  Set(CURLOPT_WRITEFUNCTION, &HttpExchange::OnBody);
  Set(CURLOPT_WRITEDATA, this);
  Set(CURLOPT_OPENSOCKETFUNCTION, &HttpExchange::OnSocket);
}

void HttpExchange::SetLimits() {
  Set(CURLOPT_NOSIGNAL, 1L);
  // Otherwise a name server that keeps silent keeps curl_easy_cleanup waiting, past every timeout.
  Set(CURLOPT_QUICK_EXIT, 1L);
  Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.timeout_ms));
  Set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout_ms));
  // A report is sent once a day: there is nothing to keep a connection for.
  Set(CURLOPT_FRESH_CONNECT, 1L);
  Set(CURLOPT_FORBID_REUSE, 1L);
  // Nor a session; and when memory runs out in that cache, libcurl 7.88 frees a name twice.
  Set(CURLOPT_SSL_SESSIONID_CACHE, 0L);
}

std::string HttpExchange::SetTrust() {
  Set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  Set(CURLOPT_SSL_VERIFYPEER, 1L);
  Set(CURLOPT_SSL_VERIFYHOST, 2L);
  Set(CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  Set(CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
  Set(CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
  if (!options_.ca_file.empty()) {
    constexpr const char* kNone = nullptr;
    Set(CURLOPT_CAPATH, kNone);  // The system's folder would be trusted beside the file.
    Set(CURLOPT_PROXY_CAPATH, kNone);
  }
  // Otherwise OpenSSL asks on the host's terminal for the password of an encrypted key.
  Set(CURLOPT_KEYPASSWD, "");
  if (const CurlTlsCallback keep = KeepTlsKeysSecret()) Set(CURLOPT_SSL_CTX_FUNCTION, keep);
  std::string wrong =
      SetFile(options_.ca_file, false, &ca_, {CURLOPT_CAINFO_BLOB, CURLOPT_PROXY_CAINFO_BLOB});
  const bool key_beside = options_.client_key_file.empty();
  const std::string& key = key_beside ? options_.client_certificate_file : options_.client_key_file;
  if (wrong.empty()) {
    wrong = SetFile(options_.client_certificate_file, key_beside, &certificate_,
                    {CURLOPT_SSLCERT_BLOB});
  }
  return wrong.empty() ? SetFile(key, true, &key_, {CURLOPT_SSLKEY_BLOB}) : wrong;
}

// Read here, as libcurl would open it for the programs that the host starts meanwhile, too.
std::string HttpExchange::SetFile(const std::string& path, bool secret, std::string* text,
                                  std::initializer_list<CURLoption> blobs) {
  if (path.empty()) return "";
  Result<std::string> read = ReadWholeFile(path, secret, "");
  if (!read.ok()) return read.error().message;
  *text = std::move(read).value();
  curl_blob blob{text->data(), text->size(), CURL_BLOB_NOCOPY};
  for (const CURLoption option : blobs) Set(option, &blob);
  return "";
}

std::string HttpExchange::SetProxy() {
  // "" and not missing: otherwise http_proxy, https_proxy, all_proxy and no_proxy are obeyed.
  Set(CURLOPT_PROXY, tunnel_ ? options_.proxy.c_str() : "");
  Set(CURLOPT_NOPROXY, "");
  Set(CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  if (!tunnel_ || options_.proxy_credentials_file.empty()) return "";
  // Read anew each time, as passwords change while a server runs.
  Result<ProxyCredentials> read = ReadProxyCredentials(options_.proxy_credentials_file, "");
  if (!read.ok()) return read.error().message;
  std::string text;
  AppendPercentEncoded(read.value().user, &text);
  text += ':';
  AppendPercentEncoded(read.value().password, &text);
  Set(CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_BASIC));
  Set(CURLOPT_PROXYUSERPWD, text.c_str());
  explicit_bzero(text.data(), text.size());
  return "";
}

std::string HttpExchange::SetHeaders() {
  const bool is_report = path_.empty();
  if (is_report || !request_.body.empty()) AddHeader("Content-Type: application/json");
  std::string wrong = is_report ? SetReportHeaders() : "";
  AddHeader("Expect:");  // Removes it: no waiting for 100 (Continue).
  Set(CURLOPT_HTTPHEADER, headers_.get());
  return wrong;
}

std::string HttpExchange::SetReportHeaders() {
  if (request_.id.empty() || request_.id.size() > kMaxIdBytes || !IsPrintable(request_.id)) {
    return "the report's id is not a word of printable ASCII";
  }
  const std::string digest = Base64OfHex(request_.digest);
  if (digest.empty()) return "the report's digest is not a SHA-256 in lower-case hexadecimal";
  AddHeader("Idempotency-Key: " + std::string(request_.id));
  AddHeader("Content-Digest: sha-256=:" + digest + ":");
  return "";
}

void HttpExchange::AddHeader(const std::string& line) {
  curl_slist* const longer = curl_slist_append(headers_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(headers_.release());
  headers_.reset(longer);
}

PostResult HttpExchange::Finish(Ending ending, CURLcode code) noexcept {
  PostResult result;
  result.cancelled = ending == Ending::kCancelled;
  // Who answers 2xx before the report is there has not got it; a refusal may come early.
  if (answer_.complete() && (answer_.status() >= 300 || IsWholeBodySent())) {
    result.outcome = PostResult::Outcome::kAnswered;
    result.status = answer_.status();
    result.retry_after_ms = answer_.retry_after_ms();
    result.receipt = std::move(answer_).receipt();
    return result;
  }
  result.outcome = body_started_ ? PostResult::Outcome::kUncertain : PostResult::Outcome::kNotSent;
  try {
    result.error = Explain(ending, code);
  } catch (const std::bad_alloc&) {
    result.error = "out of memory";  // Short enough to need none.
  }
  return result;
}

bool HttpExchange::IsWholeBodySent() const {
  curl_off_t sent = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_UPLOAD_T, &sent);
  return handed_ == request_.body.size() && sent >= static_cast<curl_off_t>(handed_);
}

std::string HttpExchange::Explain(Ending ending, CURLcode code) const {
  if (answer_.header_too_long()) {
    return "the answer's header is longer than " + Decimal(Answer::kMaxHeaderBytes) + " bytes";
  }
  if (answer_.proxy_status() != 0) {
    return "the proxy answered " + Decimal(answer_.proxy_status()) + " to CONNECT";
  }
  if (ending == Ending::kCancelled) return std::string("stopped ") + Stage();
  if (ending == Ending::kTimedOut || code == CURLE_OPERATION_TIMEDOUT) {
    return "nothing came of it within " + Decimal(options_.timeout_ms) + " ms, " + Stage();
  }
  if (answer_.complete()) {
    return "the service answered " + Decimal(answer_.status()) + " before it had the whole report";
  }
  if (ending == Ending::kBroken) return "libcurl could not go on";
  if (body_started_ && code == CURLE_OUT_OF_MEMORY) {
    return "out of memory, or a line of the answer's header is longer than libcurl takes";
  }
  if (code == CURLE_OK || code == CURLE_WRITE_ERROR) {
    return "what came back is not an answer of HTTP/1.1";
  }
  return CurlReason(error_.data(), code);
}

const char* HttpExchange::Stage() const {
  const auto reached = [this](CURLINFO what) {
    curl_off_t time_us = 0;
    return curl_easy_getinfo(easy_.get(), what, &time_us) == CURLE_OK && time_us > 0;
  };
  if (!reached(CURLINFO_NAMELOOKUP_TIME_T)) return "while looking up the name";
  // With the proxy and TLS, of which libcurl gives no times of their own before all of it stands.
  if (!reached(CURLINFO_CONNECT_TIME_T)) return "while connecting";
  return IsWholeBodySent() ? "while waiting for the answer" : "while sending";
}

size_t HttpExchange::OnRead(char* out, size_t size, size_t count, void* self) {
  auto& exchange = *static_cast<HttpExchange*>(self);
  exchange.body_started_ = true;
  const std::string_view rest = exchange.request_.body.substr(exchange.handed_, size * count);
  std::copy(rest.begin(), rest.end(), out);
  exchange.handed_ += rest.size();
  return rest.size();
}

size_t HttpExchange::OnHeader(char* line, size_t size, size_t count, void* self) {
  const std::string_view text(line, size * count);
  return static_cast<HttpExchange*>(self)->answer_.ReadHeaderLine(text) ? text.size() : 0;
}

size_t HttpExchange::OnBody(char* bytes, size_t size, size_t count, void* self) {
  const std::string_view text(bytes, size * count);
  return static_cast<HttpExchange*>(self)->answer_.ReadBody(text) ? text.size() : 0;
}

// libcurl's own sockets would live on in the programs that the host starts meanwhile.
curl_socket_t HttpExchange::OnSocket(void* /*self*/, curlsocktype /*purpose*/,
                                     curl_sockaddr* address) {
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace candor
