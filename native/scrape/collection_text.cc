#include "native/scrape/collection_text.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/json_writer.h"
#include "core/text.h"

namespace candor {
namespace {

constexpr std::size_t kColumns = 8;
using Row = std::array<std::string, kColumns>;

std::string Rounded(double value) { return Decimal(std::llround(value)); }

std::string CpuText(const ComponentReading& reading) {
  return reading.cpu ? Rounded(*reading.cpu * 100) + " %" : "-";
}

std::string MemoryText(const ComponentReading& reading) {
  if (!reading.memory_used) return "-";
  std::string text = Rounded(*reading.memory_used / (1 << 20)) + " MiB";
  if (reading.memory_most) {
    text += ", " + Rounded(*reading.memory_used / *reading.memory_most * 100) + " %";
  }
  return text;
}

std::string MetricsText(const ComponentReading& reading) {
  if (!reading.has_metrics) return "none";
  return reading.metrics_read ? "read" : "failed";
}

Row RowOf(const ComponentReading& reading) {
  const auto text = [](const std::string& value) { return value.empty() ? "-" : Quotable(value); };
  return {text(reading.name),       std::string(Name(reading.health)),
          text(reading.version),    text(reading.release),
          text(reading.name_space), CpuText(reading),
          MemoryText(reading),      MetricsText(reading)};
}

void Number(JsonWriter& writer, std::string_view key, const std::optional<double>& value,
            double unit) {
  writer.Key(key);
  if (value && *value * unit < 9e15) {
    writer.Integer(std::llround(*value * unit));
  } else {
    writer.Null();
  }
}

void Text(JsonWriter& writer, std::string_view key, std::string_view value) {
  writer.Key(key);
  writer.String(value);
}

}  // namespace

std::string ProblemsText(const Collection& collection) {
  std::string text;
  for (const ComponentReading& reading : collection.components) {
    for (const auto& [what, why] : reading.problems) {
      text += Quotable(reading.name) + " in " + Quotable(reading.release) + ": " + what + ": " +
              why + "\n";
    }
  }
  return text;
}

std::string ComponentsText(const Collection& collection) {
  std::vector<Row> rows = {
      {"COMPONENT", "HEALTH", "VERSION", "RELEASE", "NAMESPACE", "CPU", "MEMORY", "METRICS"}};
  for (const ComponentReading& reading : collection.components) rows.push_back(RowOf(reading));
  std::array<std::size_t, kColumns> widths = {};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) {
      text += row[i];
      if (i + 1 < kColumns) text.append(widths[i] + 2 - row[i].size(), ' ');
    }
    text += '\n';
  }
  return text + ProblemsText(collection) + "Collected at " + TimeText(collection.collected_at) +
         ".\n";
}

std::string ComponentsJson(const Collection& collection) {
  return JsonObject([&](JsonWriter& writer) {
    writer.Key("collectedAt");
    writer.Integer(collection.collected_at);
    writer.Key("components");
    writer.BeginArray();
    for (const ComponentReading& reading : collection.components) {
      writer.BeginObject();
      Text(writer, "release", reading.release);
      Text(writer, "namespace", reading.name_space);
      Text(writer, "id", reading.id);
      Text(writer, "name", reading.name);
      Text(writer, "version", reading.version);
      Text(writer, "health", Name(reading.health));
      Text(writer, "metrics", MetricsText(reading));
      Number(writer, "cpu", reading.cpu, 1000);
      Number(writer, "memoryUsed", reading.memory_used, 1);
      Number(writer, "memoryMost", reading.memory_most, 1);
      writer.Key("tookMs");
      writer.Integer(reading.took_ms);
      writer.Key("problems");
      writer.BeginArray();
      for (const auto& [what, why] : reading.problems) {
        writer.BeginObject();
        Text(writer, "what", what);
        Text(writer, "why", why);
        writer.EndObject();
      }
      writer.EndArray();
      writer.EndObject();
    }
    writer.EndArray();
  });
}

std::string FactsOf(const Collection& collection) {
  return JsonObject([&](JsonWriter& writer) {
    writer.Key("collectedAt");
    writer.Integer(collection.collected_at);
    writer.Key("usage");
    writer.BeginArray();
    for (const UsageReading& usage : collection.usage) {
      writer.BeginObject();
      Text(writer, "release", usage.release);
      Text(writer, "component", usage.component);
      Text(writer, "key", usage.key);
      writer.Key("value");
      writer.Integer(usage.value);
      writer.Key("tsFrom");
      writer.Integer(usage.from);
      writer.Key("tsTo");
      writer.Integer(usage.to);
      writer.EndObject();
    }
    writer.EndArray();
    writer.Key("scrapes");
    writer.BeginArray();
    for (const ComponentReading& reading : collection.components) {
      if (reading.exposition.empty()) continue;
      writer.BeginObject();
      Text(writer, "release", reading.release);
      Text(writer, "component", reading.id);
      Text(writer, "exposition", reading.exposition);
      writer.EndObject();
    }
    writer.EndArray();
  });
}

}  // namespace candor
