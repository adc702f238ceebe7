// What a counter file may have gone through, and where there can be none.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "native/counters/counters.h"
#include "native/counters/layout.h"
#include "tests/native/folder.h"

namespace candor {
namespace {

namespace fs = std::filesystem;
using Values = std::vector<std::pair<std::string, std::uint64_t>>;

constexpr int kSkipped = 77;

// The exit status of a child that runs `work`, or 128 + the signal it died of.
int StatusOf(const std::function<int()>& work) {
  const pid_t child = fork();
  if (child == 0) _exit(work());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

template <typename T>
void Overwrite(const std::string& path, std::size_t at, const T& value) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(at));
  file.write(reinterpret_cast<const char*>(&value), sizeof(value));
}

std::string CountIn(const std::string& path, const char* name, std::uint64_t n) {
  Counters counters(path);
  counters.Add(counters.Intern(name), n);
  return counters.Totals().epoch;
}

bool CountsInMemory(const std::string& path) {
  Counters counters(path);
  counters.Add(counters.Intern("a"), 3);
  counters.See(0, "x", 1);
  return !counters.why_in_memory().empty() && counters.Sync() &&
         counters.Totals().values == Values{{"a", 3}};
}

class CounterFileTest : public testing::Test {
 protected:
  void ExpectSetAside() {
    const std::string before = Read(path_);
    const Counters counters(path_);
    EXPECT_EQ(counters.why_in_memory(), "");
    EXPECT_EQ(counters.Totals().values, Values());
    EXPECT_NE(counters.Totals().epoch, epoch_);
    EXPECT_TRUE(Read(path_ + ".damaged-1") == before);
    EXPECT_EQ(fs::file_size(path_), sizeof(Layout));
  }

  const Folder folder_;
  const std::string path_ = folder_.Path("counters");
  const std::string epoch_ = CountIn(path_, "a", 5);
};

TEST_F(CounterFileTest, IsForItsOwnerOnly) {
  struct stat status = {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_GE(static_cast<std::size_t>(status.st_blocks) * 512, sizeof(Layout));
  EXPECT_FALSE(fs::exists(path_ + ".new"));
}

TEST_F(CounterFileTest, SetsADamagedHeaderAside) {
  Overwrite(path_, offsetof(LayoutHeader, epoch), 'x');
  ExpectSetAside();
}

TEST_F(CounterFileTest, SetsAnotherVersionAside) {
  Overwrite(path_, offsetof(LayoutHeader, version), kLayoutVersion + 1);
  const std::string header = Read(path_).substr(0, offsetof(LayoutHeader, check));
  Overwrite(path_, offsetof(LayoutHeader, check), SipHash({}, header));
  ExpectSetAside();
}

TEST_F(CounterFileTest, SetsAFileOfAnotherSizeAside) {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{100}, sizeof(Layout) - 1, sizeof(Layout) + 1}) {
    fs::resize_file(path_, size);
    ExpectSetAside();
    fs::remove(path_ + ".damaged-1");
  }
}

TEST_F(CounterFileTest, KeepsNineDamagedFiles) {
  for (int i = 0; i < 12; ++i) {
    Overwrite(path_, 0, i);
    EXPECT_EQ(Counters(path_).why_in_memory(), "");
  }
  const auto files = std::distance(fs::directory_iterator(folder_.Path("")), {});
  EXPECT_EQ(files, 9 + 2);  // And the file itself and its lock.
}

TEST_F(CounterFileTest, ProcessesThatMeetADamagedFileAgreeOnTheNext) {
  for (int round = 0; round < 20; ++round) {
    if (round % 2 == 0) Overwrite(path_, 0, 'x');
    if (round % 2 == 1) fs::remove(path_);
    int gate[2];
    ASSERT_EQ(pipe(gate), 0);
    for (int process = 0; process < 6; ++process) {
      if (fork() != 0) continue;
      char byte = 0;
      close(gate[1]);
      if (read(gate[0], &byte, 1) != 0) _exit(1);
      CountIn(path_, "a", 1);
      _exit(0);
    }
    close(gate[0]);
    close(gate[1]);
    for (int process = 0; process < 6; ++process) wait(nullptr);
    EXPECT_EQ(Counters(path_).Totals().values, (Values{{"a", 6}}));
  }
  EXPECT_TRUE(fs::exists(path_ + ".damaged-9"));
}

TEST_F(CounterFileTest, FillsAnEntryThatADeadProcessLeft) {
  Overwrite(path_, offsetof(Layout, names), std::uint64_t{0});
  Counters counters(path_);
  EXPECT_EQ(counters.Totals().values, Values());
  EXPECT_EQ(counters.Intern("b"), 1u);
  EXPECT_EQ(counters.Totals().values, (Values{{"b", 0}}));
  EXPECT_EQ(counters.Intern("a"), 0u);
  EXPECT_EQ(counters.Totals().values, (Values{{"a", 5}, {"b", 0}}));
}

TEST_F(CounterFileTest, DoesNotShowADamagedNameAndMendsIt) {
  Overwrite(path_, offsetof(Layout, names) + offsetof(NameEntry, words), 'z');
  Counters counters(path_);
  EXPECT_EQ(counters.Totals().values, Values());
  EXPECT_EQ(counters.Intern("a"), 0u);
  EXPECT_EQ(counters.Totals().values, (Values{{"a", 5}}));
}

