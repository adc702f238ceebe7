#include "native/probes/search_engine.h"

#include <span>
#include <utility>

#include "core/json_reader.h"
#include "core/text.h"

namespace candor {
namespace {

constexpr std::string_view kTagline = "You Know, for Search";

const std::string& Text(const JsonValue& object, std::string_view key) {
  static const std::string kNone;
  const JsonValue* const value = object.Find(key);
  return value != nullptr && value->is_string() ? value->text() : kNone;
}

// "7.17.28", "3.0.0-beta1".
bool IsVersion(std::string_view text) {
  if (!IsProductText(text) || text.find('.') == std::string_view::npos) return false;
  constexpr std::string_view kFirst = "0123456789";
  constexpr std::string_view kRest =
      "0123456789.-+_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  return kFirst.find(text[0]) != std::string_view::npos &&
         text.find_first_not_of(kRest) == std::string_view::npos;
}

std::string WhyStatus(int status) {
  std::string why = "answered with status " + Decimal(status);
  if (status == 401 || status == 403) {
    why +=
        "; passwords are not given to it: let it tell its version without one, or write vendor "
        "and version into a facts file";
  }
  return why;
}

// Without the time that libcurl tells, which differs from one answer to the next.
std::string WithoutTime(std::string why) {
  const std::size_t begin = why.find(" after ");
  const std::size_t end = why.find(" ms", begin);
  if (begin != std::string::npos && end != std::string::npos) why.erase(begin, end + 3 - begin);
  return why;
}

}  // namespace

Result<ProbedProduct> ReadSearchEngine(std::string_view body) {
  JsonLimits limits;
  limits.max_bytes = kSearchLimits.body_bytes;
  limits.max_depth = 16;
  const Result<JsonValue> document = ReadJson(body, limits);
  if (!document.ok()) return NoAnswer("what it answered is not JSON");
  const JsonValue* const version = document.value().Find("version");
  if (version == nullptr) return NoAnswer("what it answered holds no version");
  ProbedProduct product = {"", Text(*version, "number")};
  // Only OpenSearch tells what it is.
  const JsonValue* const distribution = version->Find("distribution");
  if (distribution != nullptr && distribution->text() == "opensearch") {
    product.vendor = "opensearch";
  } else if (distribution == nullptr && Text(document.value(), "tagline") == kTagline) {
    product.vendor = "elasticsearch";
  }
  if (product.vendor.empty() || !IsVersion(product.version)) {
    return NoAnswer("what it answered is not of Elasticsearch or OpenSearch");
  }
  return product;
}

Result<ProbedProduct> AskSearchEngine(const std::string& url, HttpFetcher& fetcher) {
  Fetched fetched;
  fetcher.FetchAll(std::span(&url, 1),
                   [&fetched](std::size_t, Fetched came) { fetched = std::move(came); });
  if (fetched.status == 0) return NoAnswer(WithoutTime(std::move(fetched.error)));
  if (fetched.status != 200) return NoAnswer(WhyStatus(fetched.status));
  return ReadSearchEngine(fetched.body);
}

}  // namespace candor
