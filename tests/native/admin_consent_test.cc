// Deciding through the admin API: who saw what, who was faster, and what a yes seals.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "core/sha256.h"
#include "native/reporter/engine_places.h"
#include "tests/native/handlers_rig.h"

namespace candor {
namespace {

const std::string kGrant = R"({"as": "grant", "withheld": []})";
const std::string kUnseen = R"({"verdict": "granted", "unseen": true})";
const std::string kDenied = R"({"verdict": "denied"})";
const std::string kDeploy = places::CountAt(places::kCommands, "DeployCmd");

TEST(AdminConsentTest, AYesSealsTheVeryReportThatWasShown) {
  HandlersRig rig(AdminConfig("engine"));
  rig.Count(kDeploy, 3);
  const std::string digest = DigestIn(rig.Preview(kGrant, rig.ada));
  const std::string shown = rig.Get("/api/v1/preview/" + digest).body;
  rig.Count(kDeploy, 5);
  const HttpAnswer answer = rig.Decide(GrantOf(digest), rig.Tag(), rig.ada);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Header(answer, "ETag"), rig.Tag());
  const JsonValue consent = Document(answer);
  EXPECT_EQ(TextAt(consent, {"consent", "who"}), "ada");
  EXPECT_EQ(TextAt(consent, {"consent", "through"}), "page");
  EXPECT_EQ(TextAt(consent, {"consent", "reportDigest"}), digest);
  ASSERT_TRUE(rig.Read().pending);
  EXPECT_EQ(rig.Read().pending->bytes, shown);
}

TEST(AdminConsentTest, AProgramsDecisionIsSaidToBeOne) {
  HandlersRig rig(AdminConfig("engine"));
  Caller program = rig.ada;
  program.via = "basic";
  program.session = "";
  const std::string digest = DigestIn(rig.Preview(kGrant, program));
  ASSERT_EQ(rig.Decide(GrantOf(digest), rig.Tag(), program).status, 200);
  EXPECT_EQ(TextAt(Document(rig.Get("/api/v1/consent")), {"consent", "through"}), "rest");
}

TEST(AdminConsentTest, WhoeverDecidesSaysWhatTheySaw) {
  HandlersRig rig(AdminConfig("engine"));
  EXPECT_EQ(rig.Ask("PUT", "/api/v1/consent", kUnseen, {}, rig.ada).status, 428);
  const std::string tag = rig.Tag();
  ASSERT_EQ(rig.Decide(kUnseen, tag, rig.bob).status, 200);
  for (const std::string& old : {tag, std::string("*"), std::string("\"x\"")}) {
    const HttpAnswer late = rig.Decide(kDenied, old, rig.ada);
    EXPECT_EQ(late.status, 412);
    EXPECT_EQ(TextAt(Document(late), {"consent", "who"}), "bob");
    EXPECT_EQ(TextAt(Document(late), {"etag"}), rig.Tag());
    EXPECT_NE(TextAt(Document(late), {"detail"}).find("bob agreed at "), std::string::npos);
  }
}

TEST(AdminConsentTest, AgreeingWithoutLookingHasToBeSaid) {
  HandlersRig rig(AdminConfig("engine"));
  rig.Count(kDeploy, 9);
  EXPECT_EQ(rig.Decide(R"({"verdict": "granted"})", rig.Tag(), rig.ada).status, 422);
  ASSERT_EQ(rig.Decide(kUnseen, rig.Tag(), rig.ada).status, 200);
  EXPECT_FALSE(rig.Read().pending);
  // What was counted before is never sent.
  const HttpAnswer now = rig.Preview(R"({"as": "now"})", rig.ada);
  EXPECT_EQ(rig.Get("/api/v1/preview/" + DigestIn(now)).body.find("DeployCmd"), std::string::npos);
}

TEST(AdminConsentTest, UnderAYesMoreCanBeWithheld) {
  HandlersRig rig(AdminConfig("engine"));
  ASSERT_EQ(rig.Decide(kUnseen, rig.Tag(), rig.ada).status, 200);
  const std::string less =
      R"({"verdict": "granted", "withheld": ["/product/internals/database/vendor"]})";
  ASSERT_EQ(rig.Decide(less, rig.Tag(), rig.ada).status, 200);
  EXPECT_EQ(rig.Read().state.consent->withheld,
            std::vector<std::string>{"/product/internals/database/vendor"});
  const HttpAnswer wrong = rig.Decide(
      R"({"verdict": "granted", "withheld": ["/product/name", "/x"]})", rig.Tag(), rig.ada);
  EXPECT_EQ(wrong.status, 422);
  EXPECT_NE(wrong.body.find("/withheld/1"), std::string::npos) << wrong.body;
}

TEST(AdminConsentTest, EveryMistakeOfADecisionIsToldAtOnce) {
  HandlersRig rig(AdminConfig("engine"));
  const HttpAnswer wrong =
      rig.Decide(R"({"verdict": "perhaps", "withheld": "all", "digest": "AB", "more": 1})",
                 rig.Tag(), rig.ada);
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(Document(wrong).Find("errors")->items().size(), 4U) << wrong.body;
  EXPECT_EQ(rig.Decide("[", rig.Tag(), rig.ada).status, 400);
  EXPECT_EQ(rig.Decide(R"({"verdict": "denied", "unseen": true})", rig.Tag(), rig.ada).status, 422);
  EXPECT_FALSE(rig.Read().state.consent);
}

TEST(AdminConsentTest, AReportThatWasNotShownToThemIsNotSealed) {
  HandlersRig rig(AdminConfig("engine"));
  const std::string digest = DigestIn(rig.Preview(kGrant, rig.ada));
  for (const auto& [body, who] :
       {std::pair{GrantOf(std::string(64, 'a')), rig.ada}, std::pair{GrantOf(digest), rig.bob},
        std::pair{GrantOf(digest, R"(["/product/internals/database/vendor"])"), rig.ada}}) {
    const HttpAnswer refused = rig.Decide(body, rig.Tag(), who);
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(TextAt(Document(refused), {"reason"}), "report-changed");
  }
  // "now" is no question for a yes.
  const std::string now = DigestIn(rig.Preview(R"({"as": "now"})", rig.bob));
  EXPECT_EQ(rig.Decide(GrantOf(now), rig.Tag(), rig.bob).status, 409);
  EXPECT_FALSE(rig.Read().state.consent);
}

// The counts it begins with were sent meanwhile.
TEST(AdminConsentTest, AReportWhoseBaselinesMovedHasToBeLookedAtAgain) {
  HandlersRig rig(AdminConfig("engine"));
  ASSERT_EQ(rig.Decide(kUnseen, rig.Tag(), rig.bob).status, 200);
  rig.Count(kDeploy, 2);
  const std::string digest = DigestIn(rig.Preview(kGrant, rig.ada));
  ASSERT_TRUE(
      rig.target()
          .WithReporter(nullptr,
                        [](Reporter& reporter) { return reporter.Seal(ReportKind::kManual); })
          .ok());
  const HttpAnswer refused = rig.Decide(GrantOf(digest), rig.Tag(), rig.ada);
  EXPECT_EQ(refused.status, 409) << refused.body;
  EXPECT_EQ(TextAt(Document(refused), {"reason"}), "report-changed");
}

TEST(AdminConsentTest, WhereTheConfigurationForbidsAYesItSaysSo) {
  for (const std::string mode : {"disabled", "download"}) {
    HandlersRig rig(AdminConfig("engine", R"("mode": ")" + mode + "\""));
    const HttpAnswer refused = rig.Decide(kUnseen, rig.Tag(), rig.ada);
    EXPECT_EQ(refused.status, 409) << refused.body;
    EXPECT_EQ(TextAt(Document(refused), {"reason"}), "off");
    EXPECT_NE(TextAt(Document(refused), {"detail"}).find(mode), std::string::npos) << refused.body;
  }
}

