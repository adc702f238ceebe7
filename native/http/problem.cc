#include "native/http/problem.h"

#include <string_view>
#include <utility>

#include "core/problems.h"
#include "core/text.h"

namespace candor {
namespace {

// RFC 9110, and RFC 6585 for 428 and 429.
std::string_view Title(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 503:
      return "Service Unavailable";
    case 507:
      return "Insufficient Storage";
    default:
      return "Internal Server Error";
  }
}

void Text(JsonWriter& writer, std::string_view key, std::string_view value) {
  writer.Key(key);
  writer.String(Quotable(value, 4096));
}

}  // namespace

void WriteErrors(const Problems& problems, JsonWriter& writer) {
  writer.Key("errors");
  writer.BeginArray();
  for (const Error& error : problems.list()) {
    writer.BeginObject();
    Text(writer, "pointer", error.where);
    Text(writer, "detail", error.message);
    Text(writer, "name", Name(error.code));
    writer.Key("line");
    writer.Integer(error.at.line);
    writer.Key("column");
    writer.Integer(error.at.column);
    writer.EndObject();
  }
  writer.EndArray();
  writer.Key("suppressed");
  writer.Integer(static_cast<std::int64_t>(problems.suppressed()));
}

HttpAnswer ProblemAnswer(int status, std::string detail,
                         const std::function<void(JsonWriter&)>& more) {
  HttpAnswer answer;
  answer.status = status;
  answer.content_type = "application/problem+json";
  answer.body = JsonObject([&](JsonWriter& writer) {
    Text(writer, "type", "about:blank");
    Text(writer, "title", Title(status));
    writer.Key("status");
    writer.Integer(status);
    Text(writer, "detail", detail);
    more(writer);
  });
  return answer;
}

HttpAnswer ProblemAnswer(int status, std::string detail, const Problems& problems, bool ends) {
  HttpAnswer answer = ProblemAnswer(status, std::move(detail), [&problems](JsonWriter& writer) {
    if (!problems.empty()) WriteErrors(problems, writer);
  });
  if (ends) answer.headers.emplace_back("Connection", "close");
  return answer;
}

HttpAnswer TryAgain(int status, std::string detail, std::int64_t seconds, bool ends) {
  HttpAnswer answer = ProblemAnswer(status, std::move(detail), {}, ends);
  answer.headers.emplace_back("Retry-After", Decimal(seconds));
  return answer;
}

}  // namespace candor
