#include "native/admin/handlers/refusals.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "core/json_reader.h"
#include "core/json_writer.h"
#include "native/http/problem.h"

namespace candor {
namespace {

constexpr std::size_t kMostDepth = 20;

int StatusOf(const Problems& problems) {
  const auto any = [&problems](std::initializer_list<ErrorCode> codes) {
    return std::any_of(problems.list().begin(), problems.list().end(), [&](const Error& error) {
      return std::find(codes.begin(), codes.end(), error.code) != codes.end();
    });
  };
  if (any({ErrorCode::kInternal})) return 500;
  if (any({ErrorCode::kUnavailable, ErrorCode::kCorrupt})) return 503;
  if (any({ErrorCode::kMalformedJson})) return 400;
  // One that stands for the whole, and is not about a part of what was asked.
  const bool whole = problems.list().size() == 1 && problems.list().front().where.empty();
  if (whole && any({ErrorCode::kNotFound})) return 404;
  if (whole && any({ErrorCode::kConflict})) return 409;
  return 422;
}

}  // namespace

HttpAnswer RefusedBy(const Problems& problems) {
  const int status = StatusOf(problems);
  const bool whole = problems.list().size() == 1;
  HttpAnswer answer =
      ProblemAnswer(status, whole ? problems.list().front().message : "nothing was done", problems);
  if (status == 503) answer.headers.emplace_back("Retry-After", "1");
  return answer;
}

HttpAnswer RefusedAs(std::string_view reason, std::string detail) {
  return ProblemAnswer(409, std::move(detail), [&](JsonWriter& writer) {
    writer.Key("reason");
    writer.String(reason);
  });
}

HttpAnswer ForSuperusers() {
  return ProblemAnswer(403, "this is for superusers, as it holds licence data");
}

bool SeesLicense(const Caller& caller) { return caller.role == Role::kSuperuser; }

Result<JsonValue> BodyOf(const AdminRequest& request) {
  JsonLimits limits;
  limits.max_depth = kMostDepth;
  return ReadJson(request.http.body, limits);
}

HttpAnswer Attachment(std::string bytes, const std::string& name) {
  HttpAnswer answer{200, "application/json", std::move(bytes), {}};
  answer.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "\"");
  return answer;
}

HttpAnswer JsonAnswer(std::string document) {
  return {200, "application/json", std::move(document), {}};
}

std::string ReportName(const std::string& digest) {
  return "candor-report-" + digest.substr(0, 16) + ".json";
}

}  // namespace candor
