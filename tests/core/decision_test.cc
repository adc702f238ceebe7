#include "core/decision.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.h"

namespace candor {
namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;  // The default period.
constexpr UnixMillis kNow = 1'800'000'000'000;
constexpr UnixMillis kFirst = std::numeric_limits<UnixMillis>::min();
constexpr UnixMillis kLast = std::numeric_limits<UnixMillis>::max();

Catalogue MakeCatalogue() {
  Catalogue catalogue;
  catalogue.name = "example";
  for (const std::string pointer : {"/installation", "/product/version"}) {
    Field field;
    field.pointer = pointer;
    field.purposes = {"product-improvement"};
    catalogue.fields.push_back(field);
  }
  return catalogue;
}

ConsentRecord MakeRecord(Verdict verdict) {
  ConsentRecord record = MakeConsent(verdict, MakeCatalogue(), {});
  record.who = "ada";
  record.through = "page";
  record.when_ms = kNow - 30 * kDay;
  return record;
}

Config Online() {
  Config config;
  config.mode = {Mode::kOnline, "application.yaml:7:18"};
  config.endpoint.value = "https://t.example/pings";
  return config;
}

// Agreed, started long ago, nothing sent yet.
ReporterState Agreed() {
  ReporterState state;
  state.started_at = kNow - kDay;
  state.consent = MakeRecord(Verdict::kGranted);
  return state;
}

Decision DecideAt(UnixMillis now, const ReporterState& state, const Config& config = Online()) {
  return Decide(config, MakeCatalogue(), state, now);
}

std::vector<std::string> Rules(const Decision& decision) {
  std::vector<std::string> rules;
  for (const Reason& reason : decision.reasons) rules.push_back(reason.rule);
  return rules;
}

using Texts = std::vector<std::string>;

// Every combination of what has a say.
struct Case {
  bool do_not_track, activate;
  Mode mode;
  enum class Record { kNone, kGranted, kDenied, kGrantedForAnother } record;
  std::optional<bool> initialize;
  bool endpoint = true;

