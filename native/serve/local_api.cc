#include "native/serve/local_api.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/text.h"
#include "native/http/headers.h"
#include "native/http/problem.h"
#include "native/serve/local_guard.h"

namespace candor {
namespace {

constexpr std::string_view kFactsPrefix = "/v1/facts/";
constexpr std::string_view kHistoryPath = "/v1/history";

enum class Route {
  kNone,
  kCounts,
  kFacts,
  kFact,
  kStatus,
  kComponents,
  kHistory,
  kMetrics,
  kHealth
};

struct RouteRow {
  std::string_view path;
  Route route;
  std::array<std::string_view, 4> methods;
  bool is_public;  // Also without a token.
};

constexpr std::array<RouteRow, 8> kRoutes = {{
    {"/v1/counts", Route::kCounts, {"GET", "HEAD", "POST"}, false},
    {"/v1/facts", Route::kFacts, {"GET", "HEAD"}, false},
    {kFactsPrefix, Route::kFact, {"GET", "HEAD", "PUT", "DELETE"}, false},
    {"/v1/status", Route::kStatus, {"GET", "HEAD"}, false},
    {"/v1/components", Route::kComponents, {"GET", "HEAD"}, false},
    {kHistoryPath, Route::kHistory, {"GET", "HEAD"}, false},
    {"/metrics", Route::kMetrics, {"GET", "HEAD"}, true},
    {"/healthz", Route::kHealth, {"GET", "HEAD"}, true},
}};

bool IsHistoryTarget(std::string_view target) {
  return target == kHistoryPath ||
         (target.starts_with(kHistoryPath) && target.substr(kHistoryPath.size()).starts_with('?'));
}

const RouteRow* FindRoute(std::string_view target) {
  // Nothing else takes a query.
  if (IsHistoryTarget(target)) target = kHistoryPath;
  for (const RouteRow& row : kRoutes) {
    const bool whole = row.route != Route::kFact;
    if (whole ? target == row.path : target.starts_with(row.path)) return &row;
  }
  return nullptr;
}

bool Takes(const RouteRow& row, std::string_view method) {
  return !method.empty() &&
         std::find(row.methods.begin(), row.methods.end(), method) != row.methods.end();
}

HttpAnswer WrongMethod(const RouteRow& row) {
  std::string allowed;
  for (const std::string_view method : row.methods) {
    if (!method.empty()) allowed.append(allowed.empty() ? "" : ", ").append(method);
  }
  HttpAnswer answer = ProblemAnswer(405, "this takes " + allowed, {}, true);
  answer.headers.emplace_back("Allow", allowed);
  return answer;
}

HttpAnswer UnknownTarget(std::string_view target) {
  if (!target.starts_with('/')) {
    return ProblemAnswer(400, "the target must be a path of this API", {}, true);
  }
  std::vector<std::string_view> paths;
  for (const RouteRow& row : kRoutes) paths.push_back(row.path);
  std::string detail = "there is no " + Quotable(target);
  const std::string_view nearest = Nearest(target, paths);
  if (!nearest.empty()) detail.append("; did you mean ").append(nearest).append("?");
  return ProblemAnswer(404, std::move(detail), {}, true);
}

std::string FactName(const HttpRequest& request) {
  return request.target.substr(kFactsPrefix.size());
}

// Of a document that was refused.
int StatusOf(const Problems& problems) {
  const auto any = [&problems](std::initializer_list<ErrorCode> codes) {
    return std::any_of(problems.list().begin(), problems.list().end(), [&](const Error& error) {
      return std::find(codes.begin(), codes.end(), error.code) != codes.end();
    });
  };
  if (any({ErrorCode::kInternal})) return 500;
  if (any({ErrorCode::kUnavailable, ErrorCode::kCorrupt})) return 507;
  if (any({ErrorCode::kMalformedJson, ErrorCode::kNotUtf8})) return 400;
  return 422;
}

HttpAnswer RefusedDocument(const Problems& problems) {
  return ProblemAnswer(StatusOf(problems), "nothing was changed", problems);
}

HttpAnswer NoContent(int status = 204) { return {status, "", {}, {}}; }

HttpAnswer WhileOff(LocalTarget& target) {
  return ProblemAnswer(409, "nothing is kept, telemetry is off: " + target.why_off());
}

HttpAnswer Given(Result<std::string> document) {
  if (document.ok()) return {200, "application/json", std::move(document).value(), {}};
  const Error& error = document.error();
  if (error.code == ErrorCode::kNotFound) return ProblemAnswer(404, error.message);
  return TryAgain(503, error.message, 1);
}

HttpAnswer AnswerCounts(const HttpRequest& request, LocalTarget& target) {
  LocalCounts* const counts = target.counts();
  if (counts == nullptr) return WhileOff(target);
  if (request.method != "POST") return Given(counts->TotalsJson());
  const Problems problems = counts->Add(request.body);
  return problems.empty() ? NoContent() : RefusedDocument(problems);
}

HttpAnswer PutFacts(const std::string& name, const HttpRequest& request, LocalTarget& target) {
  if (target.counts() == nullptr) return WhileOff(target);
  const Result<bool> is_new = target.facts().Put(name, request.body);
  if (!is_new.ok()) return RefusedDocument(is_new.problems());
  target.FactsChanged();
  return NoContent(is_new.value() ? 201 : 204);
}

HttpAnswer AnswerFact(const HttpRequest& request, LocalTarget& target) {
  const std::string name = FactName(request);
  if (request.method == "PUT") return PutFacts(name, request, target);
  if (request.method != "DELETE") return Given(target.facts().Get(name));
  const Problems problems = target.facts().Remove(name);
  if (problems.empty()) {
    target.FactsChanged();
    return NoContent();
  }
  return Given(problems);
}

HttpAnswer AnswerHistory(const HttpRequest& request, LocalTarget& target) {
  const std::size_t begin = std::min(kHistoryPath.size() + 1, request.target.size());
  const Result<MetricQuery> query = ReadMetricQuery(std::string_view(request.target).substr(begin));
  if (!query.ok()) return ProblemAnswer(400, "the query is not understood", query.problems());
  return Given(target.History(query.value()));
}

}  // namespace

std::optional<HttpAnswer> RefuseLocal(const HttpRequest& request, const LocalAccess& access) {
  const RouteRow* const row = FindRoute(request.target);
  // Strangers do not even learn what there is.
  if (auto refusal = RefuseStranger(request, access, row == nullptr || !row->is_public)) {
    return refusal;
  }
  if (row == nullptr) return UnknownTarget(request.target);
  if (!Takes(*row, request.method)) return WrongMethod(*row);
  if (row->route == Route::kFact && !FactsShelf::IsName(FactName(request))) {
    return ProblemAnswer(404, "a name is [a-z0-9][a-z0-9._-]{0,63}, such as shop-1", {}, true);
  }
  return RefuseBody(request, request.method == "POST" || request.method == "PUT",
                    kMaxLocalBodyBytes);
}

HttpAnswer AnswerLocal(const HttpRequest& request, LocalTarget& target) {
  const RouteRow* const row = FindRoute(request.target);
  switch (row == nullptr ? Route::kNone : row->route) {
    case Route::kNone:
      break;
    case Route::kCounts:
      return AnswerCounts(request, target);
    case Route::kFacts:
      return Given(target.facts().ListJson());
    case Route::kFact:
      return AnswerFact(request, target);
    case Route::kStatus:
      return Given(target.Status());
    case Route::kComponents:
      return Given(target.Components());
    case Route::kHistory:
      return AnswerHistory(request, target);
    case Route::kMetrics:
      return {200, "text/plain; version=0.0.4; charset=utf-8", target.Metrics(), {}};
    case Route::kHealth:
      return {200, "text/plain; charset=utf-8", "ok\n", {}};
  }
  return UnknownTarget(request.target);
}

}  // namespace candor
