// What is held back, and what honest installations may do without that.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <tuple>

#include "core/text.h"
#include "native/base/clock.h"
#include "native/collector/statistics/inspection.h"
#include "native/collector/statistics/statistics_scan.h"
#include "native/collector/store/report_values.h"
#include "tests/native/collector_rig.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

constexpr std::int64_t kMinuteMs = 60'000, kHourMs = 60 * kMinuteMs, kDayMs = 24 * kHourMs;
constexpr std::int64_t kFirst = 20'700 * kDayMs;

// Reports of one catalogue as a scan gives them.
class Population {
 public:
  void Add(int installation, std::int64_t at, const std::string& address,
           const std::string& values = R"({"numbers":{},"texts":{}})") {
    StoredReport report;
    report.id = static_cast<std::int64_t>(reports_.size()) + 1;
    report.catalogue = "engine";
    report.installation = InstallationId(installation);
    report.arrived_ms = kFirst + at;
    report.address = address;
    report.values = values;
    reports_.push_back(std::move(report));
  }
  // How many of them are held, and why.
  std::string Held() {
    std::sort(reports_.begin(), reports_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.installation, a.arrived_ms, a.id) <
             std::tie(b.installation, b.arrived_ms, b.id);
    });
    Inspector inspector;
    for (const StoredReport& report : reports_) inspector.Note(report);
    std::map<std::string, int> held;
    const std::span<const StoredReport> all = reports_;
    for (std::size_t from = 0, to = 0; from < all.size(); from = to) {
      while (to < all.size() && all[to].installation == all[from].installation) ++to;
      for (const Complaint complaint : inspector.Inspect(all.subspan(from, to - from))) {
        if (complaint != Complaint::kNone) ++held[std::string(Name(complaint))];
      }
    }
    std::string text;
    for (const auto& [name, count] : held) text += name + " " + std::to_string(count) + "\n";
    return text;
  }
  std::size_t size() const { return reports_.size(); }

 private:
  std::vector<StoredReport> reports_;
};

// The Console's: usage of [from, to).
std::string Usage(std::int64_t from, std::int64_t to) {
  ReportValues values;
  values.numbers = {{"/dataPoints/process-instances", 5},
                    {"/dataPoints/process-instances/tsFrom", kFirst + from},
                    {"/dataPoints/process-instances/tsTo", kFirst + to}};
  return WriteReportValues(values);
}

