// What the doorkeeper's answers are made of.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "native/admin/accounts/sign_in_desk.h"
#include "native/http/message.h"
#include "native/http/problem.h"

namespace candor {

// The session cookie's value; "" when there is none, or there are several.
std::string_view SessionCookieOf(const HttpRequest& request);
// What sets it; "" takes it away.
std::string SessionCookie(std::string_view token);

// 503, to be tried again in a second.
HttpAnswer UnavailableAnswer();
// 429 or 503, with Retry-After. REQUIRES: kTooMany or kUnavailable.
HttpAnswer LaterAnswer(const SignInAnswer& answer);
// 404, 409, 422 or 503 for what Accounts refused.
HttpAnswer RefusedAnswer(const Problems& problems);

}  // namespace candor
