// Licence data is for superusers, by whatever route.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/json_writer.h"
#include "native/admin/handlers/license_rule.h"
#include "tests/native/handlers_rig.h"
#include "tests/native/receiver.h"

namespace candor {
namespace {

const std::string kGrant = R"({"as": "grant", "withheld": []})";
const std::string kNow = R"({"as": "now"})";

std::string LicensedFacts(const std::string& place) {
  return R"({"values": {"product": {"name": "Camunda BPM Runtime", "version": "7.19.0", )"
         R"("edition": "enterprise"}}, "licenseKey": ")" +
         place + "\"}";
}

// What tells the licence: the customer, and what only the key's text has.
bool Tells(const HttpAnswer& answer) {
  std::string all = answer.body;
  for (const auto& [name, value] : answer.headers) all += name + value;
  return all.find(kCustomer) != std::string::npos || all.find("quince") != std::string::npos ||
         all.find("c2lnbmF0dXJl") != std::string::npos;
}

// Every route of the handlers that a viewer may ask.
std::vector<HttpAnswer> AskAll(HandlersRig& rig, const Caller& caller) {
  std::vector<HttpAnswer> answers = {rig.Preview(kGrant, caller), rig.Preview(kNow, caller)};
  std::vector<std::string> ids, digests = {std::string(64, '0')};
  for (std::size_t i = 0; i < 2; ++i) {
    if (answers[i].status == 200) digests.push_back(DigestIn(answers[i]));
  }
  const Result<std::vector<SealedReport>> reports =
      rig.target().WithStore([](StateStore& store) { return store.ListReports(9); });
  for (const SealedReport& report : reports.value()) {
    ids.push_back(report.id);
    digests.push_back(report.digest);
  }
  for (const Route& route : Routes()) {
    if (route.owner != RouteOwner::kHandlers || route.method != "GET") continue;
    const std::string path(route.path);
    const std::size_t open = path.find('{');
    if (open == std::string::npos) {
      answers.push_back(rig.Ask("GET", path, "", {}, caller));
      continue;
    }
    for (const std::string& part : path.find("{digest}") == open ? digests : ids) {
      const std::string target =
          path.substr(0, open) + part + path.substr(path.find('}', open) + 1);
      answers.push_back(rig.Ask("GET", target, "", {}, caller));
    }
  }
  return answers;
}

TEST(AdminLicenseTest, NoRouteTellsItToAViewerAndEveryOtherOneDoesToASuperuser) {
  for (const std::string catalogue : {"engine", "optimize"}) {
    // A service that repeats what it got.
    ReceiverOptions options;
    options.decide = [](const Received& received) {
      Script script;
      script.answer = "HTTP/1.1 202 \r\nContent-Length: " + std::to_string(received.body.size()) +
                      "\r\n\r\n" + received.body;
      return script;
    };
    Receiver receiver(options);
    HandlersRig rig(AdminConfig(catalogue, R"("endpoint": ")" + receiver.Endpoint() + "\""));
    rig.SetFacts(LicensedFacts(kLicenseKey));
    const HttpAnswer shown = rig.Preview(kGrant, rig.ada);
    ASSERT_TRUE(Tells(shown)) << "the test's facts hold no licence";
    ASSERT_EQ(rig.Decide(GrantOf(DigestIn(shown)), rig.Tag(), rig.ada).status, 200);
    for (const HttpAnswer& answer : AskAll(rig, rig.eve))
      EXPECT_FALSE(Tells(answer)) << answer.body;
    ASSERT_TRUE(rig.SendNow().value().accepted);
    for (const HttpAnswer& answer : AskAll(rig, rig.eve))
      EXPECT_FALSE(Tells(answer)) << answer.body;
    int told = 0;
    for (const HttpAnswer& answer : AskAll(rig, rig.ada)) told += Tells(answer) ? 1 : 0;
    EXPECT_GE(told, 7);
    const std::string id = rig.target()
                               .WithStore([](StateStore& store) { return store.ListReports(1); })
                               .value()
                               .front()
                               .id;
    for (const std::string& path :
         {std::string("/telemetry/data"), std::string("/telemetry/download"),
          "/api/v1/reports/" + id + "/bytes", std::string("/api/v1/history")}) {
      EXPECT_EQ(rig.GetAsViewer(path).status, 403) << path;
    }
  }
}

TEST(AdminLicenseTest, AViewersPreviewSaysWhatIsHidden) {
  HandlersRig rig(AdminConfig("engine"));
  rig.SetFacts(LicensedFacts(kLicenseKey));
  const HttpAnswer seen = rig.Preview(kGrant, rig.eve);
  ASSERT_EQ(seen.status, 200);
  const JsonValue bundle = Document(seen);
  ASSERT_EQ(bundle.Find("hidden")->items().size(), 1U);
  EXPECT_EQ(bundle.Find("hidden")->items()[0].text(), "/product/internals/license-key");
  EXPECT_EQ(bundle.Find("facts")->Find("licenseKey"), nullptr);
  EXPECT_NE(DigestIn(seen), DigestIn(rig.Preview(kGrant, rig.ada)));
  // Without a licence there is nothing to be hidden.
  rig.SetFacts(kAdminFacts);
  EXPECT_TRUE(Document(rig.Preview(kGrant, rig.eve)).Find("hidden")->items().empty());
  EXPECT_EQ(rig.GetAsViewer("/telemetry/download").status, 200);
}

TEST(AdminLicenseTest, AReportThatWasShownWithoutItIsNotWhatAYesSeals) {
  HandlersRig rig(AdminConfig("engine"));
  rig.SetFacts(LicensedFacts(kLicenseKey));
  // Somebody whose role grew since.
  Caller grown = rig.ada;
  grown.role = Role::kViewer;
  const std::string digest = DigestIn(rig.Preview(kGrant, grown));
  grown.role = Role::kSuperuser;
  EXPECT_EQ(rig.Decide(GrantOf(digest), rig.Tag(), grown).status, 409);
  EXPECT_FALSE(rig.Read().state.consent);
  // And one who lost theirs.
  const std::string full = DigestIn(rig.Preview(kGrant, grown));
  grown.role = Role::kViewer;
  EXPECT_EQ(rig.Ask("GET", "/api/v1/preview/" + full, "", {}, grown).status, 403);
}

TEST(HoldsLicenseTest, KnowsWhatAReportWithoutOneLooksLike) {
  const Catalogue optimize = ParseCatalogue(FindBuiltInCatalogue("optimize")->json).value();
  const Catalogue engine = ParseCatalogue(FindBuiltInCatalogue("engine")->json).value();
  HandlersRig rig(AdminConfig("optimize"));
  const std::string none = rig.Get("/telemetry/download").body;
  EXPECT_NE(none.find("license-key"), std::string::npos);
  EXPECT_FALSE(HoldsLicense(none, "optimize", optimize));
  rig.SetFacts(LicensedFacts(kLicenseKey));
  const std::string some = rig.Get("/telemetry/download").body;
  EXPECT_TRUE(HoldsLicense(some, "optimize", optimize));
  // Made before the configuration named another catalogue.
  EXPECT_TRUE(HoldsLicense(some, "optimize", engine));
  EXPECT_FALSE(HoldsLicense(none, "optimize", engine));
  EXPECT_TRUE(HoldsLicense(none, "one-that-is-gone", engine));
  EXPECT_TRUE(HoldsLicense("{", "engine", engine));
  EXPECT_FALSE(HoldsLicense("{}", "engine", engine));
}

}  // namespace
}  // namespace candor
