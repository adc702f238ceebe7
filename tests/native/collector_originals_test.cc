// What the original products send, by their own means: curl, with no key and no digest.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/core/corpora.h"
#include "tests/native/collector_process.h"
#include "tests/native/collector_rig.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

std::string Replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

std::string Golden(const std::string& name) {
  return ReadFile("tests/golden/" + name + "/report.json");
}

// As Gson and Jackson print it.
std::string Compact(std::string text) {
  std::string compact;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' && (i == 0 || text[i - 1] != '\\')) quoted = !quoted;
    if (quoted || (text[i] != ' ' && text[i] != '\n')) compact += text[i];
  }
  return compact;
}

class OriginalClientsTest : public testing::Test {
 protected:
  // The status of a POST.
  std::string Post(const std::string& body) const {
    const std::string file = folder_.Write("body.json", body);
    const Ran ran = RunLine("curl -sS -H 'Content-Type: application/json' --data-binary @" + file +
                            " -w '\\n%{http_code}' http://" + at_ + "/pings");
    return ran.output.size() < 3 ? ran.output : ran.output.substr(ran.output.size() - 3);
  }
  const Folder folder_{MemoryFolder()};
  const CollectorProcess collector_{folder_};
  const std::string at_ = collector_.Address();
};

// With their nulls, pretty as in the documents and compact as on the wire.
TEST_F(OriginalClientsTest, EveryReportOfEveryVersionIsTaken) {
  int posted = 0;
  for (const auto& entry : std::filesystem::directory_iterator("tests/golden")) {
    const std::string name = entry.path().filename().string();
    if (!std::filesystem::exists(entry.path() / "report.json")) continue;
    const std::string pretty = Golden(name), compact = Compact(pretty);
    for (const std::string& body : {pretty, compact}) {
      const std::string status = Post(body);
      // Two cases build the same report.
      EXPECT_TRUE(status == "202" || status == "200") << name << " " << status;
      EXPECT_EQ(Post(body), "200") << name;
    }
    posted += name.starts_with("engine-") || name.starts_with("optimize-") ? 1 : 0;
  }
  EXPECT_GE(posted, 15);
}

TEST_F(OriginalClientsTest, EnginesThatNameLambdasAreTaken) {
  const std::string body = Replaced(
      Golden("engine-wire-7.14-regular"), "\"commands\": {",
      "\"commands\": {\"ProcessEngineImpl$$Lambda$912/0x0000000840b4c440\": {\"count\": 3},");
  EXPECT_EQ(Post(body), "202");
  EXPECT_EQ(Post(Compact(body)), "202");
}

// As Java's own classes print times for the United States, in its versions.
TEST_F(OriginalClientsTest, EnginesThatWriteTheirStartAsGsonDoesAreTaken) {
  const std::string none = "\"data-collection-start-date\": null";
  for (const std::string time : {"Nov 16, 2022 10:41:58 AM", "Nov 16, 2022, 10:41:58 AM",
                                 "Nov 16, 2022, 10:41:58\u202FAM"}) {
    const std::string body = Replaced(Golden("engine-wire-7.19"), none,
                                      "\"data-collection-start-date\": \"" + time + "\"");
    EXPECT_EQ(Post(Compact(body)), "202") << time;
  }
}

// Seed 002 prints it as a text.
TEST_F(OriginalClientsTest, OptimizeMayWriteItsBooleanAsAText) {
  EXPECT_EQ(Post(Replaced(Golden("optimize-seed-002"), "\"unlimited\": false",
                          "\"unlimited\": \"false\"")),
            "202");
}

TEST_F(OriginalClientsTest, WhatIsNoReportIsRefusedEvenSo) {
  EXPECT_EQ(Post(R"({"enableTelemetry": true})"), "400");
  EXPECT_EQ(Post(Replaced(Golden("engine-wire-7.19"), "\"jdk\": {", "\"host\": 1, \"jdk\": {")),
            "400");
}

}  // namespace
}  // namespace candor
