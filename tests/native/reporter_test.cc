#include "native/reporter/reporter.h"

#include <gtest/gtest.h>

#include "core/json_reader.h"
#include "core/sha256.h"
#include "native/reporter/life.h"
#include "tests/native/reporter_rig.h"

namespace candor {
namespace {

using Kinds = std::vector<std::string>;

// ---- no consent, no byte

TEST(ReporterTest, UndecidedSealsAndSendsNothing) {
  Rig rig;
  rig.source.Count(CommandCounter("DeployCmd"));
  rig.Run(30 * kDay);
  EXPECT_TRUE(rig.transport.posted.empty());
  EXPECT_EQ(rig.transports_made, 0);
  EXPECT_TRUE(rig.store->ListReports(10).value().empty());
  EXPECT_EQ(rig.log.Count(LogEvent::kAsking), 1u);
}

TEST(ReporterTest, UndecidedLooksAgainAfterThreeHours) {
  Rig rig;
  EXPECT_EQ(rig.reporter().Step(), 3 * kHour);
}

TEST(ReporterTest, DeniedSealsAndSendsNothing) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Deny(kAda).empty());
  rig.Run(30 * kDay);
  EXPECT_EQ(rig.transports_made, 0);
  EXPECT_TRUE(rig.store->ListReports(10).value().empty());
  EXPECT_EQ(rig.store->ReadFacts().value(), "");
}

TEST(ReporterTest, DisabledDoesNothingAtAll) {
  Rig rig;
  rig.config.mode.value = Mode::kDisabled;
  rig.Restart();
  EXPECT_FALSE(rig.reporter().Step().has_value());
  EXPECT_EQ(rig.ReadState().installation, "");
  EXPECT_EQ(rig.store->ReadFacts().value(), "");
}

TEST(ReporterTest, DownloadShowsAndNeverSends) {
  Rig rig;
  rig.config.mode.value = Mode::kDownload;
  rig.Restart();
  rig.Run(3 * kDay);
  EXPECT_EQ(rig.transports_made, 0);
  EXPECT_TRUE(rig.reporter().Preview().ok());
  EXPECT_TRUE(rig.store->ListReports(10).value().empty());
}

TEST(ReporterTest, ANoTakesBackWhatWaitsAndWipesIt) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  ASSERT_TRUE(rig.reporter().Seal(ReportKind::kManual).ok());
  const std::string id = rig.ReadState().pending;
  ASSERT_NE(id, "");
  ASSERT_TRUE(rig.reporter().Deny(kAda).empty());
  EXPECT_EQ(rig.ReadState().pending, "");
  const SealedReport report = rig.store->ReadReport(id).value();
  EXPECT_EQ(report.fate, Fate::kWithdrawn);
  EXPECT_EQ(report.bytes, "");
}

TEST(ReporterTest, WhatWasCountedBeforeAYesIsNeverSent) {
  Rig rig;
  rig.Run(kHour);
  rig.source.Count(CommandCounter("DeployCmd"), 7);
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.source.Count(CommandCounter("DeployCmd"), 2);
  rig.Run(kDay);
  ASSERT_EQ(rig.transport.posted.size(), 1u);
  EXPECT_EQ(rig.PostedCount(0, "DeployCmd"), 2);
}

TEST(ReporterTest, ACommandOfBeforeAYesIsNotEvenNamed) {
  Rig rig;
  rig.source.Count(CommandCounter("SecretCmd"), 7);
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.Run(kDay);
  ASSERT_EQ(rig.transport.posted.size(), 1u);
  EXPECT_EQ(rig.transport.posted[0].body.find("SecretCmd"), std::string::npos);
}

// ---- what was shown is what goes