  bool MayAct() const { return !do_not_track && activate && mode != Mode::kDisabled; }
  bool IsOnline() const { return MayAct() && mode == Mode::kOnline; }
  bool IsAgreed() const {
    return record == Record::kGranted || (record == Record::kNone && initialize == true);
  }
  bool IsUndecided() const {
    return record == Record::kGrantedForAnother || (record == Record::kNone && !initialize);
  }
  bool IsSent() const { return IsOnline() && IsAgreed() && endpoint; }
  Config MakeConfig() const {
    Config config;
    config.do_not_track.value = do_not_track;
    config.reporter_activate.value = activate;
    config.mode.value = mode;
    config.initialize_telemetry.value = initialize;
    if (endpoint) config.endpoint.value = "https://t.example/pings";
    return config;
  }
  ReporterState MakeState(UnixMillis started_at) const {
    ReporterState state;
    state.started_at = started_at;
    if (record == Record::kNone) return state;
    state.consent = MakeRecord(record == Record::kDenied ? Verdict::kDenied : Verdict::kGranted);
    if (record == Record::kGrantedForAnother) state.consent->catalogue = "another";
    return state;
  }
};

std::vector<Case> AllCases() {
  std::vector<Case> cases;
  for (const bool do_not_track : {false, true}) {
    for (const bool activate : {true, false}) {
      for (const Mode mode : {Mode::kDisabled, Mode::kDownload, Mode::kOnline}) {
        for (const auto record : {Case::Record::kNone, Case::Record::kGranted,
                                  Case::Record::kDenied, Case::Record::kGrantedForAnother}) {
          for (const std::optional<bool> initialize :
               {std::optional<bool>(), std::optional<bool>(true), std::optional<bool>(false)}) {
            for (const bool endpoint : {true, false}) {
              cases.push_back({do_not_track, activate, mode, record, initialize, endpoint});
            }
          }
        }
      }
    }
  }
  return cases;
}

TEST(DecideTest, FollowsTheOrderOfPowerInEveryCombination) {
  const std::vector<Case> cases = AllCases();
  ASSERT_EQ(cases.size(), 288u);
  std::size_t sends = 0;
  for (const Case& c : cases) {
    Action expected = Action::kCollect;
    if (!c.MayAct()) expected = Action::kOff;
    if (c.IsSent()) expected = Action::kSend;
    if (c.IsOnline() && c.IsUndecided()) expected = Action::kAsk;
    const Decision decision = DecideAt(kNow, c.MakeState(kNow - kDay), c.MakeConfig());
    EXPECT_EQ(decision.action, expected);
    EXPECT_EQ(decision.asks, c.IsOnline() && c.IsUndecided());
    sends += decision.action == Action::kSend ? 1 : 0;
  }
  EXPECT_EQ(sends, 4u);  // A grant thrice, and initializeTelemetry once.
}

TEST(DecideTest, SendsOnlyWhatWasAgreedToAtAnyTime) {
  for (const Case& c : AllCases()) {
    for (const UnixMillis started_at : {kFirst, kNow - kDay, kNow, kNow + kDay, kLast}) {
      for (const UnixMillis now : {kFirst, UnixMillis{0}, kNow, kLast}) {
        const Decision decision = DecideAt(now, c.MakeState(started_at), c.MakeConfig());
        if (decision.action == Action::kSend || decision.action == Action::kWait) {
          EXPECT_TRUE(c.IsSent());
        }
      }
    }
  }
}

TEST(DecideTest, DecidesAgainWhenTheNextTimeComes) {
  for (const Case& c : AllCases()) {
    const Decision decision = DecideAt(kNow, c.MakeState(kNow), c.MakeConfig());
    // Also a denied reporter looks for a later yes; without an endpoint a yes changes nothing.
    const bool waits = c.IsOnline() && (c.endpoint || !c.IsAgreed());
    ASSERT_EQ(decision.next.has_value(), waits);
    if (waits) {
      EXPECT_GT(*decision.next, kNow);
    }
  }
}

TEST(DecideTest, GivesTheChainOfReasonsDownToTheOneThatSettles) {
  for (const Case& c : AllCases()) {
    Texts expected = {"do-not-track"};
    if (!c.do_not_track) expected.push_back("reporter-activate");
    if (!c.do_not_track && c.activate) expected.push_back("mode");
    if (c.IsOnline()) expected.push_back("consent");
    if (c.IsOnline() && c.record == Case::Record::kNone) expected.push_back("initialize-telemetry");
    if (c.IsOnline() && c.IsAgreed()) expected.push_back(c.endpoint ? "schedule" : "endpoint");
    EXPECT_EQ(Rules(DecideAt(kNow, c.MakeState(kNow - kDay), c.MakeConfig())), expected);
  }
}

TEST(DecideTest, NamesTheOriginOfEachValue) {
  Config config = Online();
  config.do_not_track.origin = "environment variable DO_NOT_TRACK";
  config.reporter_activate.origin = "a.xml:3:5";
  config.initialize_telemetry = {true, "b.json:1:1"};
  config.reporting_period_s.origin = "c.yaml:2:2";
  const Decision decision = DecideAt(kNow, ReporterState(), config);
  Texts origins = {"environment variable DO_NOT_TRACK",
                   "a.xml:3:5",
                   "application.yaml:7:18",
                   "",
                   "b.json:1:1",
                   "c.yaml:2:2"};
  ASSERT_EQ(decision.reasons.size(), origins.size());
  for (std::size_t i = 0; i < origins.size(); ++i) {
    EXPECT_NE(decision.reasons[i].text.find(origins[i]), std::string::npos) << origins[i];
  }
}

TEST(DecideTest, NamesTheOriginOfAMissingEndpoint) {
  Config config = Online();
  config.endpoint = {"", "d.json:4:5"};
  const Decision decision = DecideAt(kNow, Agreed(), config);
  EXPECT_EQ(decision.action, Action::kCollect);
  EXPECT_FALSE(decision.asks);
  EXPECT_EQ(decision.reasons.back().rule, "endpoint");
  EXPECT_NE(decision.reasons.back().text.find("d.json:4:5"), std::string::npos);
}

TEST(DecideTest, SaysWhoDecidedAndWhen) {
  const Decision decision = DecideAt(kNow, Agreed());
  const std::string& text = decision.reasons[3].text;
  EXPECT_NE(text.find("ada at 2026-12-16T08:00:00Z through page"), std::string::npos) << text;
}

TEST(DecideTest, WritesTimesOfEveryYear) {
  const std::vector<std::pair<UnixMillis, std::string>> times = {
      {0, "1970-01-01T00:00:00Z"},
      {951'782'400'000 - 1, "2000-02-28T23:59:59Z"},
      {951'782'400'000, "2000-02-29T00:00:00Z"},
      {4'107'542'400'000, "2100-03-01T00:00:00Z"},
      {253'402'300'799'999, "9999-12-31T23:59:59Z"},
      {253'402'300'800'000, "253402300800000 ms"},
      {-1, "-1 ms"},
      {kFirst, "-9223372036854775808 ms"}};
  for (const auto& [time, text] : times) {
    ReporterState state = Agreed();
    state.consent->when_ms = time;
    const Decision decision = DecideAt(kNow, state);
    EXPECT_NE(decision.reasons[3].text.find(" " + text + " "), std::string::npos) << text;
  }
}

TEST(DecideTest, AsksAgainWhenTheScopeGrewWhileTheOldConsentCovers) {
  Catalogue catalogue = MakeCatalogue();
  Field field;
  field.pointer = "/product/later";
  catalogue.fields.push_back(field);
  const Decision decision = Decide(Online(), catalogue, Agreed(), kNow);
  EXPECT_EQ(decision.action, Action::kSend);
  EXPECT_TRUE(decision.asks);
}

TEST(DecideTest, DoesNotAskWhenTheScopeShrank) {
  Catalogue catalogue = MakeCatalogue();
  catalogue.fields.pop_back();
  const Decision decision = Decide(Online(), catalogue, Agreed(), kNow);
  EXPECT_EQ(decision.action, Action::kSend);
  EXPECT_FALSE(decision.asks);
}

TEST(DecideTest, AsksWhenNothingOfTheCatalogueIsCovered) {
  Catalogue catalogue = MakeCatalogue();
  for (Field& field : catalogue.fields) field.purposes.push_back("sales");
  Field fixed;  // Says nothing, so it is nobody's agreement.
  fixed.pointer = "/product/name";
  fixed.fixed = true;
  catalogue.fields.push_back(fixed);
  const Decision decision = Decide(Online(), catalogue, Agreed(), kNow);
  EXPECT_EQ(decision.action, Action::kAsk);
  EXPECT_TRUE(decision.asks);
}

// The schedule.

TEST(DecideTest, RunsFiveMinutesAfterTheStartWhenADecisionExists) {
  ReporterState state = Agreed();
  state.started_at = kNow;
  Decision decision = DecideAt(kNow, state);
  EXPECT_EQ(decision.action, Action::kWait);
  EXPECT_EQ(decision.next, kNow + 5 * kMinute);
  EXPECT_EQ(decision.schedule.due_at, kNow + 5 * kMinute);
  EXPECT_EQ(DecideAt(kNow + 5 * kMinute - 1, state).action, Action::kWait);
  decision = DecideAt(kNow + 5 * kMinute, state);
  EXPECT_EQ(decision.action, Action::kSend);
  EXPECT_FALSE(decision.next.has_value());
}

TEST(DecideTest, RunsFiveMinutesAfterADecisionThatCameLater) {
  ReporterState state = Agreed();
  state.consent->when_ms = kNow;
  EXPECT_EQ(DecideAt(kNow, state).next, kNow + 5 * kMinute);
}

TEST(DecideTest, AnOverdueReportWaitsForTheFirstMinutesOfAProcess) {
  ReporterState state = Agreed();
  state.started_at = kNow;
  state.due_at = kNow - 3 * kDay;
  const Decision decision = DecideAt(kNow, state);
  EXPECT_EQ(decision.action, Action::kWait);
  EXPECT_EQ(decision.next, kNow + 5 * kMinute);
  EXPECT_EQ(decision.schedule.due_at, kNow - 3 * kDay);
  EXPECT_EQ(DecideAt(kNow + 5 * kMinute, state).action, Action::kSend);
}

TEST(DecideTest, SpreadsFirstRunsByInstallation) {
  ReporterState state = Agreed();
  state.started_at = kNow;
  state.installation = "8343cc7a-8ad1-42d4-97d2-43452c0bdfa3";
  EXPECT_EQ(DecideAt(kNow, state).next, kNow + 5 * kMinute + PhaseOf(state.installation));
}

TEST(DecideTest, RunsOnePeriodAfterTheLastAcceptanceWithoutAPhase) {
  ReporterState state = Agreed();
  state.installation = "8343cc7a-8ad1-42d4-97d2-43452c0bdfa3";
  state.last_accepted_at = kNow - kDay + 1;
  EXPECT_EQ(DecideAt(kNow, state).next, kNow + 1);
  EXPECT_EQ(DecideAt(kNow + 1, state).action, Action::kSend);
}

TEST(DecideTest, TakesThePeriodOfTheConfiguration) {
  Config config = Online();
  config.reporting_period_s.value = 60;
  ReporterState state = Agreed();
  state.last_accepted_at = kNow;
  EXPECT_EQ(DecideAt(kNow, state, config).next, kNow + kMinute);
  state.last_accepted_at.reset();
  state.started_at = kNow;
  EXPECT_EQ(DecideAt(kNow, state, config).next, kNow + kMinute);
}

TEST(DecideTest, ThePersistedDueTimeWins) {
  ReporterState state = Agreed();
  state.last_accepted_at = kNow - 2 * kDay;
  state.due_at = kNow + kHour;
  EXPECT_EQ(DecideAt(kNow, state).next, kNow + kHour);
  state.due_at = kNow - kDay - kHour;
  state.last_accepted_at = kNow - kDay - 2 * kHour;
  EXPECT_EQ(DecideAt(kNow, state).action, Action::kSend);
}

TEST(DecideTest, AnAcceptedReportUsesThePersistedDueTimeUp) {
  ReporterState state = Agreed();
  state.due_at = kNow - kHour;
  state.last_accepted_at = kNow - kMinute;
  EXPECT_EQ(DecideAt(kNow, state).next, kNow - kMinute + kDay);
}

TEST(DecideTest, WaitsForTheRetryTime) {
  ReporterState state = Agreed();
  state.due_at = kNow - kHour;
  state.retry_at = kNow + kMinute;
  const Decision decision = DecideAt(kNow, state);
  EXPECT_EQ(decision.action, Action::kWait);
  EXPECT_EQ(decision.next, kNow + kMinute);
  EXPECT_EQ(decision.reasons.back().rule, "retry");
  EXPECT_EQ(DecideAt(kNow + kMinute, state).action, Action::kSend);
}

TEST(DecideTest, ARetryTimeNeverBringsAReportForward) {
  ReporterState state = Agreed();
  state.due_at = kNow + kHour;
  state.retry_at = kNow + kMinute;
  EXPECT_EQ(DecideAt(kNow, state).next, kNow + kHour);
}

TEST(DecideTest, ASealedReportWaitsForTheReviewWindow) {
  Config config = Online();
  config.review_window_s.value = 3600;
  ReporterState state = Agreed();
  state.due_at = kNow - kHour;
  state.sealed_at = kNow - kMinute;
  const Decision decision = DecideAt(kNow, state, config);
  EXPECT_EQ(decision.action, Action::kWait);
  EXPECT_EQ(decision.next, kNow - kMinute + kHour);
  EXPECT_EQ(decision.reasons.back().rule, "review");
  EXPECT_EQ(DecideAt(kNow - kMinute + kHour, state, config).action, Action::kSend);
  state.sealed_at.reset();
  EXPECT_EQ(DecideAt(kNow, state, config).action, Action::kSend);
}

TEST(DecideTest, LooksAgainThreeHoursAfterAStartWithoutADecision) {
  ReporterState state;
  state.started_at = kNow;
  Decision decision = DecideAt(kNow + kHour, state);
  EXPECT_EQ(decision.action, Action::kAsk);
  EXPECT_EQ(decision.next, kNow + 3 * kHour);
  decision = DecideAt(kNow + 3 * kHour, state);
  EXPECT_EQ(decision.next, kNow + 3 * kHour + kDay);
  state.started_at.reset();
  EXPECT_EQ(DecideAt(kNow, state).next, kNow + 3 * kHour);
}

TEST(DecideTest, ADeniedReporterLooksAgainOnceAPeriod) {
  ReporterState state;
  state.consent = MakeRecord(Verdict::kDenied);
  EXPECT_EQ(DecideAt(kNow, state).next, kNow + kDay);
}

TEST(DecideTest, PullsInTimesThatAClockPutBackLeftAhead) {
  Config config = Online();
  config.review_window_s.value = 7200;
  ReporterState state = Agreed();
  state.started_at = kNow + 900 * kDay;
  state.last_accepted_at = kNow + 900 * kDay;
  state.due_at = kNow + 901 * kDay;
  state.retry_at = kNow + 902 * kDay;
  state.sealed_at = kNow + 903 * kDay;
  const Decision decision = DecideAt(kNow, state, config);
  EXPECT_EQ(decision.action, Action::kWait);
  EXPECT_EQ(decision.next, kNow + kDay);
  EXPECT_EQ(decision.schedule.last_accepted_at, kNow);
  EXPECT_EQ(decision.schedule.due_at, kNow + kDay);
  EXPECT_EQ(decision.schedule.retry_at, kNow + kDay);
  EXPECT_EQ(decision.schedule.sealed_at, kNow);
}

TEST(DecideTest, AClockPutBackBeforeTheStartDoesNotPutOffTheFirstRun) {
  ReporterState state = Agreed();
  state.started_at = kNow + 900 * kDay;
  state.consent->when_ms = kNow + 900 * kDay;
  EXPECT_EQ(DecideAt(kNow, state).next, kNow + 5 * kMinute);
  state.consent.reset();
  EXPECT_EQ(DecideAt(kNow, state).next, kNow + 3 * kHour);
}

TEST(DecideTest, AClockPutBackBringsNoSecondReportWithADueTimeThatWasUsed) {
  ReporterState state = Agreed();
  state.due_at = kNow - 5 * kHour;
  state.last_accepted_at = kNow;
  EXPECT_EQ(DecideAt(kNow - 3 * kHour, state).next, kNow - 3 * kHour + kDay);
}

TEST(DecideTest, ChangesNoTimesWhereNothingIsAgreed) {
  ReporterState state;
  state.due_at = kLast;
  state.sealed_at = kFirst;
  const Decision decision = DecideAt(kNow, state);
  EXPECT_EQ(decision.schedule.due_at, kLast);
  EXPECT_EQ(decision.schedule.sealed_at, kFirst);
}

// xorshift64*: the same cases on every target.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545F4914F6CDD1DULL;
  }
  std::int64_t Below(std::int64_t bound) {
    return static_cast<std::int64_t>((Next() >> 2) % static_cast<std::uint64_t>(bound));
  }
  bool OneIn(std::int64_t n) { return Below(n) == 0; }

 private:
  std::uint64_t state_;
};

TEST(DecideTest, IsNeverFurtherAwayThanAPeriodOrTheReviewWindow) {
  Random random(7);
  const auto time = [&]() -> std::optional<UnixMillis> {
    switch (random.Below(5)) {
      case 0:
        return std::nullopt;
      case 1:
        return random.OneIn(2) ? kFirst : kLast;
      case 2:
        return static_cast<UnixMillis>(random.Next());
      default:
        return kNow + random.Below(4 * kDay) - 2 * kDay;
    }
  };
  for (int i = 0; i < 50'000; ++i) {
    Config config = Online();
    config.reporting_period_s.value = 1 + random.Below(100'000);
    config.review_window_s.value = random.Below(86'401);
    ReporterState state = Agreed();
    state.started_at = time();
    state.last_accepted_at = time();
    state.due_at = time();
    state.retry_at = time();
    state.sealed_at = time();
    state.consent->when_ms = time().value_or(0);
    const UnixMillis now = time().value_or(kNow);
    const Decision decision = DecideAt(now, state, config);
    if (decision.action == Action::kSend) continue;
    ASSERT_EQ(decision.action, Action::kWait);
    const std::int64_t furthest =
        1000 * std::max(config.reporting_period_s.value, config.review_window_s.value);
    ASSERT_GT(*decision.next, now);
    ASSERT_LE(*decision.next, now > kLast - furthest ? kLast : now + furthest);
  }
}

TEST(DecideTest, StandsPeriodsAndWindowsOfAnySize) {
  for (const std::int64_t seconds : {kFirst, std::int64_t{-1}, std::int64_t{0}, kLast}) {
    Config config = Online();
    config.reporting_period_s.value = seconds;
    config.review_window_s.value = seconds;
    ReporterState state = Agreed();
    state.last_accepted_at = kNow;
    state.sealed_at = kNow;
    const Decision decision = DecideAt(kNow, state, config);
    ASSERT_EQ(decision.action, Action::kWait);
    EXPECT_GT(*decision.next, kNow);
  }
}

// One reporter over true time, on a clock that is put back (and on request forward), crashes and
// forgets what it did not persist.
struct Simulation {
  Random random;
  bool forward;
  std::int64_t true_time = kNow, clock_error = 0;
  std::int64_t last_accepted = kFirst, last_jump = kNow;
  int sent = 0;
  ReporterState state = Agreed();
  Config config = Online();

  UnixMillis Clock() const { return true_time + clock_error; }

  void Accept() {
    ++sent;
    last_accepted = true_time;
    state.last_accepted_at = Clock();
    state.retry_at.reset();
    state.sealed_at.reset();
    if (random.OneIn(3)) state.due_at.reset();
    if (random.OneIn(3)) state.due_at = Clock() + kDay;
  }

  void Act(const Decision& decision) {
    if (!random.OneIn(4)) {  // Else it crashes before it remembers.
      state.last_accepted_at = decision.schedule.last_accepted_at;
      state.due_at = decision.schedule.due_at;
      state.retry_at = decision.schedule.retry_at;
      state.sealed_at = decision.schedule.sealed_at;
    }
    if (decision.action != Action::kSend) return;
    if (!state.sealed_at && random.OneIn(2)) {
      state.sealed_at = Clock();
    } else if (random.OneIn(3)) {
      state.retry_at = Clock() + random.Below(kHour);
    } else {
      Accept();
    }
  }

  void Pass() {
    true_time += random.Below(random.OneIn(8) ? 2 * kDay : 2 * kHour);
    if (random.OneIn(10)) state.started_at = Clock();
    if (!random.OneIn(12)) return;
    const std::int64_t jump = random.Below(random.OneIn(2) ? kDay : 40 * kDay);
    clock_error += forward && random.OneIn(2) ? jump : -jump;
    last_jump = true_time;
  }
};

TEST(DecideTest, NeverSendsTwiceWithinAPeriodAlsoWhenTheClockIsPutBack) {
  int sent = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Simulation run{Random(seed), false};
    if (run.random.OneIn(2)) run.config.review_window_s.value = 7200;
    for (int step = 0; step < 500; ++step) {
      const Decision decision = DecideAt(run.Clock(), run.state, run.config);
      if (decision.action == Action::kSend && run.last_accepted != kFirst) {
        ASSERT_GE(run.true_time - run.last_accepted, kDay) << "seed " << seed << " step " << step;
      }
      run.Act(decision);
      run.Pass();
    }
    sent += run.sent;
  }
  EXPECT_GT(sent, 2'000);
}

TEST(DecideTest, ComesBackAfterAnyJumpOfTheClock) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Simulation run{Random(seed), true};
    for (int step = 0; step < 300; ++step) {
      run.Act(DecideAt(run.Clock(), run.state, run.config));
      run.Pass();
    }
    // The clock runs true from here on, and nothing else goes wrong.
    const int before = run.sent;
    const UnixMillis end = run.true_time + 2 * kDay + kHour;
    while (run.true_time < end) {
      const Decision decision = DecideAt(run.Clock(), run.state, run.config);
      run.state.last_accepted_at = decision.schedule.last_accepted_at;
      run.state.due_at = decision.schedule.due_at;
      run.state.retry_at = decision.schedule.retry_at;
      run.state.sealed_at = decision.schedule.sealed_at;
      if (decision.action == Action::kSend) run.Accept();
      run.true_time += 10 * kMinute;
    }
    ASSERT_GE(run.sent - before, 1) << "seed " << seed;
  }
}

TEST(PhaseOfTest, IsAFixedFunctionOfTheInstallation) {
  EXPECT_EQ(PhaseOf(""), 0);
  // The first 32 bits of the SHA-256, ba7816bf, modulo five minutes.
  EXPECT_EQ(PhaseOf("abc"), 0xba7816bfLL % 300'000);
}

TEST(PhaseOfTest, SpreadsInstallationsOverFiveMinutes) {
  std::set<std::int64_t> minutes;
  for (int i = 0; i < 100; ++i) {
    const std::int64_t phase = PhaseOf("installation " + std::string(1, static_cast<char>(i + 32)));
    EXPECT_GE(phase, 0);
    EXPECT_LT(phase, kPhaseMs);
    minutes.insert(phase / kMinute);
  }
  EXPECT_EQ(minutes.size(), 5u);
}

TEST(NameTest, NamesEveryAction) {
  EXPECT_EQ(Name(Action::kOff), "off");
  EXPECT_EQ(Name(Action::kCollect), "collect");
  EXPECT_EQ(Name(Action::kAsk), "ask");
  EXPECT_EQ(Name(Action::kWait), "wait");
  EXPECT_EQ(Name(Action::kSend), "send");
}

// The document.

std::string ConsentJson(const ConsentRecord& record) {
  StringSink sink;
  JsonWriter writer(sink);
  WriteConsent(record, writer);
  writer.Finish();
  return std::move(sink).text();
}

TEST(ParseStateTest, ReadsAllOfIt) {
  const Result<ReporterState> read = ParseState(
      R"({"installation":"i","startedAt":1,"lastAcceptedAt":-2,"dueAt":3e0,"retryAt":4,
          "sealedAt":9007199254740991,"initialReportSent":true,"consent":)" +
      ConsentJson(MakeRecord(Verdict::kGranted)) + "}");
  ASSERT_TRUE(read.ok()) << read.error().where << read.error().message;
  const ReporterState& state = read.value();
  EXPECT_EQ(state.installation, "i");
  EXPECT_EQ(state.started_at, 1);
  EXPECT_EQ(state.last_accepted_at, -2);
  EXPECT_EQ(state.due_at, 3);
  EXPECT_EQ(state.retry_at, 4);
  EXPECT_EQ(state.sealed_at, kMaxSafeInteger);
  EXPECT_TRUE(state.initial_report_sent);
  ASSERT_TRUE(state.consent.has_value());
  EXPECT_EQ(state.consent->who, "ada");
  EXPECT_EQ(state.consent->scope, ScopeOf(MakeCatalogue()));
}

TEST(ParseStateTest, NeedsNothing) {
  for (const std::string_view text :
       {"{}", R"({"installation":null,"startedAt":null,"consent":null,"lastAcceptedAt":null,
                  "dueAt":null,"retryAt":null,"sealedAt":null})",
        R"({"installation":""})"}) {
    const Result<ReporterState> read = ParseState(text);
    ASSERT_TRUE(read.ok()) << text;
    EXPECT_EQ(read.value().installation, "");
    EXPECT_FALSE(read.value().consent.has_value());
    EXPECT_FALSE(read.value().due_at.has_value());
    EXPECT_FALSE(read.value().initial_report_sent);
  }
}

