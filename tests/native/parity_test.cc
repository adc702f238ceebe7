// What the tests of the Camunda 7 engine assert and no other test of ours says; see PARITY.md.
#include <gtest/gtest.h>

#include <string>

#include "core/json_reader.h"
#include "tests/native/reporter_rig.h"

namespace candor {
namespace {

std::string Facts(const std::string& product, const std::string& more = "") {
  return R"({"values": {"product": {)" + product + "}" + more + "}}";
}

constexpr char kDecisions[] = "/product/internals/metrics/executed-decision-elements/count";

TEST(ParityTest, SendsNothingWithoutNameVersionEditionAndInstallation) {
  const std::string good = R"("name": "N", "version": "1", "edition": "c")";
  for (const std::string& facts :
       {Facts(R"("version": "1", "edition": "c")"),
        Facts(R"("name": "", "version": "1", "edition": "c")"),
        Facts(R"("name": "N", "edition": "c")"),
        Facts(R"("name": "N", "version": "", "edition": "c")"),
        Facts(R"("name": "N", "version": "1")"),
        Facts(R"("name": "N", "version": "1", "edition": "")"),
        Facts(good, R"(, "installation": "")"),
        Facts(good, R"(, "installation": "f5b19e2e-b49a-11ea-b3de-0242ac130004")")}) {
    Rig rig;
    ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
    rig.source.facts = facts;
    rig.Run(2 * kDay);
    EXPECT_TRUE(rig.transport.posted.empty()) << facts;
    EXPECT_EQ(rig.log.Count(LogEvent::kInvalidFacts), 1u) << facts;
    EXPECT_GE(rig.log.Count(LogEvent::kInvalidFactsWhich), 1u) << facts;
  }
}

TEST(ParityTest, FactsThatComeLaterAreInTheNextReport) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.Run(kHour);
  rig.source.facts =
      Facts(R"("name": "N", "version": "1", "edition": "c", "internals": )"
            R"({"application-server": {"vendor": "WildFly", "version": "WildFly 19"},)"
            R"( "webapps": ["cockpit"], "camunda-integration": ["spring-boot-starter"]})");
  rig.Run(kDay);
  ASSERT_EQ(rig.transport.posted.size(), 2u);
  for (const char* text : {"WildFly", "cockpit", "spring-boot-starter"}) {
    EXPECT_EQ(rig.transport.posted[0].body.find(text), std::string::npos);
    EXPECT_NE(rig.transport.posted[1].body.find(text), std::string::npos);
  }
}

TEST(ParityTest, NothingCountedIsSentTwice) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.source.Count(kDecisions, 16);
  rig.source.Count(CommandCounter("DeployCmd"), 3);
  rig.Run(kDay + kHour);
  ASSERT_EQ(rig.transport.posted.size(), 2u);
  EXPECT_NE(rig.transport.posted[0].body.find("\"count\": 16"), std::string::npos);
  EXPECT_EQ(rig.PostedCount(0, "DeployCmd"), 3);
  EXPECT_EQ(rig.transport.posted[1].body.find("\"count\": 16"), std::string::npos);
  EXPECT_NE(rig.transport.posted[1].body.find("executed-decision-elements"), std::string::npos);
  EXPECT_EQ(rig.PostedCount(1, "DeployCmd"), -1);
}

TEST(ParityTest, TheStartOfCountingMovesWithAReportAndWithAYesOnly) {
  Rig rig;
  rig.reporter().Step();
  const auto start = rig.ReadState().counting_since;
  rig.clock.Pass(kMinute);
  ASSERT_TRUE(rig.reporter().Preview().ok());
  EXPECT_EQ(rig.ReadState().counting_since, start);
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  const auto agreed = rig.ReadState().counting_since;
  EXPECT_GT(agreed, start);
  rig.clock.Pass(kMinute);
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  EXPECT_EQ(rig.ReadState().counting_since, agreed);
  rig.Run(kHour);
  ASSERT_EQ(rig.transport.posted.size(), 1u);
  EXPECT_NE(rig.transport.posted[0].body.find("data-collection-start-date"), std::string::npos);
  const auto sent = rig.ReadState().counting_since;
  EXPECT_GT(sent, agreed);
  ASSERT_TRUE(rig.reporter().Deny(kAda).empty());
  EXPECT_EQ(rig.ReadState().counting_since, sent);
}

TEST(ParityTest, TwoReportersOfOneStoreSendOneInitialReport) {
  Rig rig;
  rig.config.initial_report.value = true;
  rig.Restart();
  Reporter other({rig.config, rig.catalogue, *rig.store, rig.source, rig.clock, rig.random, rig.log,
                  [&rig]() -> Result<Transport*> { return &rig.transport; }},
                 rig.catalogue, rig.clock.BootMillis());
  for (int hour = 0; hour < 48; ++hour) {
    rig.reporter().Step();
    other.Step();
    rig.clock.Pass(kHour);
  }
  EXPECT_EQ(rig.transport.posted.size(), 1u);
}

}  // namespace
}  // namespace candor
