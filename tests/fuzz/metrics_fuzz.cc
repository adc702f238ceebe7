// Any bytes as the inside of a history of metrics whose checksum is right: read whole or refused;
// what is read fits together, can be shown, and reads back the same after it was written.
#include <string>

#include "core/json_reader.h"
#include "core/sha256.h"
#include "native/scrape/metric_history_text.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace candor;

constexpr std::int64_t kWallMinusBoot = 1'795'262'400'000, kNow = 1'000'000'000;

void Check(const MetricRounds& rounds) {
  Require(rounds.boot_ms.size() <= MetricSeries::kMost, "no more rounds than are kept");
  for (const auto& [key, component] : rounds.components) {
    for (const auto& [name, series] : component) {
      Require(series.size() == rounds.boot_ms.size(), "a series has a value for each round");
    }
    const auto json = MetricsJson(rounds, key.id, 0, kWallMinusBoot);
    Require(json && ReadJson(*json).ok(), "what is shown is JSON");
  }
  const std::string bytes = MetricsBytes(rounds, kWallMinusBoot);
  const auto again = ReadMetrics(bytes, kWallMinusBoot, kNow);
  Require(again && again->boot_ms == rounds.boot_ms, "what is written is read again");
  Require(again->components.size() == rounds.components.size(), "with all components");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = AsText(data, size);
  if (const auto read = ReadMetrics(text, kWallMinusBoot, kNow)) Check(*read);
  const std::string body = "candor1\n" + std::string(text);
  if (const auto read = ReadMetrics(body + Sha256Hex(body), kWallMinusBoot, kNow)) Check(*read);
  return 0;
}