TEST(ParseStateTest, ReportsEveryProblemAtOnce) {
  const Result<ReporterState> read = ParseState(
      R"({"installation":1,"startedAt":"x","consent":{"verdict":"granted","by":1},
          "lastAcceptedAt":0.5,"dueAt":true,"retryAt":1e400,"sealedAt":9007199254740992,
          "initialReportSent":"yes","dueat":1})");
  // A number beyond a double is no JSON that can be read at all.
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.problems().list().size(), 1u);
  const Result<ReporterState> all = ParseState(
      R"({"installation":1,"startedAt":"x","consent":{"verdict":"granted","by":1},
          "lastAcceptedAt":0.5,"dueAt":true,"retryAt":[],"sealedAt":9007199254740992,
          "initialReportSent":"yes","dueat":1})");
  ASSERT_FALSE(all.ok());
  std::vector<std::pair<std::string, ErrorCode>> found;
  for (const Error& error : all.problems().list()) found.emplace_back(error.where, error.code);
  const std::vector<std::pair<std::string, ErrorCode>> expected = {
      {"/installation", ErrorCode::kWrongType},      {"/startedAt", ErrorCode::kWrongType},
      {"/consent/catalogue", ErrorCode::kMissing},   {"/consent/scopeDigest", ErrorCode::kMissing},
      {"/consent/scope", ErrorCode::kMissing},       {"/consent/withheld", ErrorCode::kMissing},
      {"/consent/who", ErrorCode::kMissing},         {"/consent/whenMs", ErrorCode::kMissing},
      {"/consent/through", ErrorCode::kMissing},     {"/consent/by", ErrorCode::kUnknownKey},
      {"/lastAcceptedAt", ErrorCode::kOutOfRange},   {"/dueAt", ErrorCode::kWrongType},
      {"/retryAt", ErrorCode::kWrongType},           {"/sealedAt", ErrorCode::kOutOfRange},
      {"/initialReportSent", ErrorCode::kWrongType}, {"/dueat", ErrorCode::kUnknownKey}};
  EXPECT_EQ(found, expected);
}

TEST(ParseStateTest, RefusesWhatIsNoObject) {
  for (const std::string_view text : {"", "null", "[]", "\"state\"", "{"}) {
    EXPECT_FALSE(ParseState(text).ok()) << text;
  }
}

TEST(ParseStateTest, RefusesAnInstallationThatIsNoLineOfText) {
  for (const std::string& text : {std::string(R"({"installation":"a\u0000b"})"),
                                  R"({"installation":")" + std::string(1025, 'a') + "\"}"}) {
    const Result<ReporterState> read = ParseState(text);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().where, "/installation");
  }
}

}  // namespace
}  // namespace candor
