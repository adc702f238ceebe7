#include <optional>

#include "core/config.h"
#include "core/config_schema.h"
#include "core/json_writer.h"
#include "core/sink.h"

namespace candor {
namespace {

void Write(Mode mode, JsonWriter& writer) { writer.String(Name(mode)); }
void Write(bool value, JsonWriter& writer) { writer.Boolean(value); }
void Write(std::int64_t value, JsonWriter& writer) { writer.Integer(value); }
void Write(const std::string& text, JsonWriter& writer) { writer.String(text); }

void Write(const std::optional<bool>& value, JsonWriter& writer) {
  if (value) {
    writer.Boolean(*value);
  } else {
    writer.Null();
  }
}

void Write(const std::vector<std::string>& texts, JsonWriter& writer) {
  writer.BeginArray();
  for (const std::string& text : texts) writer.String(text);
  writer.EndArray();
}

void WriteGiven(std::string_view key, const std::string& text, JsonWriter& writer) {
  if (text.empty()) return;
  writer.Key(key);
  writer.String(text);
}

void Write(const ManagedComponent& component, JsonWriter& writer) {
  writer.BeginObject();
  WriteGiven("name", component.name, writer);
  WriteGiven("id", component.id, writer);
  WriteGiven("version", component.version, writer);
  WriteGiven("readiness", component.readiness, writer);
  WriteGiven("metrics", component.metrics, writer);
  writer.EndObject();
}

void Write(const std::vector<ManagedRelease>& releases, JsonWriter& writer) {
  writer.BeginObject();
  writer.Key("method");
  writer.String("plain");
  writer.Key("releases");
  writer.BeginArray();
  for (const ManagedRelease& release : releases) {
    writer.BeginObject();
    WriteGiven("name", release.name, writer);
    WriteGiven("namespace", release.name_space, writer);
    WriteGiven("version", release.version, writer);
    writer.Key("components");
    writer.BeginArray();
    for (const ManagedComponent& component : release.components) Write(component, writer);
    writer.EndArray();
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
}

}  // namespace

std::string ConfigJson(const Config& config) {
  StringSink sink;
  JsonWriter writer(sink);
  writer.BeginObject();
  for (const SettingRow& row : SettingRows()) {
    writer.Key(row.key);
    VisitMember(row.member, [&](auto member) { Write((config.*member).value, writer); });
  }
  writer.Key("origins");
  writer.BeginObject();
  for (const SettingRow& row : SettingRows()) {
    writer.Key(PointerStep(row.key));
    VisitMember(row.member, [&](auto member) { writer.String((config.*member).origin); });
  }
  writer.EndObject();
  writer.EndObject();
  writer.Finish();
  return std::move(sink).text();
}

}  // namespace candor
