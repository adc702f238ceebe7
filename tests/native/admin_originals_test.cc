// The routes of the three original systems: their bodies and statuses.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>

#include "native/reporter/engine_places.h"
#include "tests/native/handlers_rig.h"

namespace candor {
namespace {

const std::string kFlag = "/telemetry/configuration";
const std::string kSettings = "/api/settings";
const std::string kDeploy = places::CountAt(places::kCommands, "DeployCmd");

std::string Golden(const std::string& name) {
  std::ifstream file(CANDOR_SOURCE "/tests/golden/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(EngineRoutesTest, TheFlagIsNullThenWhatWasPosted) {
  HandlersRig rig(AdminConfig("engine"));
  EXPECT_EQ(rig.Get(kFlag).body, R"({"enableTelemetry":null})");
  for (const std::string flag : {"true", "false", "true"}) {
    const HttpAnswer posted =
        rig.Ask("POST", kFlag, R"({"enableTelemetry": )" + flag + "}", {}, rig.ada);
    EXPECT_EQ(posted.status, 204) << posted.body;
    EXPECT_EQ(posted.body, "");
    EXPECT_EQ(rig.Get(kFlag).body, R"({"enableTelemetry":)" + flag + "}");
    EXPECT_EQ(rig.GetAsViewer(kFlag).status, 200);
  }
}

TEST(EngineRoutesTest, AMissingFlagIsRefusedAndUnknownMembersAreNot) {
  HandlersRig rig(AdminConfig("engine"));
  for (const char* const body : {"{}", R"({"enableTelemetry": null})", "[]", "", "{",
                                 R"({"enableTelemetry": "yes"})", R"({"enable": true})"}) {
    const HttpAnswer refused = rig.Ask("POST", kFlag, body, {}, rig.ada);
    EXPECT_EQ(refused.status, 400) << body;
    EXPECT_EQ(TextAt(Document(refused), {"type"}), "InvalidRequestException");
  }
  EXPECT_EQ(rig.Get(kFlag).body, R"({"enableTelemetry":null})");
  EXPECT_EQ(rig.Ask("POST", kFlag, R"({"x": 1, "enableTelemetry": false})", {}, rig.ada).status,
            204);
}

TEST(EngineRoutesTest, AYesIsGivenUnseenAndDropsWhatWasCounted) {
  HandlersRig rig(AdminConfig("engine"));
  rig.Count(kDeploy, 4);
  ASSERT_EQ(rig.Ask("POST", kFlag, R"({"enableTelemetry": true})", {}, rig.ada).status, 204);
  rig.Count(kDeploy, 2);
  EXPECT_NE(rig.Get("/telemetry/data").body.find("\"count\": 2"), std::string::npos);
  EXPECT_FALSE(rig.Read().pending);
  EXPECT_EQ(rig.Read().state.consent->report_digest, "");
}

TEST(EngineRoutesTest, SayingYesAgainWidensNothing) {
  HandlersRig rig(AdminConfig("engine"));
  const std::string less = R"({"verdict": "granted", "unseen": true, )"
                           R"("withheld": ["/product/internals/jdk"]})";
  ASSERT_EQ(rig.Decide(less, rig.Tag(), rig.ada).status, 200);
  const std::string tag = rig.Tag();
  ASSERT_EQ(rig.Ask("POST", kFlag, R"({"enableTelemetry": true})", {}, rig.bob).status, 204);
  ASSERT_EQ(rig.Ask("PUT", kSettings, R"({"metadataTelemetryEnabled": true})", {}, rig.bob).status,
            204);
  EXPECT_EQ(rig.Tag(), tag);
}

TEST(EngineRoutesTest, WithoutAnActiveReporterTheFlagIsKeptAndNothingElse) {
  HandlersRig rig(AdminConfig("engine", R"("reporterActivate": false)"));
  EXPECT_EQ(rig.Ask("POST", kFlag, R"({"enableTelemetry": true})", {}, rig.ada).status, 204);
  EXPECT_EQ(rig.Get(kFlag).body, R"({"enableTelemetry":true})");
  EXPECT_EQ(rig.Get("/telemetry/data").status, 200);
}

TEST(EngineRoutesTest, OffIsSaidInTheEnginesWay) {
  HandlersRig rig(AdminConfig("engine", R"("mode": "disabled")"));
  const HttpAnswer refused = rig.Ask("POST", kFlag, R"({"enableTelemetry": true})", {}, rig.ada);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(TextAt(Document(refused), {"type"}), "RestException");
  EXPECT_EQ(rig.Get(kFlag).body, R"({"enableTelemetry":null})");
}

// Where the reporter itself says when counting began.
std::string WithoutDate(const std::string& body) {
  return std::regex_replace(body, std::regex(R"(,\n *"data-collection-start-date": "[^"]*")"), "");
}

TEST(EngineRoutesTest, TheDataIsTheDocumentedBody) {
  for (const std::string name : {"engine-rest-7.17", "engine-rest-7.20"}) {
    HandlersRig rig(AdminConfig("engine"));
    const std::string facts = Golden(name + "/facts.json");
    ASSERT_NE(facts, "");
    rig.SetFacts(facts);
    const HttpAnswer data = rig.Get("/telemetry/data");
    ASSERT_EQ(data.status, 200) << data.body;
    EXPECT_EQ(WithoutDate(data.body), WithoutDate(Golden(name + "/report.json")));
    EXPECT_TRUE(std::regex_search(
        data.body,
        std::regex(
            R"("data-collection-start-date": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000")")))
        << data.body;
    EXPECT_EQ(data.body.find("telemetry-enabled"), std::string::npos);
  }
}

TEST(EngineRoutesTest, WhatIsNotKnownIsNull) {
  HandlersRig rig(AdminConfig("engine"));
  rig.Count(places::CountAt(places::kMetrics, "process-instances"), 5);
  const JsonValue data = Document(rig.Get("/telemetry/data"));
  const JsonValue* const internals = data.Find("product")->Find("internals");
  for (const char* const key : {"database", "application-server", "jdk", "license-key"}) {
    ASSERT_NE(internals->Find(key), nullptr) << key;
    EXPECT_TRUE(internals->Find(key)->is_null()) << key;
  }
  EXPECT_TRUE(internals->Find("commands")->is_object());
  EXPECT_TRUE(internals->Find("webapps")->is_array());
  EXPECT_EQ(TextAt(*internals, {"metrics", "process-instances", "count"}), "5");
  EXPECT_EQ(internals->Find("metrics")->Find("root-process-instance-start"), nullptr);
}

TEST(EngineRoutesTest, WhatIsWithheldIsNotInTheData) {
  HandlersRig rig(AdminConfig("engine", R"("withhold": ["/product/internals/jdk"])"));
  const JsonValue data = Document(rig.Get("/telemetry/data"));
  EXPECT_EQ(data.Find("product")->Find("internals")->Find("jdk"), nullptr);
}

TEST(OptimizeSettingsTest, AreTheDefaultsUntilSomebodySetsThem) {
  HandlersRig rig(AdminConfig("optimize"));
  EXPECT_EQ(rig.GetAsViewer(kSettings).body,
            R"({"metadataTelemetryEnabled":false,"sharingEnabled":true,)"
            R"("lastModifier":null,"lastModified":null})");
  HandlersRig decided(AdminConfig("optimize", R"("initializeTelemetry": true)"));
  EXPECT_NE(decided.Get(kSettings).body.find("\"metadataTelemetryEnabled\":true"),
            std::string::npos);
}

TEST(OptimizeSettingsTest, EachIsSetAloneAndSaysByWhomAndWhen) {
  HandlersRig rig(AdminConfig("optimize"));
  ASSERT_EQ(rig.Ask("PUT", kSettings, R"({"metadataTelemetryEnabled": true})", {}, rig.ada).status,
            204);
  JsonValue settings = Document(rig.Get(kSettings));
  EXPECT_TRUE(settings.Find("metadataTelemetryEnabled")->boolean());
  EXPECT_TRUE(settings.Find("sharingEnabled")->boolean());
  EXPECT_EQ(TextAt(settings, {"lastModifier"}), "ada");
  EXPECT_TRUE(std::regex_match(TextAt(settings, {"lastModified"}),
                               std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000)")));
  const std::string tag = rig.Tag();
  ASSERT_EQ(
      rig.Ask(
             "PUT", kSettings,
             R"({"sharingEnabled": false, "lastModifier": "mallory", "metadataTelemetryEnabled": null})",
             {}, rig.bob)
          .status,
      204);
  settings = Document(rig.Get(kSettings));
  EXPECT_TRUE(settings.Find("metadataTelemetryEnabled")->boolean());
  EXPECT_FALSE(settings.Find("sharingEnabled")->boolean());
  EXPECT_EQ(TextAt(settings, {"lastModifier"}), "bob");
  EXPECT_EQ(rig.Tag(), tag);
  // It stays when the program starts again.
  rig.Configure(AdminConfig("optimize"));
  EXPECT_FALSE(Document(rig.Get(kSettings)).Find("sharingEnabled")->boolean());
}

TEST(OptimizeSettingsTest, NothingToBeSetIsRefusedInItsWords) {
  HandlersRig rig(AdminConfig("optimize"));
  for (const char* const body :
       {"{}", R"({"lastModifier": "x"})", R"({"metadataTelemetryEnabled": null})"}) {
    const HttpAnswer refused = rig.Ask("PUT", kSettings, body, {}, rig.ada);
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(TextAt(Document(refused), {"detailedMessage"}),
              "No settings can be updated, as no values are present!");
  }
  EXPECT_EQ(rig.Ask("PUT", kSettings, R"({"sharingEnabled": 1})", {}, rig.ada).status, 400);
  EXPECT_FALSE(rig.Read().state.consent);
}

TEST(ConsoleDownloadTest, IsWhatWouldBeSentAsAFile) {
  HandlersRig rig(AdminConfig("console", R"("mode": "download")"));
  rig.SetFacts(R"({"collectedAt": 1795262400000})");
  const HttpAnswer file = rig.GetAsViewer("/telemetry/download");
  ASSERT_EQ(file.status, 200) << file.body;
  EXPECT_TRUE(Header(file, "Content-Disposition").starts_with("attachment; filename=\"candor-"));
  const HttpAnswer bundle = rig.Preview(R"({"as": "now"})", rig.eve);
  EXPECT_EQ(file.body, rig.GetAsViewer("/api/v1/preview/" + DigestIn(bundle)).body);
}

}  // namespace
}  // namespace candor
