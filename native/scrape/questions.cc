#include "native/scrape/questions.h"

#include <algorithm>
#include <string_view>

#include "core/text.h"
#include "native/scrape/usage_endpoint.h"

namespace candor {
namespace {

// How long the text is inside a JSON document.
std::size_t EscapedBytes(std::string_view text) {
  std::size_t bytes = text.size();
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '\n' || c == '\t' || c == '\r') {
      ++bytes;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      bytes += 5;
    }
  }
  return bytes;
}

std::string WhyNot(const Fetched& fetched) {
  if (fetched.status == 0) return fetched.error;
  const std::string why = "answered with status " + Decimal(fetched.status);
  const bool redirects = fetched.status >= 300 && fetched.status < 400;
  return redirects ? why + ", which is not followed" : why;
}

}  // namespace

std::optional<std::size_t> Questions::Add(Kind kind, const std::string& url,
                                          const std::vector<FamilySelection>& families) {
  if (url.empty()) return std::nullopt;
  const auto [at, is_new] = index_.emplace(std::pair(kind, url), urls_.size());
  if (is_new) {
    urls_.push_back(url);
    questions_.push_back({kind});
  }
  Question& question = questions_[at->second];
  for (const FamilySelection& family : families) {
    const bool known =
        std::any_of(question.families.begin(), question.families.end(),
                    [&family](const FamilySelection& one) { return one.name == family.name; });
    if (!known) question.families.push_back(family);
  }
  ++question.askers;
  return at->second;
}

void Questions::Ask(HttpFetcher& fetcher) {
  answers_.resize(urls_.size());
  fetcher.FetchAll(urls_, [this](std::size_t i, Fetched fetched) {
    Judge(questions_[i], std::move(fetched), answers_[i]);
  });
}

void Questions::Judge(const Question& question, Fetched fetched, QuestionAnswer& answer) {
  answer.took_ms = fetched.took_ms;
  answer.down = fetched.status == 0;
  if (fetched.status < 200 || fetched.status >= 300) {
    answer.problem = WhyNot(fetched);
  } else if (question.kind == Kind::kMetrics) {
    JudgeMetrics(question, std::move(fetched), answer);
  } else if (question.kind == Kind::kUsage) {
    answer.usage = ReadUsage(fetched.body);
    if (!answer.usage) answer.problem = "the answer holds no total";
  }
}

void Questions::JudgeMetrics(const Question& question, Fetched fetched, QuestionAnswer& answer) {
  if (!IsExpositionType(fetched.content_type)) {
    answer.problem = "answered with " + Quotable(fetched.content_type) + ", which is no exposition";
    return;
  }
  if (const std::string why = WhyUnusable(fetched.body, question.families); !why.empty()) {
    answer.problem = "the exposition " + why;
    return;
  }
  answer.numbers = ReadTileNumbers(fetched.body);
  answer.version = ReadBuildVersion(fetched.body);
  if (question.families.empty()) return;
  std::string needed = Distil(fetched.body, question.families);
  const std::size_t bytes = EscapedBytes(needed) * question.askers;
  if (bytes > kMostKeptBytes - kept_bytes_) {
    answer.problem = "there is no room for more expositions in a report's facts";
    return;
  }
  kept_bytes_ += bytes;
  answer.exposition = std::move(needed);
}

}  // namespace candor
