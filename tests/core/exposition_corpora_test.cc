// Verdicts of third parties: the OpenMetrics suite, and what real exporters print.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/exposition.h"
#include "core/json_reader.h"
#include "tests/core/corpora.h"
#include "tests/core/exposition_text.h"

namespace candor {
namespace {

TEST(ExpositionCorporaTest, AgreesWithEveryOpenMetricsVerdict) {
  const std::string folder = CorporaFolder("OpenMetrics/tests/testdata/parsers");
  if (folder.empty()) GTEST_SKIP() << kNoCorpora;
  int cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string path = entry.path().string();
    const Result<JsonValue> verdict = ReadJson(ReadFile(path + "/test.json"));
    ASSERT_TRUE(verdict.ok()) << path;
    const JsonValue* expected = verdict.value().Find("shouldParse");
    ASSERT_NE(expected, nullptr) << path;
    const std::string text = ReadFile(path + "/metrics");
    const Problems problems = Check(text, ExpositionFormat::kOpenMetrics);
    EXPECT_EQ(problems.empty(), expected->boolean()) << path << "\n" << Print(problems);
    ++cases;
  }
  EXPECT_GE(cases, 100);
}

TEST(ExpositionCorporaTest, ReadsEveryRealDump) {
  const std::string folder = CorporaFolder("metrics-dumps");
  if (folder.empty()) GTEST_SKIP() << kNoCorpora;
  int dumps = 0;
  for (const std::string& path : FilesIn(folder)) {
    const std::string extension = std::filesystem::path(path).extension().string();
    const std::string name = std::filesystem::path(path).filename().string();
    if (name == "COMMIT.txt" || name.starts_with("LICENSE")) continue;
    const bool openmetrics = name.ends_with(".om.txt");
    ExpositionChecker checker(openmetrics ? ExpositionFormat::kOpenMetrics
                                          : ExpositionFormat::kPrometheusText);
    checker.Feed(ReadFile(path));
    const Problems problems = checker.Finish();
    EXPECT_TRUE(problems.empty()) << path << "\n" << Print(problems);
    EXPECT_GT(checker.samples(), 0u) << path;
    EXPECT_GT(checker.families(), 0u) << path;
    ++dumps;
  }
  EXPECT_GE(dumps, 29);
}

}  // namespace
}  // namespace candor