TEST(ReporterTest, AYesToAPreviewSealsExactlyItsBytes) {
  Rig rig;
  rig.source.Count(CommandCounter("DeployCmd"), 7);
  const Candidate shown = rig.reporter().Preview().value();
  rig.source.Count(CommandCounter("DeployCmd"), 2);
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, &shown).empty());
  rig.source.Count(CommandCounter("DeployCmd"), 4);
  rig.Run(3 * kDay);
  ASSERT_GE(rig.transport.posted.size(), 2u);
  EXPECT_EQ(rig.transport.posted[0].body, shown.bytes);
  EXPECT_EQ(rig.transport.posted[0].digest, Sha256Hex(shown.bytes));
  EXPECT_EQ(rig.PostedCount(0, "DeployCmd"), 7);
  EXPECT_EQ(rig.PostedCount(1, "DeployCmd"), 4);
}

TEST(ReporterTest, CountsOfBeforeTheYesLeaveInTheShownBytesOnly) {
  Rig rig;
  rig.source.Count(CommandCounter("DeployCmd"), 7);
  const Candidate shown = rig.reporter().Preview().value();
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, &shown).empty());
  rig.transport.answers = {Answered(400)};
  rig.Run(kHour);
  rig.source.Count(CommandCounter("DeployCmd"), 1);
  rig.Run(2 * kDay);
  ASSERT_GE(rig.transport.posted.size(), 2u);
  EXPECT_EQ(rig.PostedCount(1, "DeployCmd"), 1);
}

TEST(ReporterTest, RefusesAYesToAPreviewThatIsNoLongerTrue) {
  Rig rig;
  const Candidate shown = rig.reporter().Preview().value();
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  const Problems problems = rig.reporter().Grant(kAda, {}, &shown);
  ASSERT_FALSE(problems.empty());
  EXPECT_EQ(problems.list().front().code, ErrorCode::kConflict);
}

TEST(ReporterTest, RefusesAYesThatWithholdsWhatThePreviewShowed) {
  Rig rig;
  const Candidate shown = rig.reporter().Preview().value();
  const Problems problems = rig.reporter().Grant(kAda, {"/product/internals/commands"}, &shown);
  ASSERT_FALSE(problems.empty());
  EXPECT_EQ(problems.list().front().code, ErrorCode::kConflict);
}

TEST(ReporterTest, LookingChangesNothing) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.source.Count(CommandCounter("DeployCmd"), 3);
  const State before = rig.ReadState();
  const std::string first = rig.reporter().Preview().value().bytes;
  ASSERT_TRUE(rig.reporter().Status().ok());
  EXPECT_EQ(rig.reporter().Preview().value().bytes, first);
  EXPECT_EQ(rig.ReadState().baselines, before.baselines);
  EXPECT_EQ(rig.JournalKinds(), (Kinds{"installation", "consent", "restarted"}));
}

// ---- schedule

TEST(ReporterTest, SendsOnceADayFromTheLastAcceptance) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.Run(10 * kDay);
  EXPECT_EQ(rig.transport.posted.size(), 10u);
}

TEST(ReporterTest, AReportThatWasSentByHandPutsTheNextOneOffByAPeriod) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  ASSERT_TRUE(rig.reporter().SendNow().ok());
  rig.Run(kDay - kMinute);
  EXPECT_EQ(rig.transport.posted.size(), 1u);
  rig.Run(kHour);
  EXPECT_EQ(rig.transport.posted.size(), 2u);
}

TEST(ReporterTest, KeepsItsDueTimeOverRestarts) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.Run(kHour);
  ASSERT_EQ(rig.transport.posted.size(), 1u);
  for (int i = 0; i < 20; ++i) {
    rig.Restart();
    rig.Run(kHour);
  }
  EXPECT_EQ(rig.transport.posted.size(), 1u);
  rig.Run(5 * kHour);
  EXPECT_EQ(rig.transport.posted.size(), 2u);
}

TEST(ReporterTest, JumpsOfTheClockChangeNothing) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.Run(kHour);
  ASSERT_EQ(rig.transport.posted.size(), 1u);
  for (const std::int64_t jump : {3650 * kDay, -7300 * kDay, 90 * kDay, -kHour}) {
    rig.clock.wall += jump;
    rig.Run(2 * kHour);
    rig.Restart();
    rig.Run(kHour);
  }
  EXPECT_EQ(rig.transport.posted.size(), 1u);
  rig.Run(kDay);
  EXPECT_EQ(rig.transport.posted.size(), 2u);
}

