// What the simulation of tests/sim has found, each as the shortest life that shows it.
#include <gtest/gtest.h>

#include "tests/native/reporter_rig.h"
#include "tests/sim/sim_store.h"

namespace candor {
namespace {

TEST(ReporterTest, ANoBetweenTheAttemptsRecordAndItsFirstByteStopsIt) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.clock.Pass(kHour);
  bool attempt_is_recorded = false;
  sim::StoreHooks hooks;
  hooks.fault = [] { return sim::StoreFault::kNone; };
  hooks.meanwhile = [&] {
    if (std::exchange(attempt_is_recorded, false)) {
      EXPECT_TRUE(rig.reporter().Deny(kAda).empty());
    }
  };
  hooks.committed = [&](const StateChange& change) {
    attempt_is_recorded = change.report && change.report->fate == Fate::kAttempted;
  };
  sim::SimStore store(*rig.store, hooks);
  const auto transport = [&]() -> Result<Transport*> { return &rig.transport; };
  Reporter reporter(
      {rig.config, rig.catalogue, store, rig.source, rig.clock, rig.random, rig.log, transport},
      rig.catalogue, 0);
  reporter.Step();
  EXPECT_TRUE(rig.transport.posted.empty());
  EXPECT_EQ(rig.store->ListReports(1).value().front().fate, Fate::kWithdrawn);
}

TEST(ReporterTest, AReviewWindowEndsAlsoWhenTheClockIsPutBack) {
  for (const bool restarted : {false, true}) {
    Rig rig;
    rig.config.review_window_s.value = 3600;
    rig.Restart();
    ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
    rig.Run(30 * kMinute);
    ASSERT_NE(rig.ReadState().pending, "");
    rig.clock.wall -= 3650 * kDay;
    if (restarted) rig.clock.boot_id = "boot-2";
    // After a restart nobody can tell by how much the due time is off: up to a period.
    rig.Run(restarted ? kDay + 2 * kHour : 2 * kHour);
    EXPECT_EQ(rig.transport.posted.size(), 1u) << restarted;
  }
}

TEST(ReporterTest, AReviewWindowIsNotCutShortByAClockPutForward) {
  Rig rig;
  rig.config.review_window_s.value = 3600;
  rig.Restart();
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.Run(15 * kMinute);
  ASSERT_NE(rig.ReadState().pending, "");
  rig.clock.wall += 3650 * kDay;
  rig.Run(40 * kMinute);
  EXPECT_TRUE(rig.transport.posted.empty());
}

TEST(ReporterTest, AYesWithAPreviewSealsNothingWhereNothingMayBeSent) {
  Rig rig;
  rig.config.mode.value = Mode::kDownload;
  rig.Restart();
  const Candidate shown = rig.reporter().Preview().value();
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, &shown).empty());
  EXPECT_TRUE(rig.store->ListReports(1).value().empty());
  EXPECT_EQ(rig.ReadState().consent->verdict, Verdict::kGranted);
}

TEST(ReporterTest, AReportTakenBackThatMayHaveArrivedUsesThePeriodUp) {
  for (const bool by_a_no : {false, true}) {
    Rig rig;
    ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
    rig.transport.answers = {LostReply()};
    rig.clock.Pass(kHour);
    rig.reporter().Step();
    ASSERT_EQ(rig.transport.posted.size(), 1u);
    if (by_a_no) {
      ASSERT_TRUE(rig.reporter().Deny(kAda).empty());
    }
    ASSERT_TRUE(rig.reporter().Grant(kAda, {"/product/internals/commands"}, nullptr).empty());
    rig.Run(23 * kHour);
    EXPECT_EQ(rig.transport.posted.size(), 1u) << by_a_no;
    rig.Run(2 * kHour);
    EXPECT_EQ(rig.transport.posted.size(), 2u) << by_a_no;
  }
}

// Found by the simulation, seed 20261122, installation 514.
TEST(ReporterTest, APeriodThatGrowsAlsoHoldsForWhatMayHaveArrivedBefore) {
  Rig rig;
  rig.config.reporting_period_s.value = 6 * 3600;
  rig.Restart();
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.clock.Pass(kHour);
  rig.reporter().Step();
  ASSERT_EQ(rig.transport.posted.size(), 1u);
  rig.transport.answers = {LostReply()};
  rig.clock.Pass(6 * kHour);
  rig.reporter().Step();
  ASSERT_EQ(rig.transport.posted.size(), 2u);
  ASSERT_TRUE(rig.reporter().Deny(kAda).empty());
  rig.config.reporting_period_s.value = 24 * 3600;
  rig.Restart();
  rig.clock.Pass(20 * kHour);
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.Run(3 * kHour);
  EXPECT_EQ(rig.transport.posted.size(), 2u);
  rig.Run(2 * kHour);
  EXPECT_EQ(rig.transport.posted.size(), 3u);
}

TEST(ReporterTest, ADueTimeThatATakingBackSetIsKept) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.transport.answers = {LostReply()};
  rig.clock.Pass(kHour);
  rig.reporter().Step();
  ASSERT_EQ(rig.transport.posted.size(), 1u);
  rig.config.withhold.value = {"/product/internals/commands"};
  rig.Restart();
  rig.Run(23 * kHour);
  EXPECT_EQ(rig.transport.posted.size(), 1u);
  rig.Run(2 * kHour);
  EXPECT_EQ(rig.transport.posted.size(), 2u);
}

TEST(ReporterTest, AnInitialReportWhoseBytesANoWipedIsWithdrawnAfterTheNextYes) {
  Rig rig;
  rig.config.initial_report.value = true;
  rig.Restart();
  rig.transport.answers = {NotSent()};
  rig.Run(3 * kHour + 1);
  ASSERT_EQ(rig.transport.posted.size(), 1u);
  ASSERT_TRUE(rig.reporter().Deny(kAda).empty());
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.Run(2 * kDay);
  EXPECT_EQ(rig.ReadState().initial, Fate::kWithdrawn);
  EXPECT_EQ(rig.JournalKinds().back(), "accepted");
  for (std::size_t i = 1; i < rig.transport.posted.size(); ++i) {
    EXPECT_NE(rig.transport.posted[i].id, InitialReportId(rig.ReadState().installation));
  }
}

}  // namespace
}  // namespace candor
