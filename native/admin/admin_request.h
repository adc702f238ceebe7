// A request of the admin API that the guard let in, and who asks.
#pragma once

#include <string>
#include <vector>

#include "native/http/message.h"

namespace candor {

// What somebody may do; each role may do what the one before may.
enum class Role { kNone, kViewer, kSuperuser };

struct Caller {
  Role role = Role::kNone;
  std::string user;
  std::string via;      // "account", "proxy", "host" or "basic"; "" for nobody.
  std::string session;  // Its id (never the cookie's value); "" for none.
  std::string peer;     // Address, for the audit and rate limits; never in an ordinary log.
  // Why nobody is signed in though a cookie came: "expired" or "revoked"; "" otherwise.
  std::string reason;
};

struct AdminRequest {
  const HttpRequest& http;  // Its method may be HEAD where the route says GET.
  const Caller& caller;
  std::string path, query;  // The target before and behind its first "?", as they came.
  // What the placeholders of the route's path stand for, percent-decoded: never empty, UTF-8,
  // without control characters; may hold a slash.
  std::vector<std::string> parts;
};

}  // namespace candor