TEST_F(CounterFileTest, LosesNothingWhenAClaimIsDamaged) {
  CountIn(path_, "b", 7);
  for (const std::uint64_t claim : {std::uint64_t{0}, std::uint64_t{99}}) {
    Overwrite(path_, offsetof(Layout, claims), claim);
    CountIn(path_, "c", 0);
    CountIn(path_, "a", 1);
  }
  EXPECT_EQ(Counters(path_).Totals().values, (Values{{"a", 7}, {"b", 7}, {"c", 0}}));
}

TEST_F(CounterFileTest, DoesNotHoldWhatWasSeen) {
  Counters counters(path_);
  counters.See(0, "worker-of-alice", 1'790'000'000'000);
  EXPECT_TRUE(counters.Sync());
  EXPECT_EQ(Read(path_).find("alice"), std::string::npos);
}

TEST_F(CounterFileTest, ReadingLeavesTheFileAsItIs) {
  const Counters counters(path_);
  const std::string before = Read(path_);
  EXPECT_EQ(counters.Totals().values.size(), 1u);
  counters.SeenWithin(0, 1'790'000'000'000, kLongestWindowMs);
  EXPECT_TRUE(Read(path_) == before);
}

// ---- where there can be no file

TEST(NoCounterFileTest, FoldersLinksAndPipesAreNoFiles) {
  const Folder folder;
  EXPECT_TRUE(CountsInMemory(folder.Path("missing/counters")));
  EXPECT_TRUE(CountsInMemory(folder.Path("")));
  ASSERT_EQ(mkfifo(folder.Path("pipe").c_str(), 0600), 0);
  EXPECT_TRUE(CountsInMemory(folder.Path("pipe")));
  CountIn(folder.Path("counters"), "a", 1);
  fs::create_symlink(folder.Path("counters"), folder.Path("link"));
  EXPECT_TRUE(CountsInMemory(folder.Path("link")));
}

TEST(NoCounterFileTest, AFolderThatCannotBeWrittenIsNoPlace) {
  const Folder folder;
  ASSERT_EQ(chmod(folder.Path("").c_str(), 0555), 0);
  EXPECT_EQ(StatusOf([&] {
              if (geteuid() == 0 && setuid(65534) != 0) return kSkipped;
              return CountsInMemory(folder.Path("counters")) ? 0 : 1;
            }),
            0);
  chmod(folder.Path("").c_str(), 0755);
}

TEST(NoCounterFileTest, LimitsOfTheProcessDoNotEndIt) {
  const Folder folder;
  for (const auto resource : {RLIMIT_FSIZE, RLIMIT_NOFILE}) {
    EXPECT_EQ(StatusOf([&] {
                const rlimit limit = {resource == RLIMIT_FSIZE ? 4096u : 3u, 4096};
                if (setrlimit(resource, &limit) != 0) return kSkipped;
                return CountsInMemory(folder.Path("counters")) ? 0 : 1;
              }),
              0);
  }
}

// Runs `work` with `folder` on a disk of 1 MB of its own.
int StatusOnSmallDisk(const Folder& folder, const std::function<int()>& work) {
  return StatusOf([&] {
    if (unshare(CLONE_NEWNS) != 0 ||
        mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("tmpfs", folder.Path("").c_str(), "tmpfs", 0, "size=1m") != 0) {
      return kSkipped;
    }
    return work();
  });
}

TEST(NoCounterFileTest, AFullDiskDoesNotEndTheHost) {
  const Folder folder;
  const std::string path = folder.Path("counters");
  const int status = StatusOnSmallDisk(folder, [&] {
    return CountsInMemory(path) && !fs::exists(path) && !fs::exists(path + ".new") ? 0 : 1;
  });
  if (status == kSkipped) GTEST_SKIP() << "mounting is not permitted";
  EXPECT_EQ(status, 0);
}

TEST(NoCounterFileTest, AFileWithHolesOnAFullDiskDoesNotEndTheHost) {
  const Folder folder, other;
  CountIn(other.Path("counters"), "a", 1);
  const std::string header = Read(other.Path("counters")).substr(0, kPageBytes);
  const std::string path = folder.Path("counters");
  const int status = StatusOnSmallDisk(folder, [&] {
    std::ofstream(path, std::ios::binary) << header;
    fs::resize_file(path, sizeof(Layout));
    return CountsInMemory(path) ? 0 : 1;
  });
  if (status == kSkipped) GTEST_SKIP() << "mounting is not permitted";
  EXPECT_EQ(status, 0);
}

TEST(NoCounterFileTest, NeverTakesTheNumberOfAStandardStream) {
  const Folder folder;
  EXPECT_EQ(StatusOf([&] {
              for (int fd = 0; fd < 3; ++fd) close(fd);
              Counters counters(folder.Path("counters"));
              counters.Add(counters.Intern("a"));
              if (!counters.why_in_memory().empty()) return 1;
              for (int fd = 0; fd < 3; ++fd) {
                if (fcntl(fd, F_GETFD) != -1) return 2;
              }
              return 0;
            }),
            0);
}

}  // namespace
}  // namespace candor
