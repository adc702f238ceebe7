#include "native/serve/local_guard.h"

#include <algorithm>

#include "core/url.h"
#include "native/http/headers.h"
#include "native/http/problem.h"

namespace candor {
namespace {

// A name that an attacker may own points here as well (DNS rebinding); these cannot.
bool IsLoopbackHost(std::string_view host) {
  const std::string text = "http://" + std::string(host);
  const Result<Url> url = ParseUrl(text);
  return url.ok() && url.value().loopback && url.value().target.empty();
}

bool BringsToken(const HttpRequest& request, const std::string& token) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto given = OnlyHeader(request, "Authorization");
  return given && !token.empty() && given->size() > kScheme.size() &&
         EqualNames(given->substr(0, kScheme.size()), kScheme) &&
         EqualSecrets(Trimmed(given->substr(kScheme.size())), token);
}

HttpAnswer WrongToken() {
  HttpAnswer answer = ProblemAnswer(
      401,
      "bring the token as \"Authorization: Bearer TOKEN\"; it is in the file api-token of the "
      "state folder",
      {}, true);
  answer.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"candor\"");
  return answer;
}

}  // namespace

std::optional<HttpAnswer> RefuseStranger(const HttpRequest& request, const LocalAccess& access,
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

}  // namespace candor