TEST(ReporterTest, JumpsOfTheClockAfterTheMachineRestartedChangeNothing) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.Run(kHour);
  ASSERT_EQ(rig.transport.posted.size(), 1u);
  rig.clock.boot_id = "boot-2";
  rig.clock.boot = kMinute;
  rig.Restart();
  rig.Run(kHour);
  rig.clock.wall = kDay;
  rig.Run(21 * kHour);
  EXPECT_EQ(rig.transport.posted.size(), 1u);
  rig.Run(2 * kHour);
  EXPECT_EQ(rig.transport.posted.size(), 2u);
}

TEST(ReporterTest, TogglingOnStartsAPeriodButNeverASecondReportWithinOne) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.Run(kHour);
  ASSERT_EQ(rig.transport.posted.size(), 1u);
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(rig.reporter().Deny(kAda).empty());
    ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
    rig.Run(kHour);
  }
  EXPECT_EQ(rig.transport.posted.size(), 1u);
}

TEST(ReporterTest, AYesThatStandsIsNotRecordedAgain) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.source.Count(CommandCounter("DeployCmd"), 3);
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  EXPECT_EQ(rig.JournalKinds(), (Kinds{"installation", "consent", "restarted"}));
  rig.Run(kHour);
  EXPECT_EQ(rig.PostedCount(0, "DeployCmd"), 3);
}

TEST(ReporterTest, InitializeTelemetryIsRecordedAsADecisionOnce) {
  Rig rig;
  rig.config.initialize_telemetry.value = true;
  rig.Restart();
  rig.Run(kHour);
  EXPECT_EQ(rig.transport.posted.size(), 1u);
  ASSERT_TRUE(rig.reporter().Deny(kAda).empty());
  rig.Restart();
  rig.Run(3 * kDay);
  EXPECT_EQ(rig.transport.posted.size(), 1u);
  EXPECT_EQ(rig.ReadState().consent->verdict, Verdict::kDenied);
}

TEST(ReporterTest, AReviewWindowKeepsTheReportInSight) {
  Rig rig;
  rig.config.review_window_s.value = 3600;
  rig.Restart();
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.Run(30 * kMinute);
  EXPECT_NE(rig.ReadState().pending, "");
  EXPECT_TRUE(rig.transport.posted.empty());
  rig.Run(kHour);
  EXPECT_EQ(rig.transport.posted.size(), 1u);
}

TEST(ReporterTest, AWithdrawnReportNeverGoesAndItsCountsAreDropped) {
  Rig rig;
  rig.config.review_window_s.value = 3600;
  rig.Restart();
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.source.Count(CommandCounter("DeployCmd"), 3);
  rig.Run(30 * kMinute);
  ASSERT_TRUE(rig.reporter().Withdraw(kAda).empty());
  rig.Run(kDay / 2);
  EXPECT_TRUE(rig.transport.posted.empty());
  rig.source.Count(CommandCounter("DeployCmd"), 4);
  rig.Run(kDay);
  ASSERT_EQ(rig.transport.posted.size(), 1u);
  EXPECT_EQ(rig.PostedCount(0, "DeployCmd"), 4);
}

// ---- attempts

TEST(ReporterTest, ResendsStoredBytesAfterALostReply) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.source.Count(CommandCounter("DeployCmd"), 3);
  rig.transport.answers = {LostReply(), Answered(503), NotSent(), LostReply()};
  rig.Run(kDay / 2);
  ASSERT_EQ(rig.transport.posted.size(), 5u);
  for (const TestTransport::Posted& posted : rig.transport.posted) {
    EXPECT_EQ(posted.body, rig.transport.posted[0].body);
    EXPECT_EQ(posted.id, rig.transport.posted[0].id);
  }
  EXPECT_EQ(rig.ReadState().pending, "");
}

