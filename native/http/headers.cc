#include "native/http/headers.h"

#include <algorithm>
#include <cstdint>

#include "core/text.h"
#include "native/http/problem.h"

namespace candor {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool IsJson(std::string_view content_type) {
  return EqualNames(Trimmed(content_type.substr(0, content_type.find(';'))), "application/json");
}

}  // namespace

std::string_view PathOf(std::string_view target) { return target.substr(0, target.find('?')); }

bool EqualNames(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return Lower(x) == Lower(y); });
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool EqualSecrets(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  volatile unsigned char differs = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    differs = static_cast<unsigned char>(differs | (a[i] ^ b[i]));
  }
  return differs == 0;
}

std::size_t CountHeaders(const HttpRequest& request, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(request.headers.begin(), request.headers.end(),
                    [name](const auto& header) { return EqualNames(header.first, name); }));
}

std::optional<std::string_view> OnlyHeader(const HttpRequest& request, std::string_view name) {
  if (CountHeaders(request, name) != 1) return std::nullopt;
  for (const auto& [key, value] : request.headers) {
    if (EqualNames(key, name)) return Trimmed(value);
  }
  return std::nullopt;
}

std::optional<HttpAnswer> RefuseBody(const HttpRequest& request, bool takes_body,
                                     std::size_t most_bytes) {
  const std::size_t lengths = CountHeaders(request, "Content-Length");
  if (CountHeaders(request, "Transfer-Encoding") > 0) {
    if (lengths > 0) return ProblemAnswer(400, "a body has one length only", {}, true);
    return ProblemAnswer(411, "say the body's Content-Length", {}, true);
  }
  if (lengths > 1) return ProblemAnswer(400, "a body has one Content-Length only", {}, true);
  if (lengths == 0) {
    if (!takes_body) return std::nullopt;
    return ProblemAnswer(411, "say the body's Content-Length", {}, true);
  }
  std::int64_t length = -1;
  const std::string_view text = *OnlyHeader(request, "Content-Length");
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(),
                                                   [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return ProblemAnswer(400, "Content-Length must be a number", {}, true);
  if (!ParseDecimal(text, &length) || length > static_cast<std::int64_t>(most_bytes)) {
    return ProblemAnswer(
        413, "a body may be " + Decimal(static_cast<std::int64_t>(most_bytes)) + " bytes long", {},
        true);
  }
  if (!takes_body) {
    if (length == 0) return std::nullopt;
    return ProblemAnswer(400, "this takes no body", {}, true);
  }
  const auto type = OnlyHeader(request, "Content-Type");
  if (!type || !IsJson(*type)) {
    return ProblemAnswer(415, "the Content-Type must be application/json", {}, true);
  }
  return std::nullopt;
}

}  // namespace candor
