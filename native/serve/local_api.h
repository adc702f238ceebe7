// The local API: what programs on this machine may ask of `candor serve`, as a function from a
// request to an answer. Sockets are local_listener's. Not thread-safe.
//
//   POST   /v1/counts        {"NAME": n, ...} is added, all of it or nothing
//   GET    /v1/counts        what was ever counted
//   PUT    /v1/facts/NAME    {"values": {...}}, as fact files have it; kept until it is deleted
//   GET, DELETE /v1/facts/NAME, GET /v1/facts
//   GET    /v1/status        as `candor status --json`
//   GET    /v1/components    as `candor components --json`, of the last round
//   GET    /v1/history       the last six hours of components' metrics, as MetricsJson; with
//                            ?component=ID or RELEASE/ID the values, of those after &since=UNIX_MS
//   GET    /metrics          of the reporter itself, Prometheus text 0.0.4
//   GET    /healthz          "ok"
//
// A refusal is a problem document (RFC 9457) whose "errors" are all that is wrong, each with its
// JSON pointer. Over the network every request must name this machine as its Host, must not come
// from a browser's page, and must bring the token, save /metrics and /healthz.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "native/http/message.h"
#include "native/scrape/metric_query.h"
#include "native/serve/facts_shelf.h"
#include "native/serve/local_counts.h"

namespace candor {

inline constexpr std::size_t kMaxLocalBodyBytes = std::size_t{1} << 20;

// What the API works on: one configuration in force.
class LocalTarget {
 public:
  virtual ~LocalTarget() = default;
  // Null while telemetry is off.
  virtual LocalCounts* counts() = 0;
  // Why it is off, "" when it is not.
  virtual std::string why_off() = 0;
  virtual const FactsShelf& facts() = 0;
  virtual void FactsChanged() = 0;
  // Documents, ready to be given. Errors: kUnavailable when it cannot be told now, kNotFound when
  // there is nothing to be told.
  virtual Result<std::string> Status() = 0;
  virtual Result<std::string> Components() = 0;
  virtual Result<std::string> History(const MetricQuery& query) = 0;
  virtual std::string Metrics() = 0;
};

// How a request came in.
struct LocalAccess {
  bool network = false;  // By TCP and not through a socket that the kernel guards.
  std::string token;     // What a bearer has to bring then.
};

// What is wrong with a request whose body has not been read yet; nothing when it may be read.
std::optional<HttpAnswer> RefuseLocal(const HttpRequest& request, const LocalAccess& access);

// REQUIRES: RefuseLocal had nothing against it.
HttpAnswer AnswerLocal(const HttpRequest& request, LocalTarget& target);

}  // namespace candor