TEST(ReporterTest, LogsFailureAndRecoveryOnceEach) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  for (int i = 0; i < 20; ++i) rig.transport.answers.push_back(NotSent());
  rig.Run(10 * kDay);
  EXPECT_EQ(rig.log.Count(LogEvent::kSendingFailed), 1u);
  EXPECT_EQ(rig.log.Count(LogEvent::kSendingWorks), 1u);
}

TEST(ReporterTest, ARefusalReturnsTheCountsAndWaitsAPeriod) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.source.Count(CommandCounter("DeployCmd"), 3);
  rig.transport.answers = {Answered(400)};
  rig.Run(kDay - kHour);
  EXPECT_EQ(rig.transport.posted.size(), 1u);
  rig.source.Count(CommandCounter("DeployCmd"), 2);
  rig.Run(2 * kHour);
  ASSERT_EQ(rig.transport.posted.size(), 2u);
  EXPECT_EQ(rig.PostedCount(1, "DeployCmd"), 5);
  EXPECT_NE(rig.transport.posted[1].id, rig.transport.posted[0].id);
  EXPECT_EQ(rig.log.Count(LogEvent::kRejected), 1u);
}

TEST(ReporterTest, ARefusalAfterALostReplyKeepsTheCounts) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.source.Count(CommandCounter("DeployCmd"), 3);
  rig.transport.answers = {LostReply(), Answered(400)};
  rig.Run(kDay - kHour);
  rig.source.Count(CommandCounter("DeployCmd"), 2);
  rig.Run(2 * kHour);
  ASSERT_EQ(rig.transport.posted.size(), 3u);
  EXPECT_EQ(rig.PostedCount(2, "DeployCmd"), 2);
}

TEST(ReporterTest, EveryStatusHasOneMeaning) {
  for (int status = 200; status < 600; ++status) {
    const Ended ended = Judge(Answered(status)).ended;
    if (status < 300) {
      EXPECT_EQ(ended, Ended::kAccepted) << status;
    } else if (status < 400 || status == 408 || status == 425 || status == 429 || status >= 500) {
      EXPECT_EQ(ended, Ended::kRetry) << status;
    } else {
      EXPECT_EQ(ended, Ended::kRejected) << status;
    }
  }
}

TEST(ReporterTest, AnyOtherSuccessThan202IsSaidAndCounts) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.transport.answers = {Answered(204)};
  rig.Run(kHour);
  EXPECT_EQ(rig.transport.posted.size(), 1u);
  EXPECT_EQ(rig.log.Count(LogEvent::kUnexpectedStatus), 1u);
  EXPECT_EQ(rig.log.Count(LogEvent::kAccepted), 1u);
}

TEST(ReporterTest, ObeysRetryAfterUpToOnePeriod) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.transport.answers = {Answered(429, 2 * kHour)};
  rig.Run(kHour + 50 * kMinute);
  EXPECT_EQ(rig.transport.posted.size(), 1u);
  rig.Run(kHour);
  EXPECT_EQ(rig.transport.posted.size(), 2u);
  rig.transport.answers = {Answered(503, INT64_MAX)};
  rig.Run(kDay);
  EXPECT_EQ(rig.transport.posted.size(), 3u);
  rig.Run(kDay + kHour);
  EXPECT_EQ(rig.transport.posted.size(), 4u);
}

TEST(ReporterTest, ANoDuringAnAttemptIsKept) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.source.Count(CommandCounter("DeployCmd"), 3);
  rig.transport.during = [&rig] {
    rig.transport.during = nullptr;
    Reporter other({rig.config, rig.catalogue, *rig.store, rig.source, rig.clock, rig.random,
                    rig.log, nullptr},
                   rig.catalogue, rig.clock.BootMillis());
    EXPECT_TRUE(other.Deny(kAda).empty());
  };
  rig.Run(3 * kDay);
  EXPECT_EQ(rig.transport.posted.size(), 1u);
  EXPECT_EQ(rig.ReadState().consent->verdict, Verdict::kDenied);
  EXPECT_EQ(rig.store->ListReports(1).value().front().fate, Fate::kWithdrawn);
}

