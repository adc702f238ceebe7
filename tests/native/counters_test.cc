#include "native/counters/counters.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/native/folder.h"

// Children that start threads, and leave threads of their parent behind, are what is tested here.
extern "C" const char* __tsan_default_options() { return "die_after_fork=0:report_thread_leaks=0"; }

namespace candor {
namespace {

std::map<std::string, std::uint64_t> Values(const Counters& counters) {
  const CounterTotals totals = counters.Totals();
  return {totals.values.begin(), totals.values.end()};
}

void AddOften(Counters& counters, std::uint32_t counter, int times) {
  for (int i = 0; i < times; ++i) counters.Add(counter);
}

// Runs `work` in a child and waits for it.
void InChild(const std::function<void()>& work) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    work();
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

using Names = std::map<std::string, std::uint64_t>;

TEST(CountersTest, CountsByNameInOrder) {
  const Folder folder;
  Counters counters(folder.Path("counters"));
  EXPECT_EQ(counters.why_in_memory(), "");
  const std::uint32_t b = counters.Intern("b");
  const std::uint32_t a = counters.Intern("a");
  counters.Add(b);
  counters.Add(a, 5);
  counters.Add(b, 2);
  const CounterTotals totals = counters.Totals();
  EXPECT_EQ(totals.epoch.size(), 32u);
  EXPECT_EQ(totals.values, (decltype(totals.values){{"a", 5}, {"b", 3}}));
}

TEST(CountersTest, GivesANameItsNumberAgain) {
  const Folder folder;
  Counters counters(folder.Path("counters"));
  Counters others(folder.Path("counters"));
  const std::uint32_t first = counters.Intern("first");
  EXPECT_EQ(others.Intern("second"), first + 1);
  EXPECT_EQ(counters.Intern("second"), first + 1);
  EXPECT_EQ(counters.Intern("first"), first);
  EXPECT_EQ(others.Intern("first"), first);
}

TEST(CountersTest, RefusesNamesThatAreNone) {
  Counters counters("");
  EXPECT_EQ(counters.Intern(""), Counters::kNoCounter);
  EXPECT_EQ(counters.Intern("tab\t"), Counters::kNoCounter);
  EXPECT_EQ(counters.Intern("caf\xc3\xa9"), Counters::kNoCounter);
  EXPECT_EQ(counters.Intern(std::string_view("a\0b", 3)), Counters::kNoCounter);
  EXPECT_EQ(counters.Intern(std::string(kMaxCounterNameBytes + 1, 'x')), Counters::kNoCounter);
  EXPECT_FALSE(counters.full());
  counters.Add(Counters::kNoCounter);
  EXPECT_EQ(Values(counters), Names());
  const std::string longest(kMaxCounterNameBytes, 'x');
  counters.Add(counters.Intern(longest));
  EXPECT_EQ(Values(counters), (Names{{longest, 1}}));
}

TEST(CountersTest, SaysWhenThereAreTooManyNames) {
  const Folder folder;
  Counters counters(folder.Path("counters"));
  for (std::size_t i = 0; i < kMaxCounterNames; ++i) {
    const std::uint32_t counter = counters.Intern("name " + std::to_string(i));
    ASSERT_NE(counter, Counters::kNoCounter);
    counters.Add(counter, i + 1);
  }
  EXPECT_FALSE(counters.full());
  EXPECT_EQ(counters.Intern("one more"), Counters::kNoCounter);
  EXPECT_TRUE(counters.full());
  EXPECT_EQ(Values(counters).size(), kMaxCounterNames);
  EXPECT_EQ(Values(counters).at("name 2047"), 2048u);
}

TEST(CountersTest, ContinuesWhereTheFileStands) {
  const Folder folder;
  std::string epoch;
  for (std::uint64_t round = 1; round <= 3; ++round) {
    Counters counters(folder.Path("counters"));
    counters.Add(counters.Intern("a"));
    if (round == 1) epoch = counters.Totals().epoch;
    EXPECT_EQ(counters.Totals().epoch, epoch);
    EXPECT_EQ(Values(counters), (Names{{"a", round}}));
  }
}

TEST(CountersTest, TwoFilesHaveTwoEpochs) {
  EXPECT_NE(Counters("").Totals().epoch, Counters("").Totals().epoch);
}

TEST(CountersTest, ThreadsComeAndGo) {
  const Folder folder;
  Counters counters(folder.Path("counters"));
  const std::uint32_t counter = counters.Intern("a");
  for (int round = 0; round < 50; ++round) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] { AddOften(counters, counter, 1000); });
    }
  }
  EXPECT_EQ(Values(counters), (Names{{"a", 200'000}}));
}

TEST(CountersTest, MoreThreadsThanSlabsCountExactly) {
  for (const bool in_file : {true, false}) {
    const Folder folder;
    Counters counters(in_file ? folder.Path("counters") : "");
    const std::uint32_t counter = counters.Intern("a");
    {
      std::atomic<int> started = 0;
      std::vector<std::jthread> threads;
      for (int i = 0; i < 100; ++i) {
        threads.emplace_back([&] {
          counters.Add(counter);
          ++started;
          while (started < 100) std::this_thread::yield();
          AddOften(counters, counter, 999);
        });
      }
    }
    EXPECT_EQ(Values(counters), (Names{{"a", 100'000}}));
  }
}

TEST(CountersTest, ObjectsOnOneFileAddUp) {
  const Folder folder;
  std::vector<std::unique_ptr<Counters>> all;
  for (int i = 0; i < 20; ++i) all.push_back(std::make_unique<Counters>(folder.Path("counters")));
  for (const auto& counters : all) AddOften(*counters, counters->Intern("a"), 100);
  EXPECT_EQ(Values(*all.back()), (Names{{"a", 2000}}));
}

TEST(CountersTest, AnObjectInThePlaceOfAnotherHasCellsOfItsOwn) {
  const Folder folder;
  std::atomic<Counters*> current = nullptr;
  std::atomic<int> done = 0;
  std::jthread thread([&] {
    for (int round = 0; round < 3; ++round) {
      while (done != 2 * round + 1) std::this_thread::yield();
      current.load()->Add(0);
      ++done;
    }
  });
  for (int round = 0; round < 3; ++round) {
    Counters counters(folder.Path("counters-" + std::to_string(round)));
    counters.Add(counters.Intern("a"));
    current = &counters;
    ++done;
    while (done != 2 * round + 2) std::this_thread::yield();
    EXPECT_EQ(Values(counters), (Names{{"a", 2}}));
  }
}

TEST(CountersTest, AThreadMayOutliveTheObject) {
  std::atomic<bool> gone = false;
  auto counters = std::make_unique<Counters>("");
  std::atomic<bool> counted = false;
  std::jthread thread([&] {
    counters->Add(counters->Intern("a"));
    counted = true;
    while (!gone) std::this_thread::yield();
  });
  while (!counted) std::this_thread::yield();
  EXPECT_EQ(Values(*counters), (Names{{"a", 1}}));
  counters.reset();
  gone = true;
}

TEST(CountersTest, LeavesErrnoAlone) {
  Counters counters("");
  errno = ENOENT;
  counters.Add(counters.Intern("a"));
  EXPECT_EQ(errno, ENOENT);
}

// ---- fork

class CountersForkTest : public testing::TestWithParam<bool> {
 protected:
  Folder folder_;
  Counters counters_{GetParam() ? folder_.Path("counters") : ""};
  const std::uint32_t counter_ = counters_.Intern("a");
};

INSTANTIATE_TEST_SUITE_P(FileAndMemory, CountersForkTest, testing::Bool());

TEST_P(CountersForkTest, ChildAndGrandchildCountExactly) {
  AddOften(counters_, counter_, 10);
  std::atomic<bool> stop = false;
  std::jthread beside([&] { AddOften(counters_, counter_, 100'000); });
  InChild([&] {
    AddOften(counters_, counter_, 100'000);
    counters_.Add(counters_.Intern("of the child"));
    InChild([&] { AddOften(counters_, counter_, 100'000); });
    std::thread thread([&] { AddOften(counters_, counter_, 1000); });
    thread.join();
    AddOften(counters_, counter_, 9);
  });
  AddOften(counters_, counter_, 1);
  beside.join();
  EXPECT_EQ(Values(counters_), (Names{{"a", 301'020}, {"of the child", 1}}));
}

// Both from the thread that forked, whether it had cells before or not.
TEST_P(CountersForkTest, ParentAndChildCountAtOnce) {
  constexpr int kTimes = 10'000'000;
  for (const int before : {0, 1}) {
    Counters counters(GetParam() ? folder_.Path("counters-" + std::to_string(before)) : "");
    const std::uint32_t counter = counters.Intern("a");
    AddOften(counters, counter, before);
    void* const page =
        mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(page, MAP_FAILED);
    auto& ready = *static_cast<std::atomic<int>*>(page);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    ++ready;
    while (ready < 2) std::this_thread::yield();
    AddOften(counters, counter, kTimes);
    if (child == 0) _exit(0);
    waitpid(child, nullptr, 0);
    munmap(page, sizeof(int));
    EXPECT_EQ(Values(counters), (Names{{"a", 2 * kTimes + before}}));
  }
}

TEST_P(CountersForkTest, ForksWhileThreadsComeAndGo) {
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < 100; ++round) {
          std::thread([&] { AddOften(counters_, counter_, 100); }).join();
        }
      });
    }
    for (int round = 0; round < 50; ++round) {
      InChild([&] { AddOften(counters_, counter_, 100); });
    }
  }
  EXPECT_EQ(Values(counters_), (Names{{"a", 25'000}}));
}

TEST(CountersTest, AChildWhoseDescriptorsWereClosedCountsExactly) {
  const Folder folder;
  Counters counters(folder.Path("counters"));
  const std::uint32_t counter = counters.Intern("a");
  counters.Add(counter);
  InChild([&] {
    for (int fd = 3; fd < 100; ++fd) close(fd);
    AddOften(counters, counter, 100);
  });
  AddOften(counters, counter, 100);
  EXPECT_EQ(Values(counters), (Names{{"a", 201}}));
}

// ---- several processes

TEST(CountersTest, ProcessesThatMeetNewNamesAgree) {
  const Folder folder;
  constexpr int kNames = 300;
  for (int process = 0; process < 4; ++process) {
    if (fork() != 0) continue;
    Counters counters(folder.Path("counters"));
    for (int i = 0; i < kNames; ++i) counters.Add(counters.Intern("n" + std::to_string(i)), 7);
    _exit(0);
  }
  for (int process = 0; process < 4; ++process) {
    int status = 1;
    wait(&status);
    EXPECT_EQ(status, 0);
  }
  const Counters counters(folder.Path("counters"));
  const Names values = Values(counters);
  EXPECT_EQ(values.size(), kNames);
  for (const auto& [name, value] : values) EXPECT_EQ(value, 28u) << name;
}

// ---- the window

constexpr UnixMillis kNow = 1'790'000'000'000;
constexpr std::int64_t kHour = 60 * 60 * 1000;

TEST(SeenWithinTest, CountsDifferentValuesOfOneGauge) {
  const Folder folder;
  {
    Counters counters(folder.Path("counters"));
    counters.See(1, "one", kNow);
    counters.See(1, "one", kNow);
    counters.See(1, "two", kNow);
    counters.See(2, "two", kNow);
    counters.See(Counters::kNoCounter, "two", kNow);
    EXPECT_EQ(counters.SeenWithin(1, kNow, 24 * kHour), 2u);
    EXPECT_EQ(counters.SeenWithin(2, kNow, 24 * kHour), 1u);
  }
  EXPECT_EQ(Counters(folder.Path("counters")).SeenWithin(1, kNow, 24 * kHour), 2u);
}

TEST(SeenWithinTest, ForgetsWhatWasSeenBeforeTheWindow) {
  Counters counters("");
  counters.See(0, "one", kNow);
  counters.See(0, "two", kNow + kHour);
  EXPECT_EQ(counters.SeenWithin(0, kNow + 24 * kHour - 1, 24 * kHour), 2u);
  EXPECT_EQ(counters.SeenWithin(0, kNow + 24 * kHour, 24 * kHour), 1u);
  EXPECT_EQ(counters.SeenWithin(0, kNow + 2 * kHour, kHour), 0u);
  counters.See(0, "one", kNow + 2 * kHour);
  EXPECT_EQ(counters.SeenWithin(0, kNow + 2 * kHour, kHour), 1u);
}

TEST(SeenWithinTest, IsBoundedAndSaysSo) {
  Counters counters("");
  for (int i = 0; i < 12'000; ++i) counters.See(0, std::to_string(i), kNow);
  EXPECT_EQ(counters.SeenWithin(0, kNow, kHour), 12'000u);
  EXPECT_FALSE(counters.full());
  for (int i = 0; i < 20'000; ++i) counters.See(0, std::to_string(i), kNow);
  EXPECT_TRUE(counters.full());
  // A day later there is room again.
  for (int i = 0; i < 12'000; ++i) counters.See(0, "x" + std::to_string(i), kNow + 24 * kHour);
  EXPECT_EQ(counters.SeenWithin(0, kNow + 24 * kHour, kHour), 12'000u);
}

TEST(SeenWithinTest, RecoversFromAClockThatWasWrong) {
  Counters counters("");
  counters.See(0, "one", kNow + 8760 * kHour);
  EXPECT_EQ(counters.SeenWithin(0, kNow, 24 * kHour), 0u);
  counters.See(0, "one", kNow);
  counters.See(0, "two", -5);
  EXPECT_EQ(counters.SeenWithin(0, kNow, 24 * kHour), 1u);
  EXPECT_EQ(counters.SeenWithin(0, INT64_MAX, INT64_MAX), 0u);
  EXPECT_EQ(counters.SeenWithin(0, INT64_MIN, INT64_MIN), 0u);
}

TEST(SeenWithinTest, ThreadsThatSeeTheSameValuesCountThemOnce) {
  Counters counters("");
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int value = 0; value < 3000; ++value) counters.See(0, std::to_string(value), kNow);
      });
    }
  }
  EXPECT_EQ(counters.SeenWithin(0, kNow, kHour), 3000u);
}

}  // namespace
}  // namespace candor
