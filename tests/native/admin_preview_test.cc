// Looking, through the admin API: the bytes that are shown, and that looking changes nothing.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "core/bundle.h"
#include "core/report.h"
#include "core/sha256.h"
#include "native/reporter/engine_places.h"
#include "native/state/state.h"
#include "tests/native/handlers_rig.h"

namespace candor {
namespace {

const std::string kGrant = R"({"as": "grant", "withheld": []})";
const std::string kNow = R"({"as": "now", "withheld": []})";
const std::string kDeploy = places::CountAt(places::kCommands, "DeployCmd");

// What the core makes of a bundle.
std::string BytesOf(const HttpAnswer& bundle) {
  const Result<Bundle> parts = ReadBundle(bundle.body);
  EXPECT_TRUE(parts.ok()) << bundle.body;
  if (!parts.ok()) return {};
  StringSink sink;
  const Bundle& bundled = parts.value();
  EXPECT_TRUE(BuildReport({bundled.config, bundled.catalogue, bundled.facts}, sink).empty());
  return sink.text();
}

TEST(AdminPreviewTest, TheCoreMakesTheSameBytesOfTheBundle) {
  for (const char* const catalogue : {"engine", "optimize", "console"}) {
    HandlersRig rig(AdminConfig(catalogue));
    if (catalogue == std::string("console")) rig.SetFacts(R"({"collectedAt": 1795262400000})");
    const HttpAnswer bundle = rig.Preview(kGrant, rig.ada);
    ASSERT_EQ(bundle.status, 200) << bundle.body;
    const HttpAnswer frozen = rig.Get("/api/v1/preview/" + DigestIn(bundle));
    EXPECT_EQ(BytesOf(bundle), frozen.body) << catalogue;
    EXPECT_EQ(Sha256Hex(frozen.body), DigestIn(bundle));
  }
}

TEST(AdminPreviewTest, TheFrozenBytesAreAFileNamedByTheirDigest) {
  HandlersRig rig(AdminConfig("engine"));
  const std::string digest = DigestIn(rig.Preview(kGrant, rig.ada));
  const HttpAnswer file = rig.Get("/api/v1/preview/" + digest);
  EXPECT_EQ(Header(file, "Content-Disposition"),
            "attachment; filename=\"candor-report-" + digest.substr(0, 16) + ".json\"");
  EXPECT_EQ(rig.Get("/api/v1/preview/" + std::string(64, '0')).status, 404);
  // Others were not shown it.
  EXPECT_EQ(rig.Ask("GET", "/api/v1/preview/" + digest, "", {}, rig.bob).status, 404);
}

TEST(AdminPreviewTest, TheEighthAgainPushesTheFirstOut) {
  HandlersRig rig(AdminConfig("engine"));
  std::vector<std::string> digests;
  for (int i = 0; i < 9; ++i) {
    rig.Count(kDeploy);
    digests.push_back(DigestIn(rig.Preview(kGrant, rig.ada)));
  }
  EXPECT_EQ(rig.Get("/api/v1/preview/" + digests[0]).status, 404);
  for (int i = 1; i < 9; ++i) EXPECT_EQ(rig.Get("/api/v1/preview/" + digests[i]).status, 200);
}

TEST(AdminPreviewTest, EveryMistakeOfAQuestionIsToldAtOnce) {
  HandlersRig rig(AdminConfig("engine"));
  const HttpAnswer twice = rig.Preview(R"({"as": "later", "withheld": [1, ""], "x": 1})", rig.ada);
  EXPECT_EQ(twice.status, 422);
  EXPECT_EQ(Document(twice).Find("errors")->items().size(), 4U) << twice.body;
  EXPECT_EQ(rig.Preview("{", rig.ada).status, 400);
  const HttpAnswer unknown =
      rig.Preview(R"({"as": "grant", "withheld": ["/product/version", "/no"]})", rig.ada);
  EXPECT_EQ(unknown.status, 422);
  EXPECT_NE(unknown.body.find(R"("pointer": "/withheld/1")"), std::string::npos) << unknown.body;
}

TEST(AdminPreviewTest, WhatCannotBeMadeIsToldWithItsPlace) {
  HandlersRig rig(AdminConfig("engine"));
  rig.SetFacts(R"({"values": {"product": {"name": "x", "version": 7, "edition": "community"}}})");
  const HttpAnswer answer = rig.Preview(kNow, rig.ada);
  EXPECT_EQ(answer.status, 422);
  EXPECT_NE(answer.body.find("/values/product/version"), std::string::npos) << answer.body;
}

// Law 7, while a host counts.
TEST(AdminPreviewTest, AThousandLooksChangeNothingWhileCountingGoesOn) {
  HandlersRig rig(AdminConfig("engine"));
  rig.Count(kDeploy, 7);
  ASSERT_EQ(rig.Preview(kGrant, rig.ada).status, 200);
  const Snapshot before = rig.Read();
  std::atomic<bool> stop{false};
  std::uint64_t counted = 7;
  std::thread host([&] {
    while (!stop.load()) {
      rig.Count(kDeploy);
      ++counted;
    }
  });
  for (int i = 0; i < 1000; ++i) {
    const std::string& question = i % 2 == 0 ? kGrant : kNow;
    ASSERT_EQ(rig.Preview(question, i % 3 == 0 ? rig.eve : rig.ada).status, 200);
    if (i % 10 == 0) {
      for (const char* const path : {"/api/v1/status", "/api/v1/consent", "/telemetry/data",
                                     "/telemetry/download", "/telemetry/configuration"}) {
        ASSERT_EQ(rig.Get(path).status, 200) << path;
      }
    }
  }
  stop = true;
  host.join();
  const Snapshot after = rig.Read();
  EXPECT_EQ(after.revision, before.revision);
  EXPECT_EQ(WriteStoredState(after.state), WriteStoredState(before.state));
  std::uint64_t total = 0;
  for (const auto& [name, count] : rig.core().Totals().values) total += count;
  EXPECT_EQ(total, counted);
}

TEST(AdminPreviewTest, NothingIsMadeOnDiskForLookingWhileTelemetryIsOff) {
  HandlersRig rig(AdminConfig("engine", R"("mode": "disabled")"));
  for (const char* const path : {"/api/v1/status", "/api/v1/consent", "/api/v1/reports",
                                 "/api/v1/history", "/api/v1/configuration", "/api/v1/catalogue",
                                 "/telemetry/configuration", "/api/settings"}) {
    EXPECT_EQ(rig.Get(path).status, 200) << path;
  }
  for (const char* const path : {"/telemetry/data", "/telemetry/download"}) {
    EXPECT_EQ(rig.Get(path).status, 409) << path;
  }
  const HttpAnswer preview = rig.Preview(kNow, rig.ada);
  EXPECT_EQ(preview.status, 409);
  EXPECT_EQ(TextAt(Document(preview), {"reason"}), "off");
  const JsonValue status = Document(rig.Get("/api/v1/status"));
  EXPECT_EQ(TextAt(status, {"action"}), "off");
  EXPECT_EQ(TextAt(status.Find("reasons")->items().back(), {"rule"}), "mode");
  EXPECT_FALSE(std::filesystem::exists(rig.StateFolder()));
}

}  // namespace
}  // namespace candor
