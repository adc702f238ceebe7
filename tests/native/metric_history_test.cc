#include "native/scrape/metric_history.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "core/json_reader.h"
#include "native/reporter/setup.h"
#include "native/scrape/exposition_reading.h"
#include "native/scrape/metric_history_text.h"
#include "native/serve/kept_history.h"

namespace candor {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;

class StillClock : public Clock {
 public:
  UnixMillis Wall() override { return wall; }
  std::int64_t BootMillis() override { return boot; }
  std::string BootId() override { return "boot"; }
  void Pass(std::int64_t ms) {
    wall += ms;
    boot += ms;
  }
  UnixMillis wall = 1'795'262'400'000;
  std::int64_t boot = 1'000'000'000;
};

const Catalogue& Console() {
  static const Setup setup = [] {
    SetupOptions options;
    options.catalogue_name = "console";
    return LoadSetup(options).value();
  }();
  return setup.offered;
}

Collection Saying(const std::string& exposition, const std::string& id = "operate") {
  Collection collection;
  collection.components.resize(1);
  collection.components[0].release = "r";
  collection.components[0].name_space = "n";
  collection.components[0].id = id;
  collection.components[0].exposition = exposition;
  return collection;
}

std::string Opened(std::size_t count) {
  return "# TYPE process_open_fds gauge\nprocess_open_fds " + std::to_string(count) + "\n";
}

class MetricHistoryTest : public testing::Test {
 protected:
  void Add(const Collection& collection) {
    clock_.Pass(kMinuteMs);
    history_.Add(collection, Console());
  }
  JsonValue Json(const MetricHistory& history, const std::string& component,
                 UnixMillis since = 0) const {
    const std::optional<std::string> json = history.Json(component, since);
    return json ? ReadJson(*json).value() : JsonValue();
  }
  // "1,2,null" of the series of the only component that is meant.
  std::string Values(const std::string& name, const std::string& member = "values",
                     UnixMillis since = 0) const {
    return ValuesOf(history_, name, member, since);
  }
  std::string ValuesOf(const MetricHistory& history, const std::string& name,
                       const std::string& member = "values", UnixMillis since = 0) const {
    const JsonValue json = Json(history, "operate", since);
    if (!json.is_object()) return "nobody";
    std::string text;
    for (const JsonValue& series : json.Find("components")->items().at(0).Find("series")->items()) {
      if (series.Find("name")->text() != name) continue;
      for (const JsonValue& value : series.Find(member)->items()) {
        text += (text.empty() ? "" : ",") + (value.is_null() ? "null" : value.text());
      }
    }
    return text;
  }

