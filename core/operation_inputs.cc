#include "core/operation_inputs.h"

#include "core/problems.h"
#include "core/text.h"

namespace candor {
namespace {

// "facts:a.json" of kind "facts" gives "a.json".
bool SplitName(std::string_view name, std::string_view kind, std::string* rest) {
  if (!name.starts_with(kind) || name.size() == kind.size() || name[kind.size()] != ':') {
    return false;
  }
  *rest = name.substr(kind.size() + 1);
  return true;
}

}  // namespace

std::vector<NamedBytes> OperationInputs::All(std::string_view kind) const {
  std::vector<NamedBytes> found;
  std::string rest;
  for (const Input& input : inputs_) {
    if (SplitName(input.name, kind, &rest)) found.push_back({rest, input.bytes});
  }
  return found;
}

std::optional<NamedBytes> OperationInputs::First(std::string_view kind) const {
  std::vector<NamedBytes> found = All(kind);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<std::string_view> OperationInputs::Text(std::string_view name) const {
  for (const Input& input : inputs_) {
    if (input.name == name) return input.bytes;
  }
  return std::nullopt;
}

std::vector<std::string> OperationInputs::Texts(std::string_view name) const {
  std::vector<std::string> found;
  for (const Input& input : inputs_) {
    if (input.name == name) found.emplace_back(input.bytes);
  }
  return found;
}

bool OperationInputs::Option(std::string_view name) const {
  return Text("option:" + std::string(name)).has_value();
}

Outcome Refused(const OperationInputs& inputs, const Problems& problems) {
  return {kExitRefused,
          inputs.Option("json") ? ProblemsAsJson(problems) : ProblemsAsText(problems)};
}

Outcome Misused(std::string message) { return {kExitFailed, std::move(message) + "\n"}; }

Outcome Good() { return {kExitGood, ""}; }

}  // namespace candor