TEST(ReporterTest, WeeksOfflineLoseNothing) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  for (int i = 0; i < 5'000; ++i) rig.transport.answers.push_back(NotSent());
  for (int day = 0; day < 20; ++day) {
    rig.source.Count(CommandCounter("DeployCmd"), 10);
    rig.Run(kDay);
  }
  EXPECT_LT(rig.JournalKinds().size(), 10u);
  rig.transport.answers.clear();
  rig.transport.posted.clear();
  rig.Run(3 * kDay);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < rig.transport.posted.size(); ++i) {
    sum += std::max<std::int64_t>(rig.PostedCount(i, "DeployCmd"), 0);
  }
  EXPECT_EQ(sum, 200);
}

TEST(ReporterTest, NothingIsSealedWhileCountersCannotBeMadeDurable) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.source.syncs = false;
  rig.Run(kHour);
  EXPECT_TRUE(rig.transport.posted.empty());
  rig.source.syncs = true;
  rig.Run(kHour);
  EXPECT_EQ(rig.transport.posted.size(), 1u);
}

TEST(ReporterTest, FactsThatMakeNoReportAreSaidOnceAndTriedAgain) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  const std::string good = rig.source.facts;
  rig.source.facts = R"({"values": {"product": {"name": ""}}})";
  rig.Run(2 * kDay);
  EXPECT_TRUE(rig.transport.posted.empty());
  EXPECT_EQ(rig.log.Count(LogEvent::kInvalidFacts), 1u);
  rig.source.facts = good;
  rig.Run(2 * kHour);
  EXPECT_EQ(rig.transport.posted.size(), 1u);
}

TEST(ReporterTest, FactsThatChangeAllTheTimeAreRememberedByTheEdition) {
  Rig rig;
  rig.source.edition = 1;
  rig.reporter().Step();
  const std::string first = rig.source.facts;
  rig.source.facts =
      R"({"values": {"product": {"name": "Other", "version": "1", "edition": "e"}}})";
  rig.reporter().Step();
  EXPECT_EQ(rig.store->ReadFacts().value(), first);
  EXPECT_NE(rig.reporter().Preview().value().bytes.find("Other"), std::string::npos);
  rig.source.edition = 2;
  rig.reporter().Step();
  EXPECT_EQ(rig.store->ReadFacts().value(), rig.source.facts);
}

TEST(ReporterTest, WhatANoWipedIsRememberedAgainAfterAYes) {
  Rig rig;
  rig.source.edition = 1;
  rig.reporter().Step();
  // Another process decides, so fast that this one sees the yes only.
  const auto nothing_is_sent = []() -> Result<Transport*> {
    return Error{ErrorCode::kInternal, "", ""};
  };
  Reporter other({rig.config, rig.catalogue, *rig.store, rig.source, rig.clock, rig.random, rig.log,
                  nothing_is_sent},
                 OfferedCatalogue(rig.config, rig.catalogue).value(), rig.clock.BootMillis());
  ASSERT_TRUE(other.Deny(kAda).empty());
  ASSERT_EQ(rig.store->ReadFacts().value(), "");
  ASSERT_TRUE(other.Grant(kAda, {}, nullptr).empty());
  rig.reporter().Step();
  EXPECT_EQ(rig.store->ReadFacts().value(), rig.source.facts);
}

TEST(ReporterTest, ARecoveredStateNeverReportsACountTwice) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.source.Count(CommandCounter("DeployCmd"), 3);
  rig.Run(kHour);
  ASSERT_EQ(rig.PostedCount(0, "DeployCmd"), 3);
  Snapshot snapshot = rig.store->Read().value();
  StateChange lost = ChangeOf(snapshot.state, rig.clock.wall);
  lost.state.baselines.clear();
  lost.state.counting_since.reset();
  ASSERT_TRUE(rig.store->Apply(lost, snapshot.revision).ok());
  rig.Restart();
  rig.Run(kHour);
  rig.source.Count(CommandCounter("DeployCmd"), 2);
  rig.Run(2 * kDay);
  ASSERT_GE(rig.transport.posted.size(), 2u);
  EXPECT_EQ(rig.PostedCount(1, "DeployCmd"), 2);
}