TEST(HonestReportsTest, TenThousandBehindOneAddressAreNotHeld) {
  Population honest;
  std::mt19937 random(1);
  for (int i = 0; i < 10'000; ++i) {
    const auto phase = static_cast<std::int64_t>(random() % kDayMs);
    for (int day = 0; day < 7; ++day) {
      // Daily, sometimes late, and again when it is stopped; repeats without a key count as well.
      const std::int64_t at = phase + day * kDayMs + static_cast<std::int64_t>(random() % kHourMs);
      honest.Add(i, at, "one");
      if (random() % 7 == 0) honest.Add(i, at + kHourMs, "one");
      if (random() % 20 == 0) honest.Add(i, at + 2 * kHourMs, "one");
    }
  }
  EXPECT_GT(honest.size(), 80'000U);
  EXPECT_EQ(honest.Held(), "");
}

TEST(HonestReportsTest, AClusterThatIsRestartedAgainAndAgainIsNotHeld) {
  Population honest;
  for (int node = 0; node < 40; ++node) {
    for (int restart = 0; restart <= 10; ++restart) {
      // A new address with each third restart.
      honest.Add(1, restart * kHourMs + node,
                 "node " + std::to_string(node) + " " + std::to_string(restart / 3));
    }
  }
  EXPECT_EQ(honest.Held(), "");
}

TEST(HonestReportsTest, ClocksThatAreSetAndDaysOfflineAreNotHeld) {
  Population honest;
  std::mt19937 random(2);
  for (int i = 0; i < 500; ++i) {
    std::int64_t from = 0;
    for (int day = 1; day < 30; ++day) {
      if (random() % 5 == 0) continue;  // Off; the next window is longer.
      const std::int64_t skew = static_cast<std::int64_t>(random() % (10 * kMinuteMs));
      const std::int64_t to = day * kDayMs + skew - 5 * kMinuteMs;
      honest.Add(i, day * kDayMs, "a" + std::to_string(i), Usage(from, to));
      from = day * kDayMs - static_cast<std::int64_t>(random() % (5 * kMinuteMs));
    }
  }
  EXPECT_EQ(honest.Held(), "");
}

TEST(HostileReportsTest, AFloodOfSmallCountsInOneNameIsHeld) {
  Population hostile;
  for (int i = 0; i < 1400; ++i) hostile.Add(1, i * kMinuteMs, "a");
  hostile.Add(1, 3 * kDayMs, "a");
  hostile.Add(2, 0, "a");
  EXPECT_EQ(hostile.Held(), "too-many-in-a-day 1400\n");
}

TEST(HostileReportsTest, AnIdThatManySitesShareIsHeld) {
  Population hostile;
  for (int i = 0; i < 300; ++i) hostile.Add(1, i * kMinuteMs, "site " + std::to_string(i));
  EXPECT_EQ(hostile.Held(), "many-addresses 300\n");
}

TEST(HostileReportsTest, IdsThatAreMadeUpBehindOneAddressAreHeldAndNobodyElses) {
  Population hostile;
  for (int i = 0; i < 60'000; ++i) hostile.Add(i, i, "forger");
  for (int i = 60'000; i < 61'000; ++i) hostile.Add(i, i, "honest");
  EXPECT_EQ(hostile.Held(), "many-installations 60000\n");
}

TEST(HostileReportsTest, UsageThatWasToldBeforeIsHeld) {
  Population hostile;
  for (int day = 0; day < 5; ++day) {
    hostile.Add(1, (day + 1) * kDayMs, "a", Usage(day * kDayMs + 1, (day + 1) * kDayMs));
  }
  hostile.Add(1, 6 * kDayMs, "a", Usage(2 * kDayMs, 3 * kDayMs));        // Once more.
  hostile.Add(1, 6 * kDayMs + 1, "a", Usage(kHourMs, 4 * kDayMs));       // Several as one.
  hostile.Add(1, 6 * kDayMs + 2, "a", Usage(kHourMs, kHourMs + 5'000));  // A part of one.
  hostile.Add(1, 6 * kDayMs + 3, "a", Usage(5 * kDayMs, 6 * kDayMs));    // The next.
  EXPECT_EQ(hostile.Held(), "window-overlap 3\n");
}

// In the store, through the command, and in statistics.
class QuarantineTest : public testing::Test {
 protected:
  QuarantineTest() : store_(OpenSqliteCollector(folder_.Path("store")).value()) {
    for (int i = 0; i < 20; ++i) Keep(i, "a");
    for (int i = 0; i < 600; ++i) Keep(7, "b");
  }
  void Keep(int installation, const std::string& address) {
    Arrival arrival =
        ReadArrival(EngineReport(InstallationId(installation)), std::to_string(++keys_));
    arrival.address = std::string(16, address[0]);
    ASSERT_TRUE(store_->Keep(std::span(&arrival, 1), now_).ok());
  }
  Ran Quarantine(const std::string& words) const {
    return RunLine(std::string(CANDOR_COLLECTOR) + " quarantine " + words + " --folder " +
                   folder_.Path("store"));
  }
  CatalogueStatistics Engine() const {
    const std::int64_t day = now_ / kDayMs;
    const auto read = ReadStatistics(*store_, catalogues_, {.first_day = day, .last_day = day});
    EXPECT_TRUE(read.ok());
    return read.ok() && !read.value().catalogues.empty() ? read.value().catalogues.front()
                                                         : CatalogueStatistics();
  }
  const Folder folder_{MemoryFolder()};
  const std::vector<Catalogue> catalogues_ = CollectorCatalogues({}).value();
  const std::int64_t now_ = SystemClock().Wall();
  const std::unique_ptr<CollectorStore> store_;
  int keys_ = 0;
};

TEST_F(QuarantineTest, StatisticsLeaveOutWhatIsHeldUntilItIsReleased) {
  EXPECT_EQ(Engine().installations, 19);
  EXPECT_EQ(Engine().reports, 19);
  const Ran list = Quarantine("list");
  EXPECT_EQ(list.status, 0) << list.output;
  EXPECT_EQ(std::count(list.output.begin(), list.output.end(), '\n'), 601);
  EXPECT_NE(list.output.find(" too-many-in-a-day engine " + InstallationId(7) + "\n"),
            std::string::npos);
  const std::string first = list.output.substr(0, list.output.find(' '));
  EXPECT_EQ(Quarantine("release " + first).status, 0);
  EXPECT_EQ(Engine().installations, 20);
  EXPECT_EQ(Engine().reports, 20);
  const std::string left = Quarantine("list").output;
  EXPECT_EQ(std::count(left.begin(), left.end(), '\n'), 600);
  EXPECT_FALSE(left.starts_with(first + " "));
}

TEST_F(QuarantineTest, DroppedReportsAreGoneAndNumbersOfNoneAreTold) {
  const Ran list = Quarantine("list");
  std::string numbers;
  std::size_t at = 0;
  for (int i = 0; i < 101; ++i) {
    numbers += list.output.substr(at, list.output.find(' ', at) - at) + " ";
    at = list.output.find('\n', at) + 1;
  }
  EXPECT_EQ(Quarantine("drop " + numbers).status, 0);
  // What is left is no flood.
  EXPECT_EQ(Quarantine("list").output, "");
  EXPECT_EQ(Engine().reports, 19 + 500);
  EXPECT_EQ(Quarantine("drop 999999").status, 2);
  EXPECT_EQ(Quarantine("release 999999").status, 2);
}

TEST(ArrivalReaderTest, KeepsTheTimesOfUsageForInspection) {
  const std::string head = R"({"installation": {"cid": "a", "iid": "b"}, "dataPoints": [)";
  const auto point = [](int from, int to) {
    return R"({"entities": [{"id": "c", "type": "cluster"}, {"id": "z", "type": "component"}],
               "key": "process-instances", "type": 1, "transferredValue": "5", "value": 5,
               "tsFrom": )" +
           std::to_string(from) + R"(, "tsTo": )" + std::to_string(to) + "}";
  };
  const Arrival arrival = ReadArrival(head + point(20, 30) + "," + point(10, 25) + "]}");
  EXPECT_EQ(arrival.values, R"({"numbers":{"/dataPoints/process-instances":10,)"
                            R"("/dataPoints/process-instances/tsFrom":10,)"
                            R"("/dataPoints/process-instances/tsTo":30},"texts":{}})");
}

}  // namespace
}  // namespace candor
