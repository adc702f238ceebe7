// What a source says, whichever accepted form it has: a list of statements about settings.
// Internal to core/config*.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/config.h"
#include "core/config_schema.h"

namespace candor {

// The environment, for placeholders and for the variables that are settings.
class Variables {
 public:
  // Later environments win over earlier ones.
  void AddAll(const ConfigSource& environment);
  // nullptr when it is not set. Valid until the next AddAll.
  const std::string* Find(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> sorted_;
};

// One place of a source, saying something about one setting. Borrows the source.
struct ConfigStatement {
  const SettingRow* row = nullptr;
  const JsonValue* value = nullptr;
  Product product = Product::kCandor;  // Whose name was used.
  bool variable = false;               // An environment variable.
  // Text stands for booleans and numbers: the form knows no types, or its product reads them so.
  bool textual = false;
  bool placeholders = false;  // "${NAME:default}" stands for an environment variable.
  std::int64_t unit = 1;
  std::string where;  // JSON pointer into the source.
  Position at;
  std::string origin;  // As Setting::origin.
};

// A product whose form a document has, and what shows it.
struct FormMark {
  Product product = Product::kCandor;
  std::string name;    // "camunda.console"
  std::string origin;  // "application.yaml:3:5"
  Position at;
};

struct Statements {
  std::vector<ConfigStatement> list;
  std::vector<FormMark> forms;
};

// All that `source` says; what is unknown in it goes to `problems`.
Statements ReadStatements(const ConfigSource& source, Problems* problems);

// The same for a source of kind kEnvironment (core/config_environment.cc).
Statements ReadEnvironment(const ConfigSource& source, Problems* problems);

// Adds a kUnknownKey problem for `key`, with the nearest of `known`.
void AddUnknownKey(std::string_view key, std::string where, Position at,
                   std::span<const std::string_view> known, Problems* problems);

// "application.yaml:7:18".
std::string PlaceName(const std::string& source, Position at);

}  // namespace candor