  StillClock clock_;
  MetricHistory history_{clock_};
};

TEST(MetricSeriesTest, CountsThatGrowByMillionsAreExact) {
  std::mt19937_64 random(1);
  MetricSeries series;
  std::vector<double> pushed;
  double count = 7e15;
  for (int i = 0; i < 2000; ++i) {
    count += static_cast<double>(random() % (1 << 23));
    series.Push(count);
    pushed.push_back(count);
  }
  pushed.erase(pushed.begin(), pushed.end() - MetricSeries::kMost);
  const auto values = series.Values();
  for (std::size_t i = 0; i < MetricSeries::kMost; ++i) ASSERT_EQ(values[i], pushed[i]) << i;
}

TEST(MetricSeriesTest, ErrorsDoNotAddUp) {
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> step(-1, 1);
  MetricSeries series;
  std::vector<double> pushed;
  double value = 1000;
  for (int i = 0; i < 100'000; ++i) {
    value += step(random);
    series.Push(value);
    pushed.push_back(value);
  }
  pushed.erase(pushed.begin(), pushed.end() - MetricSeries::kMost);
  const auto values = series.Values();
  for (std::size_t i = 0; i < MetricSeries::kMost; ++i) {
    ASSERT_NEAR(*values[i], pushed[i], 3e-7) << i;
  }
}

TEST(MetricSeriesTest, ACounterThatBeginsAfreshIsExactAtOnce) {
  MetricSeries series;
  for (const double value : {9e15, 5.0, 8.0}) series.Push(value);
  EXPECT_EQ(series.Values(), (std::vector<std::optional<double>>{9e15, 5.0, 8.0}));
}

TEST(MetricSeriesTest, WhatNoFloatReachesIsAGap) {
  MetricSeries series;
  for (const double value : {1.0, 1e300, std::nan(""), HUGE_VAL, -0.0, 2.0}) series.Push(value);
  EXPECT_EQ(series.Values(), (std::vector<std::optional<double>>{1.0, {}, {}, {}, 0.0, 2.0}));
}

TEST(SumFamiliesTest, SumsSamplesButNoBucketsAndNoInfos) {
  const std::vector<FamilySelection> families = {{"a", {"x"}},    {"h", {}}, {"s", {}},
                                                 {"go_info", {}}, {"n", {}}, {"absent", {}}};
  const auto sums = SumFamilies(
      "# TYPE a gauge\na{x=\"1\"} 1.5\na{x=\"2\"} 2\n"
      "# TYPE h histogram\nh_bucket{le=\"1\"} 3\nh_bucket{le=\"+Inf\"} 4\nh_count 4\nh_sum 9\n"
      "# TYPE s summary\ns{quantile=\"0.5\"} 100\ns_count 6\ns_sum 7\n"
      "# TYPE go_info gauge\ngo_info 1\n# TYPE n gauge\nn NaN\n",
      families);
  EXPECT_EQ(sums, (std::map<std::string, double>{
                      {"a", 3.5}, {"h_count", 4}, {"h_sum", 9}, {"s_count", 6}, {"s_sum", 7}}));
}

TEST_F(MetricHistoryTest, ADownComponentLeavesAGap) {
  Add(Saying(Opened(7)));
  Add(Saying(""));
  Add(Saying(Opened(9)));
  EXPECT_EQ(Values("process_open_fds"), "7,null,9");
}

TEST_F(MetricHistoryTest, WhatComesLaterHasGapsBefore) {
  Add(Saying(""));
  Collection collection = Saying(Opened(3));
  collection.components[0].cpu = 0.25;
  collection.components[0].memory_used = 1024;
  Add(collection);
  EXPECT_EQ(Values("process_open_fds"), "null,3");
  EXPECT_EQ(Values("cpu"), "null,0.25");
  EXPECT_EQ(Values("memory"), "null,1024");
}

TEST_F(MetricHistoryTest, ACounterThatBeganAfreshIsMarked) {
  for (const char* const count : {"5", "8", "2", "4"}) {
    Add(Saying("# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total " +
               std::string(count) + "\n"));
  }
  EXPECT_EQ(Values("process_cpu_seconds_total"), "5,8,2,4");
  EXPECT_EQ(Values("process_cpu_seconds_total", "resets"), std::to_string(clock_.wall - kMinuteMs));
}

TEST_F(MetricHistoryTest, OnlyTheLastSixHoursAreKept) {
  for (std::size_t i = 0; i < 1000; ++i) Add(Saying(Opened(i)));
  const JsonValue json = Json(history_, "r/operate");
  EXPECT_EQ(json.Find("times")->items().size(), 361u);
  const std::string values = Values("process_open_fds");
  EXPECT_EQ(values.substr(0, 4), "639,");
  EXPECT_EQ(values.substr(values.size() - 4), ",999");
  EXPECT_EQ(Values("process_open_fds", "values", clock_.wall - 2 * kMinuteMs), "998,999");
}

TEST_F(MetricHistoryTest, FastRoundsAreThinnedToMinutes) {
  for (std::size_t i = 0; i < 60; ++i) {
    clock_.Pass(10'000);
    history_.Add(Saying(Opened(i)), Console());
  }
  EXPECT_EQ(Values("process_open_fds"), "0,6,12,18,24,30,36,42,48,54");
}

TEST_F(MetricHistoryTest, ComponentsThatGoAreForgottenAndThoseThatStayStay) {
  Collection two = Saying(Opened(1));
  two.components.push_back(Saying(Opened(2), "tasklist").components[0]);
  Add(two);
  Add(Saying(Opened(3)));
  EXPECT_EQ(Values("process_open_fds"), "1,3");
  EXPECT_FALSE(history_.Json("tasklist", 0).has_value());
  EXPECT_EQ(Json(history_, "").Find("components")->items().size(), 1u);
}

TEST_F(MetricHistoryTest, FourSeriesOfSixHoursTakeLessThanSixteenKilobytes) {
  Collection collection = Saying(Opened(1) + "# TYPE process_max_fds gauge\nprocess_max_fds 2\n");
  collection.components[0].cpu = 0.5;
  collection.components[0].memory_used = 1e9;
  for (std::size_t i = 0; i < 1000; ++i) Add(collection);
  // 4,096 of them are the times, for all components together.
  EXPECT_LT(history_.MemoryBytes() - 4'096, 6'200u);
}

TEST_F(MetricHistoryTest, AClockThatJumpsTakesTheHistoryAlong) {
  Add(Saying(Opened(1)));
  clock_.wall -= std::int64_t{400} * 24 * 3'600'000;
  Add(Saying(Opened(2)));
  const auto times = Json(history_, "operate").Find("times")->items();
  EXPECT_EQ(times.at(0).text(), std::to_string(clock_.wall - kMinuteMs));
  EXPECT_EQ(times.at(1).text(), std::to_string(clock_.wall));
}

TEST_F(MetricHistoryTest, ANoForgetsAndAYesBeginsAgain) {
  Add(Saying(Opened(1)));
  history_.MayKeep(false);
  Add(Saying(Opened(2)));
  EXPECT_TRUE(history_.is_empty());
  history_.MayKeep(true);
  Add(Saying(Opened(3)));
  EXPECT_EQ(Values("process_open_fds"), "3");
}

TEST_F(MetricHistoryTest, ALaterProcessReadsWhatIsYoungerThanSixHours) {
  for (std::size_t i = 0; i < 10; ++i) Add(Saying(i == 4 ? "" : Opened(i)));
  const std::string bytes = history_.Bytes();
  // The machine was started again, and its clock was set.
  clock_.boot = 5'000;
  MetricHistory later(clock_);
  ASSERT_TRUE(later.Read(bytes));
  // The last round was now, and is no round before now.
  EXPECT_EQ(ValuesOf(later, "process_open_fds"), "0,1,2,3,null,5,6,7,8");
  clock_.Pass(kHistoryMs - 5 * kMinuteMs);
  ASSERT_TRUE(later.Read(bytes));
  EXPECT_EQ(ValuesOf(later, "process_open_fds"), "5,6,7,8,9");
  clock_.wall -= 2 * kHistoryMs;
  ASSERT_TRUE(later.Read(bytes));
  EXPECT_EQ(ValuesOf(later, "process_open_fds"), "");
}

TEST_F(MetricHistoryTest, EveryFlippedBitAndEveryCutIsNoticed) {
  for (std::size_t i = 0; i < 3; ++i) Add(Saying(Opened(i)));
  const std::string bytes = history_.Bytes();
  MetricHistory later(clock_);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    ASSERT_FALSE(later.Read(bytes.substr(0, i))) << i;
    std::string flipped = bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ (1 << i % 8));
    ASSERT_FALSE(later.Read(flipped)) << i;
  }
  EXPECT_TRUE(later.is_empty());
}