// ---- withholding

TEST(ReporterTest, WhatIsWithheldLaterDoesNotGoEvenFromASealedReport) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.source.Count(CommandCounter("DeployCmd"), 3);
  ASSERT_TRUE(rig.reporter().Seal(ReportKind::kManual).ok());
  ASSERT_TRUE(rig.reporter().Grant(kAda, {"/product/internals/commands"}, nullptr).empty());
  rig.Run(kHour);
  ASSERT_EQ(rig.transport.posted.size(), 1u);
  EXPECT_EQ(rig.PostedCount(0, "DeployCmd"), -1);
}

TEST(ReporterTest, AConfigurationThatWithholdsMoreTakesASealedReportBack) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.source.Count(CommandCounter("DeployCmd"), 3);
  ASSERT_TRUE(rig.reporter().Seal(ReportKind::kManual).ok());
  rig.config.withhold.value = {"/product/internals/commands"};
  rig.Restart();
  rig.Run(kHour);
  ASSERT_EQ(rig.transport.posted.size(), 1u);
  EXPECT_EQ(rig.PostedCount(0, "DeployCmd"), -1);
}

TEST(ReporterTest, WhoSendsNowDoesNotSendWhatTheConfigurationWithholdsByNow) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.source.Count(CommandCounter("DeployCmd"), 3);
  ASSERT_TRUE(rig.reporter().Seal(ReportKind::kManual).ok());
  rig.config.withhold.value = {"/product/internals/commands"};
  const Result<SendOutcome> sent = rig.Restart().SendNow();
  ASSERT_TRUE(sent.ok() && sent.value().accepted);
  ASSERT_EQ(rig.transport.posted.size(), 1u);
  EXPECT_EQ(rig.PostedCount(0, "DeployCmd"), -1);
}

TEST(ReporterTest, TheLastReportHasNothingThatTheConfigurationWithholdsByNow) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.source.Count(CommandCounter("DeployCmd"), 3);
  ASSERT_TRUE(rig.reporter().Seal(ReportKind::kManual).ok());
  rig.config.withhold.value = {"/product/internals/commands"};
  Reporter& next = rig.Restart();
  rig.clock.Pass(kDay);
  next.Close();
  ASSERT_EQ(rig.transport.posted.size(), 1u);
  EXPECT_EQ(rig.PostedCount(0, "DeployCmd"), -1);
}

TEST(ReporterTest, WhatWasCountedWhileItWasWithheldIsNeverSent) {
  Rig rig;
  const std::string metric = "/product/internals/metrics/executed-decision-elements/count";
  ASSERT_TRUE(rig.reporter().Grant(kAda, {"/product/internals/commands"}, nullptr).empty());
  rig.source.Count(CommandCounter("DeployCmd"), 7);
  rig.source.Count(metric, 5);
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.source.Count(CommandCounter("DeployCmd"), 2);
  rig.Run(kHour);
  ASSERT_EQ(rig.transport.posted.size(), 1u);
  EXPECT_EQ(rig.PostedCount(0, "DeployCmd"), 2);
  EXPECT_NE(rig.transport.posted[0].body.find("\"count\": 5"), std::string::npos);
}

TEST(ReporterTest, AYesDuringAnAttemptKeepsWhatWasWithheldOutAlsoAfterARefusal) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {"/product/internals/commands"}, nullptr).empty());
  rig.source.Count(CommandCounter("DeployCmd"), 7);
  rig.transport.answers = {Answered(400)};
  rig.transport.during = [&rig] {
    rig.transport.during = nullptr;
    Reporter other({rig.config, rig.catalogue, *rig.store, rig.source, rig.clock, rig.random,
                    rig.log, nullptr},
                   rig.catalogue, rig.clock.BootMillis());
    EXPECT_TRUE(other.Grant(kAda, {}, nullptr).empty());
  };
  rig.Run(kHour);
  rig.source.Count(CommandCounter("DeployCmd"), 2);
  rig.Run(kDay);
  ASSERT_EQ(rig.transport.posted.size(), 2u);
  EXPECT_EQ(rig.PostedCount(1, "DeployCmd"), 2);
}

