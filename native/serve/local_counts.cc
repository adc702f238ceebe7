#include "native/serve/local_counts.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/text.h"
#include "native/serve/count_names.h"

namespace candor {
namespace {

struct Addition {
  std::uint64_t n = 0;
  std::uint32_t counter = Counters::kNoCounter;
  std::string where;  // For problems; of its last name.
};
using Additions = std::map<std::string, Addition>;  // By pointer.

constexpr auto kMost = static_cast<std::uint64_t>(kMaxSafeInteger);

std::string UnknownName(std::string_view name, const Catalogue& whole, const Catalogue& offered) {
  const std::string quoted = '"' + Quotable(name) + '"';
  if (CounterCalled(name, whole)) return quoted + " is withheld by the configuration";
  std::string message = "the reports of \"" + offered.name + "\" hold no count " + quoted;
  const std::string nearest = NearestCount(name, offered);
  return nearest.empty() ? message : message + "; did you mean \"" + nearest + "\"?";
}

bool ReadNumber(const JsonMember& member, const std::string& where, Problems& problems,
                std::uint64_t* n) {
  std::int64_t number = 0;
  if (member.value.kind() != JsonKind::kNumber) {
    problems.Add({ErrorCode::kWrongType, where,
                  "must be a number, not " + std::string(KindName(member.value.kind())),
                  member.value.at()});
  } else if (!member.value.AsInteger(&number) || number < 0) {
    problems.Add({ErrorCode::kOutOfRange, where, "must be an integer from 0 to 9007199254740991",
                  member.value.at()});
  } else {
    *n = static_cast<std::uint64_t>(number);
    return true;
  }
  return false;
}

std::uint64_t TotalOf(const CounterTotals& totals, const std::string& pointer) {
  const auto at =
      std::lower_bound(totals.values.begin(), totals.values.end(), pointer,
                       [](const auto& item, const std::string& name) { return item.first < name; });
  return at == totals.values.end() || at->first != pointer ? 0 : at->second;
}

// Every name has a counter, and none comes to more than can be told.
Problems Prepare(Counters& counters, Additions& additions) {
  Problems problems;
  for (auto& [pointer, addition] : additions) {
    addition.counter = counters.Intern(pointer);
    if (addition.counter != Counters::kNoCounter) continue;
    problems.Add({ErrorCode::kUnavailable, addition.where,
                  "there is no room for another name: " +
                      Decimal(static_cast<std::int64_t>(kMaxCounterNames)) + " are counted"});
  }
  const CounterTotals totals = counters.Totals();
  for (const auto& [pointer, addition] : additions) {
    const std::uint64_t total = TotalOf(totals, pointer);
    if (addition.n <= kMost - std::min(kMost, total)) continue;
    problems.Add({ErrorCode::kOutOfRange, addition.where,
                  "would come to more than 9007199254740991; it is at " +
                      Decimal(static_cast<std::int64_t>(std::min(kMost, total)))});
  }
  return problems;
}

}  // namespace

Problems LocalCounts::Add(std::string_view body) {
  const Result<JsonValue> document = ReadJson(body);
  if (!document.ok()) return document.problems();
  Problems problems;
  if (!document.value().is_object()) {
    problems.Add({ErrorCode::kWrongType, "", "must be an object of names and numbers",
                  document.value().at()});
    return problems;
  }
  Additions additions;
  for (const JsonMember& member : document.value().members()) {
    const std::string where = PointerStep(member.key);
    std::uint64_t n = 0;
    const bool is_number = ReadNumber(member, where, problems, &n);
    const std::optional<std::string> pointer = CounterCalled(member.key, offered_);
    if (!pointer) {
      problems.Add(
          {ErrorCode::kNotFound, where, UnknownName(member.key, whole_, offered_), member.key_at});
    } else if (is_number) {
      Addition& addition = additions[*pointer];
      // Both are at most 2^53, and from here on too much is too much.
      addition.n = std::min(addition.n + n, kMost + 1);
      addition.where = where;
    }
  }
  if (problems.empty()) problems = Prepare(counters_, additions);
  if (!problems.empty()) return problems;
  for (const auto& [pointer, addition] : additions) counters_.Add(addition.counter, addition.n);
  return problems;
}

std::string LocalCounts::TotalsJson() const {
  const CounterTotals totals = counters_.Totals();
  return JsonObject([&totals](JsonWriter& writer) {
    writer.Key("counts");
    writer.BeginObject();
    for (const auto& [name, count] : totals.values) {
      writer.Key(name);
      writer.Integer(static_cast<std::int64_t>(std::min(kMost, count)));
    }
    writer.EndObject();
  });
}

}  // namespace candor
