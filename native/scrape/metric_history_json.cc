#include <charconv>
#include <cmath>
#include <vector>

#include "core/json_writer.h"
#include "native/scrape/metric_history_text.h"

namespace candor {
namespace {

constexpr double kMostInteger = 9007199254740991;

bool IsMeant(const ComponentKey& key, std::string_view component) {
  if (component.empty() || component == key.id) return true;
  return component.size() == key.release.size() + 1 + key.id.size() &&
         component.starts_with(key.release) && component.ends_with(key.id) &&
         component[key.release.size()] == '/';
}

// By the names that Prometheus asks of them.
bool IsCounter(std::string_view name) {
  return name.ends_with("_total") || name.ends_with("_count") || name.ends_with("_sum");
}

void Number(double value, JsonWriter& writer) {
  if (value == std::floor(value) && std::abs(value) <= kMostInteger) {
    return writer.Integer(static_cast<std::int64_t>(value));
  }
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::general, 9);
  writer.NumberText({text, static_cast<std::size_t>(end.ptr - text)});
}

class Writer {
 public:
  Writer(const MetricRounds& rounds, UnixMillis since, std::int64_t wall_minus_boot,
         JsonWriter& writer)
      : writer_(writer) {
    for (const std::int64_t boot_ms : rounds.boot_ms) times_.push_back(boot_ms + wall_minus_boot);
    while (first_ < times_.size() && times_[first_] <= since) ++first_;
  }

  void Times() {
    writer_.Key("times");
    writer_.BeginArray();
    for (std::size_t i = first_; i < times_.size(); ++i) writer_.Integer(times_[i]);
    writer_.EndArray();
  }

  void Component(const ComponentKey& key, const MetricRounds::Component& component,
                 bool with_values) {
    writer_.BeginObject();
    Text("release", key.release);
    Text("namespace", key.name_space);
    Text("id", key.id);
    writer_.Key("series");
    writer_.BeginArray();
    for (const auto& [name, series] : component) {
      writer_.BeginObject();
      Text("name", name);
      if (with_values) Values(IsCounter(name), series.Values());
      writer_.EndObject();
    }
    writer_.EndArray();
    writer_.EndObject();
  }

 private:
  void Text(std::string_view key, std::string_view value) {
    writer_.Key(key);
    writer_.String(value);
  }

  void Values(bool is_counter, const std::vector<std::optional<double>>& values) {
    writer_.Key("counter");
    writer_.Boolean(is_counter);
    writer_.Key("resets");
    writer_.BeginArray();
    std::optional<double> before;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!values[i]) continue;
      if (is_counter && i >= first_ && before && *values[i] < *before) writer_.Integer(times_[i]);
      before = values[i];
    }
    writer_.EndArray();
    writer_.Key("values");
    writer_.BeginArray();
    for (std::size_t i = first_; i < values.size(); ++i) {
      if (values[i]) {
        Number(*values[i], writer_);
      } else {
        writer_.Null();
      }
    }
    writer_.EndArray();
  }

  JsonWriter& writer_;
  std::vector<UnixMillis> times_;
  std::size_t first_ = 0;
};

}  // namespace

std::optional<std::string> MetricsJson(const MetricRounds& rounds, std::string_view component,
                                       UnixMillis since, std::int64_t wall_minus_boot) {
  bool found = component.empty();
  std::string json = JsonObject([&](JsonWriter& writer) {
    Writer history(rounds, since, wall_minus_boot, writer);
    history.Times();
    writer.Key("components");
    writer.BeginArray();
    for (const auto& [key, series] : rounds.components) {
      if (!IsMeant(key, component)) continue;
      found = true;
      history.Component(key, series, !component.empty());
    }
    writer.EndArray();
  });
  if (!found) return std::nullopt;
  return json;
}

}  // namespace candor