// ---- close

TEST(ReporterTest, CloseSendsWhatWasCountedSince) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.Run(2 * kHour);
  ASSERT_EQ(rig.transport.posted.size(), 1u);
  rig.source.Count(CommandCounter("DeployCmd"), 3);
  rig.reporter().Close();
  ASSERT_EQ(rig.transport.posted.size(), 2u);
  EXPECT_EQ(rig.PostedCount(1, "DeployCmd"), 3);
  EXPECT_EQ(rig.store->ListReports(1).value().front().kind, ReportKind::kClose);
}

TEST(ReporterTest, CloseWithoutAYesOrWithoutCountsSendsNothing) {
  Rig rig;
  rig.source.Count(CommandCounter("DeployCmd"), 3);
  rig.Run(kMinute);
  rig.reporter().Close();
  EXPECT_TRUE(rig.transport.posted.empty());
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.reporter().Close();
  EXPECT_TRUE(rig.transport.posted.empty());
}

TEST(ReporterTest, WhatDoesNotGetOutOnCloseGoesNextTime) {
  Rig rig;
  ASSERT_TRUE(rig.reporter().Grant(kAda, {}, nullptr).empty());
  rig.source.Count(CommandCounter("DeployCmd"), 3);
  rig.transport.answers = {LostReply()};
  rig.reporter().Close();
  rig.Restart();
  rig.Run(kDay);
  ASSERT_EQ(rig.transport.posted.size(), 2u);
  EXPECT_EQ(rig.transport.posted[1].id, rig.transport.posted[0].id);
}

// ---- the initial report

TEST(ReporterTest, TheInitialReportIsOffUnlessAskedFor) {
  Rig rig;
  rig.Run(10 * kDay);
  EXPECT_TRUE(rig.transport.posted.empty());
}

TEST(ReporterTest, TheInitialReportGoesOutOnceUnderTheInstallationsKey) {
  Rig rig;
  rig.config.initial_report.value = true;
  rig.Restart();
  rig.transport.answers = {LostReply(), Answered(503)};
  rig.Run(10 * kDay);
  ASSERT_EQ(rig.transport.posted.size(), 3u);
  for (const TestTransport::Posted& posted : rig.transport.posted) {
    EXPECT_EQ(posted.id, InitialReportId(rig.ReadState().installation));
    EXPECT_EQ(posted.body, rig.transport.posted[0].body);
  }
  rig.Restart();
  rig.Run(10 * kDay);
  EXPECT_EQ(rig.transport.posted.size(), 3u);
  EXPECT_EQ(rig.ReadState().initial, Fate::kAccepted);
}

TEST(ReporterTest, TheInitialReportOfANewInstallationComesAfterThreeHours) {
  Rig rig;
  rig.config.initial_report.value = true;
  rig.Restart();
  rig.Run(3 * kHour - 1);
  EXPECT_TRUE(rig.transport.posted.empty());
  rig.Run(kMinute);
  EXPECT_EQ(rig.transport.posted.size(), 1u);
}

TEST(ReporterTest, ANoStopsTheInitialReportToo) {
  Rig rig;
  rig.config.initial_report.value = true;
  rig.Restart();
  ASSERT_TRUE(rig.reporter().Deny(kAda).empty());
  rig.Run(10 * kDay);
  EXPECT_EQ(rig.transports_made, 0);
}

TEST(InitialReportIdTest, IsAFixedUuidOfTheInstallation) {
  EXPECT_EQ(InitialReportId("8343cc7a-8ad1-42d4-97d2-43452c0bdfa3"),
            InitialReportId("8343cc7a-8ad1-42d4-97d2-43452c0bdfa3"));
  EXPECT_NE(InitialReportId("a"), InitialReportId("b"));
  EXPECT_EQ(InitialReportId("a").size(), 36u);
  EXPECT_EQ(InitialReportId("a")[14], '8');
}

}  // namespace
}  // namespace candor