class KeptHistoryTest : public MetricHistoryTest {
 protected:
  KeptHistoryTest() : folder_(MakeFolder()), file_(folder_ / "history"), kept_(folder_, clock_) {
    kept_.MayKeep(true);
    kept_.metrics().Add(Saying(Opened(1)), Console());
    clock_.Pass(kMinuteMs);
  }
  ~KeptHistoryTest() override { std::filesystem::remove_all(folder_); }

  static std::string MakeFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "candor-kept-XXXXXX";
    return ::mkdtemp(pattern.data());
  }
  // What a later process says of it, and holds.
  std::string Load() {
    KeptHistory later(folder_, clock_);
    std::string why = later.Load();
    return why + "|" + ValuesOf(later.metrics(), "process_open_fds");
  }
  std::string Refused(const std::string& why) const {
    return file_.string() + " " + why + "|nobody";
  }

  const std::filesystem::path folder_, file_;
  KeptHistory kept_;
};

TEST_F(KeptHistoryTest, IsReadByALaterProcessAndByNobodyElse) {
  EXPECT_EQ(Load(), "|nobody");
  EXPECT_EQ(kept_.Save(), "");
  EXPECT_EQ(std::filesystem::status(file_).permissions(), std::filesystem::perms{0600});
  EXPECT_EQ(Load(), "|1");
  kept_.metrics().Add(Saying(Opened(2)), Console());
  clock_.Pass(kMinuteMs);
  EXPECT_EQ(kept_.Save(), "");
  EXPECT_EQ(Load(), "|1,2");
}

TEST_F(KeptHistoryTest, ADamagedFileStartsEmptyAndSaysSo) {
  ASSERT_EQ(kept_.Save(), "");
  std::filesystem::resize_file(file_, std::filesystem::file_size(file_) - 1);
  EXPECT_EQ(Load(), Refused("is damaged"));
}

TEST_F(KeptHistoryTest, WhatIsNotOursIsNotRead) {
  ASSERT_EQ(kept_.Save(), "");
  ::chmod(file_.c_str(), 0666);
  EXPECT_EQ(Load(), Refused("can be changed by others"));
  std::filesystem::rename(file_, folder_ / "elsewhere");
  ::chmod((folder_ / "elsewhere").c_str(), 0600);
  std::filesystem::create_symlink("elsewhere", file_);
  EXPECT_EQ(Load(), Refused("is a symbolic link"));
  std::filesystem::remove(file_);
  ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
  EXPECT_EQ(Load(), Refused("is no regular file"));
  std::filesystem::remove(file_);
  std::ofstream(file_) << "x";
  std::filesystem::resize_file(file_, kMostHistoryBytes + 1);
  EXPECT_EQ(Load(), Refused("is longer than 64 MiB"));
}

TEST_F(KeptHistoryTest, ALinkInItsPlaceIsReplacedAndNotFollowed) {
  std::ofstream(folder_ / "victim") << "mine";
  std::filesystem::create_symlink("victim", file_);
  std::filesystem::create_symlink("victim", file_.string() + ".new");
  EXPECT_EQ(kept_.Save(), "");
  EXPECT_EQ(Load(), "|1");
  EXPECT_EQ(std::filesystem::file_size(folder_ / "victim"), 4u);
}

TEST_F(KeptHistoryTest, ANoRemovesTheFile) {
  ASSERT_EQ(kept_.Save(), "");
  kept_.MayKeep(false);
  EXPECT_FALSE(std::filesystem::exists(file_));
  EXPECT_EQ(kept_.Save(), "");
  EXPECT_FALSE(std::filesystem::exists(file_)) << "there is nothing to keep";
}

}  // namespace
}  // namespace candor