TEST(AdminConsentTest, FieldsThatCameAndWentMeanwhileAreToldInWords) {
  HandlersRig rig(AdminConfig(
      "engine", R"("withhold": ["/product/internals/jdk", "/product/internals/webapps"])"));
  const std::string tag = rig.Tag();
  const std::string digest = DigestIn(rig.Preview(kGrant, rig.ada));
  rig.Configure(AdminConfig("engine", R"("withhold": ["/product/internals/database/vendor"])"));
  const HttpAnswer refused = rig.Decide(GrantOf(digest), tag, rig.ada);
  ASSERT_EQ(refused.status, 409) << refused.body;
  const JsonValue why = Document(refused);
  EXPECT_EQ(TextAt(why, {"reason"}), "fields-changed");
  std::vector<std::string> added, gone;
  for (const JsonValue& id : why.Find("newFields")->items()) added.push_back(id.text());
  for (const JsonValue& id : why.Find("gone")->items()) gone.push_back(id.text());
  EXPECT_EQ(added, (std::vector<std::string>{"/product/internals/jdk/version",
                                             "/product/internals/jdk/vendor",
                                             "/product/internals/webapps"}));
  EXPECT_EQ(gone, std::vector<std::string>{"/product/internals/database/vendor"});
  EXPECT_NE(refused.body.find("Web applications"), std::string::npos) << refused.body;
  EXPECT_FALSE(rig.Read().state.consent);
  // A no needs no fields.
  EXPECT_EQ(rig.Decide(kDenied, tag, rig.ada).status, 200);
}

