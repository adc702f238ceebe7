#include "core/problems.h"

#include "core/json_writer.h"
#include "core/text.h"

namespace candor {
namespace {

// JSON must be UTF-8, whatever a hostile input was called.
std::string Clean(std::string_view text) { return Quotable(text, 4096); }

std::string Line(const Error& error) {
  std::string line = Clean(error.source);
  if (error.at.line != 0) {
    if (!line.empty()) line += ':';
    line += Decimal(error.at.line) + ":" + Decimal(error.at.column);
  }
  if (!line.empty()) line += ": ";
  if (!error.where.empty()) line += Clean(error.where) + ": ";
  return line + Clean(error.message) + "\n";
}

}  // namespace

std::string_view Name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kMalformedJson:
      return "malformed-json";
    case ErrorCode::kDuplicateKey:
      return "duplicate-key";
    case ErrorCode::kOverLimit:
      return "over-limit";
    case ErrorCode::kWrongType:
      return "wrong-type";
    case ErrorCode::kOutOfRange:
      return "out-of-range";
    case ErrorCode::kUnknownKey:
      return "unknown-key";
    case ErrorCode::kMissing:
      return "missing";
    case ErrorCode::kNotUtf8:
      return "not-utf8";
    case ErrorCode::kMalformedExposition:
      return "malformed-exposition";
    case ErrorCode::kMalformedLicense:
      return "malformed-license";
    case ErrorCode::kConflict:
      return "conflict";
    case ErrorCode::kMalformedYaml:
      return "malformed-yaml";
    case ErrorCode::kMalformedXml:
      return "malformed-xml";
    case ErrorCode::kNotFound:
      return "not-found";
    case ErrorCode::kBadRequest:
      return "bad-request";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kCorrupt:
      return "corrupt";
    case ErrorCode::kInternal:
      return "internal";
  }
  return "internal";
}

std::string ProblemsAsText(const Problems& problems) {
  std::string text;
  for (const Error& error : problems.list()) text += Line(error);
  if (problems.suppressed() > 0) {
    text += "and " + Decimal(static_cast<std::int64_t>(problems.suppressed())) + " more\n";
  }
  return text;
}

std::string ProblemsAsJson(const Problems& problems) {
  StringSink sink;
  JsonWriter writer(sink);
  writer.BeginObject();
  writer.Key("problems");
  writer.BeginArray();
  for (const Error& error : problems.list()) {
    writer.BeginObject();
    writer.Key("code");
    writer.Integer(static_cast<std::int64_t>(error.code));
    writer.Key("name");
    writer.String(Name(error.code));
    writer.Key("source");
    writer.String(Clean(error.source));
    writer.Key("where");
    writer.String(Clean(error.where));
    writer.Key("line");
    writer.Integer(error.at.line);
    writer.Key("column");
    writer.Integer(error.at.column);
    writer.Key("message");
    writer.String(Clean(error.message));
    writer.EndObject();
  }
  writer.EndArray();
  writer.Key("suppressed");
  writer.Integer(static_cast<std::int64_t>(problems.suppressed()));
  writer.EndObject();
  writer.Finish();
  return std::move(sink).text();
}

}  // namespace candor
