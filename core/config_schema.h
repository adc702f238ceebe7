// The table of settings: the one place that says which there are, what they are called in each
// accepted form, and which values they take.
//
// A new setting is one member of Config and one row here; reading, layering, conflicts, origins,
// printing and "did you mean" follow from the row. Internal to core/config*.cc and native/import.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/config.h"

namespace candor {

// Whose name for a setting a source used.
enum class Product : std::uint8_t { kCandor, kEngine, kOptimize, kConsole };
// "engine", "optimize", "console": also the names of their catalogues. "" for kCandor.
std::string_view Name(Product product);

using SettingMember =
    std::variant<Setting<Mode> Config::*, Setting<bool> Config::*,
                 Setting<std::optional<bool>> Config::*, Setting<std::int64_t> Config::*,
                 Setting<std::string> Config::*, Setting<std::vector<std::string>> Config::*,
                 Setting<std::vector<ManagedRelease>> Config::*>;

struct SettingAlias {
  Product product = Product::kCandor;
  // Engine: a top-level key. Optimize: a key under `telemetry`. Console: one under
  // `camunda.console`. "" ends a row's list.
  std::string_view key;
  std::int64_t unit = 1;  // How many of the setting's units one of the alias's is.
};

struct SettingVariable {
  Product product = Product::kCandor;
  std::string_view name;  // "" ends a row's list.
};

struct SettingRow {
  std::string_view key;  // The canonical one.
  SettingMember member;
  std::int64_t least = 0, most = 0;  // Of an integer; of a text's bytes; of a list's items.
  // What is wrong with a text, or with one of a list, that has the right length, or "".
  std::string (*check)(std::string_view text) = nullptr;
  std::array<SettingVariable, 2> variables = {};
  std::array<SettingAlias, 2> aliases = {};
};

std::span<const SettingRow> SettingRows();
// nullptr when there is none. REQUIRES for the index: a row of SettingRows().
const SettingRow* FindSetting(std::string_view canonical_key);
std::size_t IndexOf(const SettingRow& row);

// The names of one product's aliases; of kCandor the canonical keys.
std::span<const std::string_view> SettingKeys(Product product);
std::span<const std::string_view> SettingVariables();

struct AliasedSetting {
  const SettingRow* row = nullptr;  // nullptr: no such name.
  std::int64_t unit = 1;
};
AliasedSetting FindAlias(Product product, std::string_view key);

struct VariableSetting {
  const SettingRow* row = nullptr;
  Product product = Product::kCandor;
};
VariableSetting FindVariable(std::string_view name);

// Calls `visit` with the pointer to the row's member.
template <typename Visit>
void VisitMember(const SettingMember& member, Visit&& visit) {
  // std::visit would bring a table and an exception; the alternatives are few.
  if (const auto* m = std::get_if<0>(&member)) return visit(*m);
  if (const auto* m = std::get_if<1>(&member)) return visit(*m);
  if (const auto* m = std::get_if<2>(&member)) return visit(*m);
  if (const auto* m = std::get_if<3>(&member)) return visit(*m);
  if (const auto* m = std::get_if<4>(&member)) return visit(*m);
  if (const auto* m = std::get_if<5>(&member)) return visit(*m);
  if (const auto* m = std::get_if<6>(&member)) return visit(*m);
}

}  // namespace candor
