// Any bytes as the reporter's state: an answer for every clock, and a consent that is written reads
// back to the same bytes. Any withheld ids against a built-in catalogue: what was withheld is not
// covered.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "core/catalogue.h"
#include "core/decision.h"
#include "tests/fuzz/fuzz.h"

namespace candor {
namespace {

constexpr std::int64_t kFirst = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();

// A few fields of a built-in catalogue: with all of them most of the time goes into copies.
const Catalogue& Engine() {
  static const Catalogue catalogue = [] {
    Result<Catalogue> parsed = ParseCatalogue(FindBuiltInCatalogue("engine")->json);
    Require(parsed.ok(), "the built-in catalogue is good");
    Catalogue few = std::move(parsed).value();
    few.fields.resize(std::min<std::size_t>(few.fields.size(), 8));
    few.profiles.clear();
    return few;
  }();
  return catalogue;
}

std::string Written(const ConsentRecord& record) {
  StringSink sink;
  JsonWriter writer(sink);
  WriteConsent(record, writer);
  writer.Finish();
  return std::move(sink).text();
}

void CheckDecision(const Config& config, const ReporterState& state, UnixMillis now) {
  const Decision decision = Decide(config, Engine(), state, now);
  Require(!decision.reasons.empty(), "a decision has a reason");
  const bool denied = state.consent && state.consent->verdict == Verdict::kDenied;
  Require(!denied || decision.action == Action::kCollect, "a denied reporter sends nothing");
  if (decision.action != Action::kSend) {
    Require(decision.next.has_value(), "an online reporter decides again");
    Require(*decision.next > now || now == kLast, "and later than now");
  }
}

void CheckState(const ReporterState& state) {
  Config config;
  config.mode.value = Mode::kOnline;
  config.endpoint.value = "https://t.example/pings";
  for (const UnixMillis now : {kFirst, UnixMillis{0}, UnixMillis{1} << 52, kLast - 1}) {
    config.initialize_telemetry.value.reset();
    CheckDecision(config, state, now);
    config.initialize_telemetry.value = true;
    CheckDecision(config, state, now);
  }
  if (!state.consent) return;
  const std::string written = Written(*state.consent);
  const Result<ReporterState> again = ParseState("{\"consent\":" + written + "}");
  Require(again.ok() && again.value().consent, "a written consent is read again");
  Require(Written(*again.value().consent) == written, "and is the same");
}

// Each line of the input withholds something.
void CheckWithheld(std::string_view text) {
  std::vector<std::string> withheld;
  while (!text.empty() && withheld.size() < 20) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    withheld.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const ConsentRecord record = MakeConsent(Verdict::kGranted, Engine(), withheld);
  for (const ScopeEntry& entry : ScopeOf(CoveredBy(record, Engine()))) {
    Require(std::find(withheld.begin(), withheld.end(), entry.id) == withheld.end(),
            "what is withheld is not covered");
  }
  DriftSince(record, Engine());
}

}  // namespace
}  // namespace candor

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = candor::AsText(data, size);
  const auto state = candor::ParseState(text);
  if (state.ok()) {
    candor::CheckState(state.value());
  } else {
    candor::Require(!state.problems().empty(), "a refusal names a problem");
  }
  candor::CheckWithheld(text);
  return 0;
}
