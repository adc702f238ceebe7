#include "native/admin/handlers/optimize_settings.h"

#include <mutex>

#include "core/json_members.h"
#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/text.h"
#include "native/base/read_file.h"
#include "native/state/replaced_file.h"
#include "native/state/state_folder.h"

namespace candor {
namespace {

constexpr char kName[] = "optimize-settings.json";
constexpr std::size_t kMostBytes = 4096, kMostName = 1024;

}  // namespace

OptimizeSettings ReadOptimizeFile(const std::string& state_folder) {
  const Result<std::string> text = ReadFile(state_folder + "/" + kName, kMostBytes);
  if (!text.ok()) return {};
  const Result<JsonValue> document = ReadJson(text.value());
  if (!document.ok()) return {};
  Problems problems;
  JsonMembers members(document.value(), "", problems);
  OptimizeSettings settings;
  settings.sharing = members.Boolean("sharingEnabled", Need::kRequired);
  settings.who = members.Text("who", kMostName, Need::kRequired);
  settings.when_ms = members.Integer("whenMs", 0, kLatestTime, 0);
  members.Finish();
  return problems.empty() ? settings : OptimizeSettings();
}

std::optional<Error> WriteOptimizeFile(const std::string& state_folder,
                                       const OptimizeSettings& settings) {
  static std::mutex one_at_a_time;
  const std::string text = JsonObject([&](JsonWriter& writer) {
    writer.Key("sharingEnabled");
    writer.Boolean(settings.sharing);
    writer.Key("who");
    writer.String(settings.who);
    writer.Key("whenMs");
    writer.Integer(settings.when_ms);
  });
  const std::lock_guard lock(one_at_a_time);
  const Result<std::string> folder = PrepareFolder(state_folder);
  if (!folder.ok()) return folder.error();
  return ReplaceFile(folder.value(), kName, text);
}

std::string OptimizeTime(UnixMillis time) {
  std::string text = TimeText(time);
  if (!text.ends_with('Z')) return text;
  text.pop_back();
  return text + "." + Decimal(1000 + time % 1000).substr(1) + "+0000";
}

}  // namespace candor
