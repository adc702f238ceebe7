#include <algorithm>
#include <utility>

#include "core/config_forms.h"
#include "core/text.h"

namespace candor {
namespace {

constexpr std::string_view kDoNotTrack = "DO_NOT_TRACK";
constexpr std::string_view kOwnPrefix = "CANDOR_";
constexpr std::string_view kConsolePrefix = "CAMUNDA_CONSOLE_";

// "CAMUNDA_CONSOLE_TELEMTRY" is a slip; "CAMUNDA_CONSOLE_CONTEXT_PATH" is none of ours.
void CheckUnknownVariable(const std::string& name, Problems* problems) {
  for (const std::string_view prefix : {kOwnPrefix, kConsolePrefix}) {
    if (!std::string_view(name).starts_with(prefix)) continue;
    std::vector<std::string_view> known;
    for (const std::string_view variable : SettingVariables()) {
      if (variable.starts_with(prefix)) known.push_back(variable.substr(prefix.size()));
    }
    const std::string_view nearest = Nearest(std::string_view(name).substr(prefix.size()), known);
    if (nearest.empty()) continue;
    problems->Add({ErrorCode::kUnknownKey, PointerStep(name),
                   "no environment variable " + Quotable(name, 200) + " is read; did you mean " +
                       std::string(prefix) + std::string(nearest) + "?"});
  }
}

// DO_NOT_TRACK is not set, is empty or is 0; whatever else it is, it means no.
bool SaysNothing(const JsonValue& value) {
  return value.is_string() && (value.text().empty() || value.text() == "0");
}

}  // namespace

void Variables::AddAll(const ConfigSource& environment) {
  for (const JsonMember& member : environment.document.members()) {
    if (member.value.is_string()) sorted_.emplace_back(member.key, member.value.text());
  }
  std::stable_sort(sorted_.begin(), sorted_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
}

const std::string* Variables::Find(std::string_view name) const {
  // The last of equals was added last.
  const auto behind = std::upper_bound(
      sorted_.begin(), sorted_.end(), name,
      [](std::string_view n, const auto& entry) { return n < std::string_view(entry.first); });
  if (behind == sorted_.begin() || (behind - 1)->first != name) return nullptr;
  return &(behind - 1)->second;
}

Statements ReadEnvironment(const ConfigSource& source, Problems* problems) {
  static const JsonValue kTrue = JsonValue::Boolean(true);
  Statements found;
  for (const JsonMember& member : source.document.members()) {
    const VariableSetting known = FindVariable(member.key);
    if (known.row == nullptr) {
      CheckUnknownVariable(member.key, problems);
      continue;
    }
    ConfigStatement said;
    said.row = known.row;
    said.value = &member.value;
    if (member.key == kDoNotTrack) {
      if (SaysNothing(member.value)) continue;
      said.value = &kTrue;
    }
    said.product = known.product;
    said.variable = true;
    said.textual = true;
    said.where = PointerStep(member.key);
    said.origin = "environment variable " + member.key;
    found.list.push_back(std::move(said));
  }
  return found;
}

bool IsConfigVariable(std::string_view name) {
  return FindVariable(name).row != nullptr || name.starts_with(kOwnPrefix) ||
         name.starts_with(kConsolePrefix);
}

}  // namespace candor
