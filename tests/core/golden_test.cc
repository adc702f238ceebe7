// Every folder of tests/golden, see its README.md.
#include <gtest/gtest.h>

#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/operation.h"
#include "tests/core/corpora.h"

namespace candor {
namespace {

constexpr char kFolder[] = "tests/golden";

std::vector<std::string> CaseNames() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// The inputs of `candor report` in a folder; deque keeps the views good.
struct GoldenCase {
  std::deque<std::string> kept;
  std::vector<Input> inputs;

  void Add(std::string name, std::string bytes) {
    const std::string& kept_name = kept.emplace_back(std::move(name));
    inputs.push_back({kept_name, kept.emplace_back(std::move(bytes))});
  }
};

GoldenCase Load(const std::string& folder) {
  GoldenCase made;
  made.Add("option:json", "");
  for (const std::string& path : FilesIn(folder)) {
    const std::string file = path.substr(path.rfind('/') + 1);
    if (file == "config.json") made.Add("config:config.json", ReadFile(path));
    if (file == "facts.json") made.Add("facts:facts.json", ReadFile(path));
    if (file.starts_with("scrape.")) {
      const std::string component = file.substr(7, file.size() - 7 - 5);
      made.Add("scrape:" + component + "=" + file, ReadFile(path));
    }
    if (file != "options.json") continue;
    const JsonValue options = ReadJson(ReadFile(path)).value();
    if (const JsonValue* name = options.Find("catalogue")) made.Add("catalogue-name", name->text());
    if (const JsonValue* profile = options.Find("profile")) made.Add("profile", profile->text());
    if (const JsonValue* withhold = options.Find("withhold")) {
      for (const JsonValue& id : withhold->items()) made.Add("withhold", id.text());
    }
  }
  return made;
}

// The problems without their messages, which are for people.
std::string CodesAndPlaces(const std::string& problems) {
  const auto document = ReadJson(problems);
  if (!document.ok()) return "not JSON: " + problems;
  std::string lines;
  for (const JsonValue& problem : document.value().Find("problems")->items()) {
    for (const char* key : {"name", "source", "where", "line", "column"}) {
      lines += problem.Find(key)->text() + " ";
    }
    lines += "\n";
  }
  return lines;
}

class GoldenTest : public testing::TestWithParam<std::string> {};

TEST_P(GoldenTest, GivesTheReportOrTheProblems) {
  const std::string folder = std::string(kFolder) + "/" + GetParam();
  const GoldenCase golden = Load(folder);
  StringSink out;
  const Outcome outcome = Perform("report", golden.inputs, out);
  if (std::filesystem::exists(folder + "/report.json")) {
    EXPECT_EQ(outcome.status, kExitGood) << outcome.errors;
    EXPECT_EQ(out.text(), ReadFile(folder + "/report.json"));
  } else {
    EXPECT_EQ(outcome.status, kExitRefused);
    EXPECT_EQ(out.text(), "");
    EXPECT_EQ(CodesAndPlaces(outcome.errors), CodesAndPlaces(ReadFile(folder + "/problems.json")));
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenTest, testing::ValuesIn(CaseNames()), [](const auto& param) {
  std::string name = param.param;
  for (char& c : name) {
    if (c == '-' || c == '.') c = '_';
  }
  return name;
});

}  // namespace
}  // namespace candor
