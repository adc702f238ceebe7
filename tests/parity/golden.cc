#include "tests/parity/golden.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/json_reader.h"

namespace candor::parity {
namespace {

namespace fs = std::filesystem;

std::string ReadWhole(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> Sorted(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

void AddOptions(const std::string& json, Case& made) {
  const Result<JsonValue> options = ReadJson(json);
  if (!options.ok()) return;
  for (const JsonMember& member : options.value().members()) {
    const std::string name = member.key == "catalogue" ? "catalogue-name" : member.key;
    if (member.value.is_string()) made.inputs.emplace_back(name, member.value.text());
    for (const JsonValue& item : member.value.items()) made.inputs.emplace_back(name, item.text());
  }
}

Case GoldenCase(const fs::path& folder) {
  constexpr std::string_view kScrape = "scrape.";
  Case made{"report", {}};
  for (const fs::path& path : Sorted(folder)) {
    const std::string name = path.filename().string();
    if (name == "config.json" || name == "facts.json") {
      made.inputs.emplace_back(path.stem().string() + ":" + name, ReadWhole(path));
    } else if (name.starts_with(kScrape)) {
      const std::string component = path.stem().string().substr(kScrape.size());
      made.inputs.emplace_back("scrape:" + component + "=" + name, ReadWhole(path));
    } else if (name == "options.json") {
      AddOptions(ReadWhole(path), made);
    }
  }
  return made;
}

}  // namespace

std::vector<std::pair<std::string, Case>> GoldenCases(const std::string& root) {
  std::vector<std::pair<std::string, Case>> cases;
  for (const fs::path& folder : Sorted(root)) {
    if (!fs::exists(folder / "config.json")) continue;
    cases.emplace_back(folder.filename().string(), GoldenCase(folder));
  }
  return cases;
}

}  // namespace candor::parity
