// "candor1\n", then counts, rounds and components as MetricsBytes writes them, then the SHA-256.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "core/sha256.h"
#include "core/text.h"
#include "native/scrape/metric_history_text.h"

namespace candor {
namespace {

constexpr std::string_view kMagic = "candor1\n";
constexpr std::size_t kDigestBytes = 64;
constexpr UnixMillis kLatest = 253'402'300'799'000;  // The year 9999.
constexpr std::size_t kMostNameBytes = 1024;

template <typename T>
void Put(T value, std::string& bytes) {
  static_assert(std::is_trivially_copyable_v<T>);
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void PutText(std::string_view text, std::string& bytes) {
  Put(static_cast<std::uint32_t>(text.size()), bytes);
  bytes.append(text);
}

// Reads what Put wrote; after the first thing that is not there, nothing is.
class Taker {
 public:
  explicit Taker(std::string_view bytes) : bytes_(bytes) {}

  template <typename T>
  T Take() {
    T value{};
    if (bytes_.size() < sizeof value) {
      good_ = false;
      return value;
    }
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_.remove_prefix(sizeof value);
    return value;
  }
  std::string Text() {
    const auto size = Take<std::uint32_t>();
    if (size > kMostNameBytes || size > bytes_.size()) good_ = false;
    if (!good_) return "";
    std::string text(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    // It goes into JSON.
    good_ = FindInvalidUtf8(text) == std::string_view::npos;
    return text;
  }
  // A number of things of at least `least` bytes each.
  std::uint32_t Count(std::size_t least) {
    const auto count = Take<std::uint32_t>();
    if (count > bytes_.size() / least) good_ = false;
    return good_ ? count : 0;
  }
  bool good() const { return good_; }
  bool at_end() const { return good_ && bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool good_ = true;
};

std::optional<std::string_view> Checked(std::string_view bytes) {
  if (bytes.size() < kMagic.size() + kDigestBytes || !bytes.starts_with(kMagic)) return {};
  const std::string_view body = bytes.substr(0, bytes.size() - kDigestBytes);
  if (Sha256Hex(body) != bytes.substr(body.size())) return {};
  return body.substr(kMagic.size());
}

}  // namespace

std::string MetricsBytes(const MetricRounds& rounds, std::int64_t wall_minus_boot) {
  std::string bytes(kMagic);
  Put(static_cast<std::uint32_t>(rounds.boot_ms.size()), bytes);
  for (const std::int64_t boot_ms : rounds.boot_ms) Put(boot_ms + wall_minus_boot, bytes);
  Put(static_cast<std::uint32_t>(rounds.components.size()), bytes);
  for (const auto& [key, component] : rounds.components) {
    for (const std::string& text : {key.release, key.name_space, key.id}) PutText(text, bytes);
    Put(static_cast<std::uint32_t>(component.size()), bytes);
    for (const auto& [name, series] : component) {
      PutText(name, bytes);
      for (const std::optional<double>& value : series.Values()) {
        Put(value.value_or(std::numeric_limits<double>::quiet_NaN()), bytes);
      }
    }
  }
  return bytes + Sha256Hex(bytes);
}

std::optional<MetricRounds> ReadMetrics(std::string_view bytes, std::int64_t wall_minus_boot,
                                        std::int64_t now_boot_ms) {
  const std::optional<std::string_view> body = Checked(bytes);
  if (!body) return std::nullopt;
  Taker taker(*body);
  MetricRounds rounds;
  std::vector<bool> kept(taker.Count(sizeof(UnixMillis)));
  if (kept.size() > MetricSeries::kMost) return std::nullopt;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const auto wall = taker.Take<UnixMillis>();
    const std::int64_t at = std::clamp<UnixMillis>(wall, 0, kLatest) - wall_minus_boot;
    // Not from a clock that was wrong.
    kept[i] = at > now_boot_ms - kHistoryMs && at < now_boot_ms &&
              (rounds.boot_ms.empty() || at > rounds.boot_ms.back());
    if (kept[i]) rounds.boot_ms.push_back(at);
  }
  std::size_t most = kMostSeries;
  for (std::uint32_t left = taker.Count(1); left > 0 && taker.good(); --left) {
    ComponentKey key;
    key.release = taker.Text();
    key.name_space = taker.Text();
    key.id = taker.Text();
    MetricRounds::Component& component = rounds.components[key];
    for (std::uint32_t series = taker.Count(1); series > 0 && taker.good(); --series) {
      if (most-- == 0) return std::nullopt;
      MetricSeries& read = component[taker.Text()];
      if (read.size() != 0) return std::nullopt;
      for (const bool keeps : kept) {
        const double value = taker.Take<double>();
        if (keeps) read.Push(std::isfinite(value) ? std::optional(value) : std::nullopt);
      }
    }
  }
  if (!taker.at_end()) return std::nullopt;
  return rounds;
}

}  // namespace candor
