// What is asked of the components: every URL once, whoever wants to know. An answer is judged as
// soon as it is there, and its text let go of unless reports need it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/exposition.h"
#include "native/scrape/exposition_reading.h"
#include "native/transport/http_fetch.h"

namespace candor {

// Of all expositions together, as they stand in a facts document, which may hold 64 MiB.
inline constexpr std::size_t kMostKeptBytes = std::size_t{48} << 20;

struct QuestionAnswer {
  std::string problem;  // Why it is of no use, "" when it is.
  bool down = false;    // There was none.
  std::int64_t took_ms = 0;
  TileNumbers numbers;                // Metrics.
  std::string version;                // Metrics, if they tell it.
  std::string exposition;             // Metrics that reports take something from.
  std::optional<std::int64_t> usage;  // Usage.
};

class Questions {
 public:
  enum class Kind : std::uint8_t { kReadiness, kMetrics, kUsage };

  // The question's number; nothing for no URL. `families` are those that reports take of metrics.
  std::optional<std::size_t> Add(Kind kind, const std::string& url,
                                 const std::vector<FamilySelection>& families = {});
  void Ask(HttpFetcher& fetcher);
  const QuestionAnswer& AnswerTo(std::size_t question) const { return answers_[question]; }

 private:
  struct Question {
    Kind kind;
    std::vector<FamilySelection> families = {};
    std::size_t askers = 0;
  };

  void Judge(const Question& question, Fetched fetched, QuestionAnswer& answer);
  void JudgeMetrics(const Question& question, Fetched fetched, QuestionAnswer& answer);

  std::map<std::pair<Kind, std::string>, std::size_t> index_;
  std::vector<std::string> urls_;
  std::vector<Question> questions_;
  std::vector<QuestionAnswer> answers_;
  std::size_t kept_bytes_ = 0;
};

}  // namespace candor