TEST(AdminConsentTest, AGrownFieldSetAsksAndTheOldYesCoversTheOldFields) {
  HandlersRig rig(AdminConfig("engine", R"("withhold": ["/product/internals/webapps"])"));
  ASSERT_EQ(rig.Decide(kUnseen, rig.Tag(), rig.ada).status, 200);
  rig.Configure(AdminConfig("engine"));
  const JsonValue consent = Document(rig.Get("/api/v1/consent"));
  EXPECT_TRUE(consent.Find("asks")->boolean());
  ASSERT_EQ(consent.Find("newFields")->items().size(), 1U);
  EXPECT_EQ(consent.Find("newFields")->items()[0].text(), "/product/internals/webapps");
}

// 1,000 times two administrators who saw the same, and want different things.
TEST(AdminConsentTest, OfTwoAdministratorsExactlyOneWinsEachTime) {
  HandlersRig rig(AdminConfig("engine"));
  const auto without = [](const std::string& place) {
    return R"({"verdict": "granted", "unseen": true, "withheld": ["/product/internals/)" + place +
           "\"]}";
  };
  for (int round = 0; round < 1000; ++round) {
    const std::string tag = rig.Tag();
    const std::string ada_says = without(round % 2 == 0 ? "jdk" : "webapps");
    const std::string bob_says = without(round % 2 == 0 ? "database" : "application-server");
    HttpAnswer ada_gets;
    std::atomic<int> ready{0};
    std::thread ada([&] {
      for (++ready; ready.load() < 2;) {
      }
      ada_gets = rig.Decide(ada_says, tag, rig.ada);
    });
    for (++ready; ready.load() < 2;) {
    }
    const HttpAnswer bob_gets = rig.Decide(bob_says, tag, rig.bob);
    ada.join();
    const bool ada_won = ada_gets.status == 200;
    ASSERT_EQ(ada_gets.status + bob_gets.status, 200 + 412)
        << round << ada_gets.body << bob_gets.body;
    const JsonValue late = Document(ada_won ? bob_gets : ada_gets);
    ASSERT_EQ(TextAt(late, {"consent", "who"}), ada_won ? "ada" : "bob");
    const State state = rig.Read().state;
    ASSERT_EQ(state.consent->who, ada_won ? "ada" : "bob");
    ASSERT_EQ(state.consent_seq, std::stoll(TextAt(late, {"seq"})));
  }
  // Each decision that was acknowledged is in the journal, once.
  const auto journal =
      rig.target().WithStore([](StateStore& store) { return store.ReadJournal(0, 5000); });
  EXPECT_EQ(std::count_if(journal.value().begin(), journal.value().end(),
                          [](const JournalEntry& entry) { return entry.kind == "consent"; }),
            1000);
}

// The first decision also makes the installation, which both may try to.
TEST(AdminConsentTest, OfTwoAdministratorsExactlyOneDecidesFirst) {
  for (int round = 0; round < 100; ++round) {
    HandlersRig rig(AdminConfig("engine"));
    const std::string tag = rig.Tag();
    const auto without = [](const std::string& place) {
      return R"({"verdict": "granted", "unseen": true, "withheld": ["/product/internals/)" + place +
             "\"]}";
    };
    HttpAnswer ada_gets;
    std::atomic<int> ready{0};
    std::thread ada([&] {
      for (++ready; ready.load() < 2;) {
      }
      ada_gets = rig.Decide(without("jdk"), tag, rig.ada);
    });
    for (++ready; ready.load() < 2;) {
    }
    const HttpAnswer bob_gets = rig.Decide(without("database"), tag, rig.bob);
    ada.join();
    ASSERT_EQ(ada_gets.status + bob_gets.status, 200 + 412) << round;
    ASSERT_EQ(rig.Read().state.consent->who, ada_gets.status == 200 ? "ada" : "bob");
  }
}

}  // namespace
}  // namespace candor
