#include "native/collector/service/collector_config.h"

#include <algorithm>
#include <utility>

#include "core/json_members.h"
#include "core/json_reader.h"
#include "core/text.h"
#include "native/base/read_file.h"
#include "native/collector/service/collector_settings.h"
#include "native/import/yaml.h"

namespace candor {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;
constexpr std::string_view kConfigKey = "config";

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// "{" and all that follows is YAML as well; the JSON reader's places and remedies are the better.
bool IsJson(const std::string& file, const std::string& text) {
  if (file.ends_with(".json")) return true;
  return *std::find_if_not(text.begin(), text.end() - 1, IsSpace) == '{';
}

Result<JsonValue> ReadDocument(const std::string& file) {
  const Result<std::string> text = ReadFile(file, kMostBytes);
  if (!text.ok()) return text.problems();
  if (std::all_of(text.value().begin(), text.value().end(), IsSpace)) {
    return Error{ErrorCode::kMissing, "", "is empty; write {} for a file that says nothing"};
  }
  if (IsJson(file, text.value())) return ReadJson(text.value());
  Result<std::vector<JsonValue>> documents = ReadYaml(text.value());
  if (!documents.ok()) return std::move(documents).problems();
  if (documents.value().size() != 1) {
    return Error{ErrorCode::kConflict, "", "must be one document, and not several"};
  }
  return std::move(documents).value().front();
}

// What stands in a list, for problems that are found later.
SettingOrigin OriginInFile(const std::string& file, const JsonValue& value) {
  SettingOrigin origin{SettingOrigin::Kind::kFile, file, value.at(), {}};
  for (const JsonValue& item : value.items()) origin.items.emplace_back(item.text(), item.at());
  return origin;
}

void ReadInFile(const std::string& file, CollectorOptions& options, Problems& problems) {
  const std::string name = file == "-" ? "standard input" : file;
  Problems found;
  const Result<JsonValue> document = ReadDocument(file);
  if (!document.ok()) {
    found = document.problems();
  } else {
    JsonMembers members(document.value(), "", found);
    for (const CollectorSetting& setting : CollectorSettings()) {
      const JsonValue* const value = members.Get(setting.key, Need::kOptional);
      if (value == nullptr) continue;
      if (SetCollectorOption(setting, *value, members.Where(setting.key), options, found)) {
        options.origins[std::string(setting.key)] = OriginInFile(name, *value);
      }
    }
    if (members.is_object()) members.Finish();
  }
  found.SetSource(name);
  problems.AddAll(std::move(found));
}

std::vector<std::string> BetweenCommas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view part = text.substr(0, comma);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

// A service of Kubernetes that is called candor-collector has variables of its own, such as
// CANDOR_COLLECTOR_SERVICE_HOST: what is not near one of ours is none of ours.
void RefuseSlips(const EnvironmentVariables& environment, Problems& problems) {
  constexpr std::string_view kPrefix = "CANDOR_COLLECTOR_";
  std::vector<std::string> names = {SettingVariable(kConfigKey)};
  for (const CollectorSetting& setting : CollectorSettings()) {
    names.push_back(SettingVariable(setting.key));
  }
  std::vector<std::string_view> endings;
  for (const std::string& name : names) {
    endings.push_back(std::string_view(name).substr(kPrefix.size()));
  }
  for (const auto& [name, text] : environment) {
    if (!name.starts_with(kPrefix)) continue;
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string_view nearest = Nearest(name.substr(kPrefix.size()), endings);
    if (nearest.empty()) continue;
    problems.Add({ErrorCode::kUnknownKey, Quotable(name, 200),
                  "nothing reads this variable; did you mean " + std::string(kPrefix) +
                      std::string(nearest) + "?"});
  }
}

// "" also where a variable is empty.
std::string Variable(const EnvironmentVariables& environment, const std::string& name) {
  for (const auto& [key, text] : environment) {
    if (key == name) return text;
  }
  return "";
}

}  // namespace

CollectorOptions ReadCollectorOptions(const CollectorSources& sources, Problems& problems) {
  CollectorOptions options;
  const std::string file = sources.file.empty()
                               ? Variable(sources.environment, SettingVariable(kConfigKey))
                               : sources.file;
  if (!file.empty()) ReadInFile(file, options, problems);
  const auto set = [&](const CollectorSetting& setting, const std::vector<std::string>& texts,
                       const std::string& where, SettingOrigin::Kind kind) {
    if (SetCollectorOption(setting, CollectorValue(setting, texts), where, options, problems)) {
      options.origins[std::string(setting.key)] = {kind, "", {}, {}};
    }
  };
  for (const CollectorSetting& setting : CollectorSettings()) {
    const std::string name = SettingVariable(setting.key);
    const std::string text = Variable(sources.environment, name);
    if (text.empty()) continue;
    set(setting, setting.is_list() ? BetweenCommas(text) : std::vector{text}, name,
        SettingOrigin::Kind::kEnvironment);
  }
  for (const CollectorSetting& setting : CollectorSettings()) {
    const auto typed = sources.typed.find(std::string(setting.key));
    if (typed == sources.typed.end() || typed->second.empty()) continue;
    set(setting, typed->second, SettingFlag(setting.key), SettingOrigin::Kind::kCommandLine);
  }
  RefuseSlips(sources.environment, problems);
  return options;
}

}  // namespace candor
