#include "native/collector/service/setting_origin.h"

#include <algorithm>

#include "core/json_value.h"
#include "core/text.h"

namespace candor {
namespace {

bool IsLarge(char c) { return c >= 'A' && c <= 'Z'; }
char Small(char c) { return static_cast<char>(c - 'A' + 'a'); }
char Large(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

void PutInFile(const SettingOrigin& origin, const std::string& key, const std::string& rest,
               Error& error) {
  error.source = origin.source;
  error.where = PointerStep(key) + rest;
  error.at = origin.at;
  for (std::size_t i = 0; i < origin.items.size(); ++i) {
    if (" " + origin.items[i].first != rest) continue;
    error.where = PointerStep(key) + "/" + Decimal(static_cast<std::int64_t>(i));
    error.at = origin.items[i].second;
    return;
  }
}

}  // namespace

std::string SettingFlag(std::string_view key) {
  std::string flag = "--";
  for (const char c : key) {
    if (IsLarge(c)) flag += '-';
    flag += IsLarge(c) ? Small(c) : c;
  }
  return flag;
}

std::string SettingVariable(std::string_view key) {
  std::string name = "CANDOR_COLLECTOR_";
  for (const char c : key) {
    if (IsLarge(c)) name += '_';
    name += Large(c);
  }
  return name;
}

std::string OriginText(const SettingOrigins& origins, std::string_view key) {
  const auto found = origins.find(key);
  if (found == origins.end()) return "default";
  const SettingOrigin& origin = found->second;
  switch (origin.kind) {
    case SettingOrigin::Kind::kFile:
      return origin.source + ":" + Decimal(origin.at.line) + ":" + Decimal(origin.at.column);
    case SettingOrigin::Kind::kEnvironment:
      return "environment variable " + SettingVariable(key);
    case SettingOrigin::Kind::kCommandLine:
      break;
  }
  return SettingFlag(key);
}

Problems WhereGiven(const Problems& problems, const SettingOrigins& origins) {
  Problems moved;
  for (Error error : problems.list()) {
    const std::size_t space = std::min(error.where.find(' '), error.where.size());
    const std::string flag = error.where.substr(0, space), rest = error.where.substr(space);
    for (const auto& [key, origin] : origins) {
      if (SettingFlag(key) != flag) continue;
      if (origin.kind == SettingOrigin::Kind::kFile) PutInFile(origin, key, rest, error);
      if (origin.kind == SettingOrigin::Kind::kEnvironment) {
        error.where = SettingVariable(key) + rest;
      }
      break;
    }
    moved.Add(std::move(error));
  }
  return moved;
}

}  // namespace candor
