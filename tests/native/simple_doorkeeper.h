// A doorkeeper who believes what a request says of itself, and handlers that say which of them was
// asked.
#pragma once

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <string>

#include "core/json_writer.h"
#include "native/admin/admin_handlers.h"
#include "native/http/headers.h"
#include "native/http/problem.h"

namespace candor {

// Cookie "__Host-candor=NAME" or "Authorization: Basic NAME" with viewer, superuser, expired,
// revoked or nobody; any other name is a user without a role. The token is "token-of-NAME".
class SimpleDoorkeeper : public Doorkeeper {
 public:
  Identified Identify(const HttpRequest& request, const HttpPeer& peer) override {
    Caller caller;
    caller.peer = peer.address;
    std::string name;
    if (const auto cookie = OnlyHeader(request, "Cookie"); cookie && cookie->starts_with(kCookie)) {
      name = cookie->substr(kCookie.size());
      caller.via = "account";
    } else if (const auto basic = OnlyHeader(request, "Authorization")) {
      name = basic->substr(std::min<std::size_t>(6, basic->size()));
      caller.via = "basic";
    }
    if (name == "expired" || name == "revoked" || IsGone(name)) {
      caller.reason = name == "expired" ? name : "revoked";
      return {caller};
    }
    if (name.empty() || name == "nobody") return {caller};
    if (name == "viewer") caller.role = Role::kViewer;
    if (name == "superuser") caller.role = Role::kSuperuser;
    caller.user = name;
    if (caller.via == "account") caller.session = "session-of-" + name;
    return {caller};
  }

  std::optional<HttpAnswer> RefuseToken(const HttpRequest& request, const Caller& caller) override {
    if (caller.via == "basic") return std::nullopt;
    const auto token = OnlyHeader(request, "X-Candor-Token");
    if (token && EqualSecrets(*token, "token-of-" + caller.user)) return std::nullopt;
    return ProblemAnswer(403, "the token is wrong");
  }

  bool StillIn(const Caller& caller) override { return !IsGone(caller.user); }
  HttpAnswer Answer(RouteId route, const AdminRequest& request) override;

  void End(const std::string& user) {
    const std::lock_guard lock(mutex_);
    gone_.insert(user);
  }

 private:
  static constexpr std::string_view kCookie = "__Host-candor=";

  bool IsGone(const std::string& user) {
    const std::lock_guard lock(mutex_);
    return gone_.count(user) > 0;
  }

  std::mutex mutex_;
  std::set<std::string> gone_;
};

// {"route": n, "role": n, "parts": "a,b,", "query": "", "body": n}
inline HttpAnswer Echo(RouteId route, const AdminRequest& request) {
  HttpAnswer answer;
  answer.body = JsonObject([&](JsonWriter& writer) {
    std::string parts;
    for (const std::string& part : request.parts) parts += part + ",";
    writer.Key("route");
    writer.Integer(static_cast<int>(route));
    writer.Key("role");
    writer.Integer(static_cast<int>(request.caller.role));
    writer.Key("parts");
    writer.String(parts);
    writer.Key("query");
    writer.String(request.query);
    writer.Key("body");
    writer.Integer(static_cast<std::int64_t>(request.http.body.size()));
  });
  return answer;
}

inline HttpAnswer SimpleDoorkeeper::Answer(RouteId route, const AdminRequest& request) {
  return Echo(route, request);
}

class EchoHandlers : public AdminHandlers {
 public:
  HttpAnswer Answer(RouteId route, const AdminRequest& request) override {
    ++asked;
    return Echo(route, request);
  }
  std::atomic<int> asked = 0;
};

}  // namespace candor
