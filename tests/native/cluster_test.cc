// Several reporters, each with counters of its own, on one PostgreSQL state.
#include <gtest/gtest.h>

#include <algorithm>

#include "native/state/postgres_store.h"
#include "tests/native/reporter_rig.h"
#include "tests/native/state_stores.h"

namespace candor {
namespace {

const std::string kDeploy = CommandCounter("DeployCmd");

class ClusterTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!IsThere(Backend::kPostgres)) GTEST_SKIP() << "needs Debian's postgresql";
    place_ = MakePlace(Backend::kPostgres);
    for (Rig* rig : {&one_, &two_}) {
      rig->store = place_->Open();
      rig->Restart();
    }
    two_.source.totals.epoch = "fedcba9876543210fedcba9876543210";
    StepAll();
  }
  void StepAll() {
    for (Rig* rig : {&one_, &two_}) rig->reporter().Step();
  }
  // How many of the commands the next report of `rig` tells; one that counted none names none.
  static std::int64_t Sent(Rig& rig) {
    const Result<SendOutcome> sent = rig.reporter().SendNow();
    EXPECT_TRUE(sent.ok() && sent.value().accepted);
    if (rig.transport.posted.empty()) return -1;
    return std::max<std::int64_t>(rig.PostedCount(rig.transport.posted.size() - 1, "DeployCmd"), 0);
  }

  std::unique_ptr<StoreOfTest> place_;
  Rig one_, two_;
};

TEST_F(ClusterTest, NodesAreOneInstallation) {
  EXPECT_NE(one_.ReadState().installation, "");
  EXPECT_EQ(one_.ReadState().installation, two_.ReadState().installation);
  EXPECT_EQ(one_.JournalKinds(), std::vector<std::string>{"installation"});
}

TEST_F(ClusterTest, EveryNodesCountsEnterOneReportOnce) {
  ASSERT_TRUE(one_.reporter().Grant(kAda, {}, nullptr).empty());
  StepAll();
  one_.source.Count(kDeploy, 3);
  two_.source.Count(kDeploy, 4);
  StepAll();
  EXPECT_EQ(Sent(one_), 7);
  EXPECT_EQ(Sent(two_), 0);
  two_.source.Count(kDeploy, 2);
  EXPECT_EQ(Sent(two_), 2);
}

TEST_F(ClusterTest, WhatANodeCountedBeforeTheYesIsNeverSent) {
  two_.source.Count(kDeploy, 5);
  ASSERT_TRUE(one_.reporter().Grant(kAda, {}, nullptr).empty());
  two_.reporter().Step();
  two_.source.Count(kDeploy, 2);
  EXPECT_EQ(Sent(two_), 2);
}

TEST_F(ClusterTest, WhatANodeCountedUnderANoInBetweenIsNeverSent) {
  ASSERT_TRUE(one_.reporter().Grant(kAda, {}, nullptr).empty());
  StepAll();
  two_.source.Count(kDeploy, 5);
  ASSERT_TRUE(one_.reporter().Deny(kAda).empty());
  ASSERT_TRUE(one_.reporter().Grant(kAda, {}, nullptr).empty());
  two_.reporter().Step();
  two_.source.Count(kDeploy, 1);
  EXPECT_EQ(Sent(one_) + Sent(two_), 1);
}

TEST_F(ClusterTest, AWiderYesKeepsWhatWasAgreedAndDropsWhatWasNot) {
  const std::string metric = "/product/internals/metrics/flow-node-instances/count";
  ASSERT_TRUE(one_.reporter().Grant(kAda, {"/product/internals/commands"}, nullptr).empty());
  StepAll();
  two_.source.Count(kDeploy, 5);
  two_.source.Count(metric, 6);
  ASSERT_TRUE(one_.reporter().Grant(kAda, {}, nullptr).empty());
  two_.reporter().Step();
  two_.source.Count(kDeploy, 1);
  EXPECT_EQ(Sent(two_), 1);
  const std::string& body = two_.transport.posted.back().body;
  EXPECT_NE(body.find("\"count\": 6"), std::string::npos) << body;
}

TEST_F(ClusterTest, NodesThatHaveNothingToSayLeaveTheStateAlone) {
  ASSERT_TRUE(one_.reporter().Grant(kAda, {}, nullptr).empty());
  for (int i = 0; i < 3; ++i) StepAll();
  const std::int64_t revision = one_.store->Read().value().revision;
  for (int i = 0; i < 5; ++i) StepAll();
  EXPECT_EQ(one_.store->Read().value().revision, revision);
}

TEST_F(ClusterTest, EveryNodeLooksOnceAMinute) {
  ASSERT_TRUE(one_.reporter().Grant(kAda, {}, nullptr).empty());
  EXPECT_LE(two_.reporter().Step().value(), kMinute);
}

TEST_F(ClusterTest, WhileOneSendsNoOtherDoes) {
  ASSERT_TRUE(one_.reporter().Grant(kAda, {}, nullptr).empty());
  ErrorCode code = ErrorCode::kInternal;
  one_.transport.during = [&] {
    const Result<SendOutcome> refused = two_.reporter().SendNow();
    ASSERT_FALSE(refused.ok());
    code = refused.error().code;
  };
  Sent(one_);
  EXPECT_EQ(code, ErrorCode::kUnavailable);
  EXPECT_TRUE(two_.transport.posted.empty());
}

TEST_F(ClusterTest, ANodeThatIsCutOffCountsOnAndCatchesUp) {
  PostgresServer server;
  server.Start();
  for (Rig* rig : {&one_, &two_}) {
    rig->store = OpenPostgresStore(server.Conninfo()).value();
    rig->Restart();
  }
  StepAll();
  ASSERT_TRUE(one_.reporter().Grant(kAda, {}, nullptr).empty());
  StepAll();
  server.Stop();
  two_.source.Count(kDeploy, 3);
  EXPECT_EQ(two_.reporter().Step(), kMinute);
  server.Start();
  two_.reporter().Step();
  two_.source.Count(kDeploy, 1);
  EXPECT_EQ(Sent(two_), 4);
}

}  // namespace
}  // namespace candor
