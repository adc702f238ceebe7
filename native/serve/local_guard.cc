#include "native/serve/local_guard.h"

#include <algorithm>

#include "core/text.h"
#include "core/url.h"

namespace candor {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool EqualNames(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return Lower(x) == Lower(y); });
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// A name that an attacker may own points here as well (DNS rebinding); these cannot.
bool IsLoopbackHost(std::string_view host) {
  const std::string text = "http://" + std::string(host);
  const Result<Url> url = ParseUrl(text);
  return url.ok() && url.value().loopback && url.value().target.empty();
}

// Takes as long for every text of the right length.
bool EqualSecrets(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  volatile unsigned char differs = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    differs = static_cast<unsigned char>(differs | (a[i] ^ b[i]));
  }
  return differs == 0;
}

bool BringsToken(const LocalRequest& request, const std::string& token) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto given = OnlyHeader(request, "Authorization");
  return given && !token.empty() && given->size() > kScheme.size() &&
         EqualNames(given->substr(0, kScheme.size()), kScheme) &&
         EqualSecrets(Trimmed(given->substr(kScheme.size())), token);
}

bool IsJson(std::string_view content_type) {
  return EqualNames(Trimmed(content_type.substr(0, content_type.find(';'))), "application/json");
}

LocalAnswer WrongToken() {
  LocalAnswer answer = ProblemAnswer(
      401,
      "bring the token as \"Authorization: Bearer TOKEN\"; it is in the file api-token of the "
      "state folder",
      {}, true);
  answer.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"candor\"");
  return answer;
}

}  // namespace

std::size_t CountHeaders(const LocalRequest& request, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(request.headers.begin(), request.headers.end(),
                    [name](const auto& header) { return EqualNames(header.first, name); }));
}

std::optional<std::string_view> OnlyHeader(const LocalRequest& request, std::string_view name) {
  if (CountHeaders(request, name) != 1) return std::nullopt;
  for (const auto& [key, value] : request.headers) {
    if (EqualNames(key, name)) return Trimmed(value);
  }
  return std::nullopt;
}

std::optional<LocalAnswer> RefuseStranger(const LocalRequest& request, const LocalAccess& access,
                                          bool needs_token) {
  // Browsers add these where pages ask; programs of this machine do not.
  if (CountHeaders(request, "Origin") + CountHeaders(request, "Sec-Fetch-Site") > 0) {
    return ProblemAnswer(403, "browsers' pages may not ask", {}, true);
  }
  if (!access.network) return std::nullopt;
  const auto host = OnlyHeader(request, "Host");
  if (!host || !IsLoopbackHost(*host)) {
    return ProblemAnswer(403, "the one Host must be localhost, 127.0.0.1 or [::1]", {}, true);
  }
  if (needs_token && !BringsToken(request, access.token)) return WrongToken();
  return std::nullopt;
}

std::optional<LocalAnswer> RefuseBody(const LocalRequest& request, bool takes_body) {
  const std::size_t lengths = CountHeaders(request, "Content-Length");
  if (CountHeaders(request, "Transfer-Encoding") > 0) {
    if (lengths > 0) return ProblemAnswer(400, "a body has one length only", {}, true);
    return ProblemAnswer(411, "say the body's Content-Length", {}, true);
  }
  if (lengths > 1) return ProblemAnswer(400, "a body has one Content-Length only", {}, true);
  if (lengths == 0) {
    if (!takes_body) return std::nullopt;
    return ProblemAnswer(411, "say the body's Content-Length", {}, true);
  }
  std::int64_t length = -1;
  const std::string_view text = *OnlyHeader(request, "Content-Length");
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(),
                                                   [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return ProblemAnswer(400, "Content-Length must be a number", {}, true);
  if (!ParseDecimal(text, &length) || length > static_cast<std::int64_t>(kMaxLocalBodyBytes)) {
    return ProblemAnswer(413, "a body may be 1 MiB long", {}, true);
  }
  if (!takes_body) {
    if (length == 0) return std::nullopt;
    return ProblemAnswer(400, "this takes no body", {}, true);
  }
  const auto type = OnlyHeader(request, "Content-Type");
  if (!type || !IsJson(*type)) {
    return ProblemAnswer(415, "the Content-Type must be application/json", {}, true);
  }
  return std::nullopt;
}

}  // namespace candor
