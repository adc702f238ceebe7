#include "native/admin/door/door_answers.h"

#include <algorithm>

#include "native/admin/door/door.h"
#include "native/http/headers.h"

namespace candor {

std::string_view SessionCookieOf(const HttpRequest& request) {
  std::string_view found;
  for (const auto& [name, value] : request.headers) {
    if (!EqualNames(name, "Cookie")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = Trimmed(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != kSessionCookie) continue;
      if (found.data() != nullptr) return {};
      found = pair.substr(equals + 1);
    }
  }
  return found;
}

std::string SessionCookie(std::string_view token) {
  std::string cookie(kSessionCookie);
  cookie.append("=").append(token).append("; Path=/; Secure; HttpOnly; SameSite=Strict");
  if (token.empty()) cookie.append("; Max-Age=0");
  return cookie;
}

HttpAnswer UnavailableAnswer() { return TryAgain(503, "the accounts cannot be read now", 1); }

HttpAnswer LaterAnswer(const SignInAnswer& answer) {
  if (answer.kind == SignInAnswer::Kind::kUnavailable) return UnavailableAnswer();
  return TryAgain(429, "too many wrong passwords came from here, or for this name",
                  std::max<std::int64_t>(1, (answer.wait_ms + 999) / 1'000));
}

HttpAnswer RefusedAnswer(const Problems& problems) {
  switch (problems.list().front().code) {
    case ErrorCode::kNotFound:
      return ProblemAnswer(404, problems.list().front().message);
    case ErrorCode::kConflict:
    case ErrorCode::kOverLimit:
      return ProblemAnswer(409, problems.list().front().message, problems);
    case ErrorCode::kUnavailable:
    case ErrorCode::kCorrupt:
    case ErrorCode::kInternal:
      return UnavailableAnswer();
    default:
      return ProblemAnswer(422, "not what is needed here", problems);
  }
}

}  // namespace candor
