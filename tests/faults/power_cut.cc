// Power cuts under a state: ext4 is shut down without writing its log while a process changes a
// state on it, then mounted again. What was acknowledged must be there.
//
// Usage, by power_cut.sh: power_cut DEVICE MOUNTPOINT ROUNDS SEED [--no-sync]
// With --no-sync SQLite's syncs do nothing, and something must be lost: else the cuts cut nothing.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "core/problems.h"
#include "core/sha256.h"
#include "native/state/sqlite_store.h"
#include "tests/faults/cut_disk.h"
#include "tests/native/fault_vfs.h"

namespace candor {
namespace {

constexpr int kRoundsPerFolder = 25;  // Then a new one, so that creating is cut, too.

[[noreturn]] void Die(const std::string& what) {
  std::fprintf(stderr, "power_cut: %s: %s\n", what.c_str(), std::strerror(errno));
  std::exit(2);
}

std::string IdOf(std::int64_t revision) {
  std::array<char, 64> id{};
  std::snprintf(id.data(), id.size(), "00000000-0000-4000-8000-%012lld",
                static_cast<long long>(revision));
  return id.data();
}

// A change as the reporter makes them: a journal entry, and a sealed report that takes the place of
// the one before.
StateChange NextChange(const Snapshot& now, std::mt19937& random) {
  const std::int64_t revision = now.revision + 1;
  StateChange change;
  change.state = now.state;
  change.state.installation = "0190c6a1-7d2f-4b8c-9f3e-2a1b3c4d5e6f";
  change.state.failed_rounds = revision;
  change.journal = {{"sealed", "{\"report\": \"" + IdOf(revision) + "\"}"}};
  if (revision % 3 == 0 && now.pending) {
    change.report = *now.pending;
    change.report->bytes.clear();
    change.report->fate = Fate::kAccepted;
    change.state.pending.clear();
    return change;
  }
  SealedReport report;
  report.id = IdOf(revision);
  report.bytes = "{\"n\": \"" + std::string(random() % 20'000, 'x') + IdOf(revision) + "\"}\n";
  report.size = static_cast<std::int64_t>(report.bytes.size());
  report.digest = Sha256Hex(report.bytes);
  change.state.pending = report.id;
  change.report = std::move(report);
  return change;
}

// Until it is killed. Tells each acknowledged revision through `out`.
[[noreturn]] void Write(const std::string& folder, unsigned seed, int out) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::mt19937 random(seed);
  const Result<std::unique_ptr<StateStore>> store = OpenSqliteStore(folder);
  while (store.ok()) {
    const Result<Snapshot> now = store.value()->Read();
    if (!now.ok()) break;
    const Result<std::int64_t> done =
        store.value()->Apply(NextChange(now.value(), random), now.value().revision);
    if (!done.ok()) break;
    const std::int64_t revision = done.value();
    if (write(out, &revision, sizeof(revision)) != sizeof(revision)) break;
  }
  close(out);
  for (;;) pause();
}

struct Totals {
  int rounds = 0, lost = 0;
  std::int64_t acknowledged = 0;
};

class Cutter {
 public:
  Cutter(std::string device, std::string mountpoint, unsigned seed)
      : disk_(std::move(device), std::move(mountpoint)), random_(seed) {}

  void Round() {
    disk_.Mount();
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) Die("pipe");
    const unsigned seed = random_();
    const pid_t writer = fork();
    if (writer < 0) Die("fork");
    if (writer == 0) Write(Folder(), seed, ends[1]);
    close(ends[1]);
    std::int64_t acknowledged = known_;
    const int wanted = static_cast<int>(random_() % 12);
    for (int i = 0; i < wanted; ++i) {
      if (read(ends[0], &acknowledged, sizeof(acknowledged)) != sizeof(acknowledged)) Die("writer");
    }
    usleep(random_() % 1500);
    // Only what came before the cut counts: while it shuts down, ext4 lets a sync succeed whose
    // blocks it could no longer enter in its log. Where the power is gone nobody hears that.
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    while (read(ends[0], &acknowledged, sizeof(acknowledged)) == sizeof(acknowledged)) {
    }
    disk_.Cut();
    kill(writer, SIGKILL);
    waitpid(writer, nullptr, 0);
    close(ends[0]);
    disk_.Unmount();
    disk_.Mount();
    totals_.acknowledged += acknowledged - known_;
    ++totals_.rounds;
    if (!IsWhole(acknowledged) || totals_.rounds % kRoundsPerFolder == 0) NewFolder();
    disk_.Unmount();
  }

  const Totals& totals() const { return totals_; }

 private:
  std::string Folder() const { return disk_.mountpoint() + "/state-" + std::to_string(folder_); }

  bool IsWhole(std::int64_t acknowledged) {
    const std::string problem = ProblemOf(acknowledged);
    if (problem.empty()) return true;
    std::printf("round %d: acknowledged %lld: %s\n", totals_.rounds,
                static_cast<long long>(acknowledged), problem.c_str());
    ++totals_.lost;
    return false;
  }

  std::string ProblemOf(std::int64_t acknowledged) {
    const Result<std::unique_ptr<StateStore>> opened = OpenSqliteStore(Folder());
    if (!opened.ok()) return ProblemsAsText(opened.problems());
    StateStore& store = *opened.value();
    if (!store.set_aside().empty()) return store.set_aside();
    const Result<Snapshot> read = store.Read();
    if (!read.ok()) return ProblemsAsText(read.problems());
    known_ = read.value().revision;
    if (known_ < acknowledged) return "is at " + std::to_string(known_);
    if (known_ > 0 && read.value().state.failed_rounds != known_) return "is another state";
    if (!read.value().state.pending.empty() && !read.value().pending) return "lost its report";
    const auto journal = store.ReadJournal(0, 1'000'000);
    if (!journal.ok()) return ProblemsAsText(journal.problems());
    const std::size_t linked = CountLinked(journal.value());
    if (linked != static_cast<std::size_t>(known_) || linked != journal.value().size()) {
      return "has a chain of " + std::to_string(linked);
    }
    const auto reports = store.ListReports(1000);
    if (!reports.ok()) return ProblemsAsText(reports.problems());
    for (const SealedReport& report : reports.value()) {
      const auto whole = store.ReadReport(report.id);
      if (!whole.ok()) return ProblemsAsText(whole.problems());
      const std::string& bytes = whole.value().bytes;
      if (!bytes.empty() && Sha256Hex(bytes) != report.digest) return "changed " + report.id;
    }
    return {};
  }

  void NewFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(Folder(), ignored);
    ++folder_;
    known_ = 0;
  }

  CutDisk disk_;
  std::mt19937 random_;
  int folder_ = 0;
  std::int64_t known_ = 0;  // The revision that the state on the disk has.
  Totals totals_;
};

}  // namespace
}  // namespace candor

int main(int count, char** words) {
  if (count < 5) {
    std::fprintf(stderr, "usage: power_cut DEVICE MOUNTPOINT ROUNDS SEED [--no-sync]\n");
    return 2;
  }
  const int rounds = std::atoi(words[3]);
  const auto seed = static_cast<unsigned>(std::strtoul(words[4], nullptr, 10));
  const bool no_sync = count > 5 && std::string(words[5]) == "--no-sync";
  if (no_sync) {
    candor::FaultVfs::Install();
    candor::FaultVfs::IgnoreSync();
  }
  candor::Cutter cutter(words[1], words[2], seed);
  for (int round = 0; round < rounds; ++round) cutter.Round();
  const candor::Totals& totals = cutter.totals();
  std::printf("%d power cuts%s, %lld changes acknowledged, %d rounds lost something, seed %u\n",
              totals.rounds, no_sync ? " without syncs" : "",
              static_cast<long long>(totals.acknowledged), totals.lost, seed);
  return (totals.lost != 0) == no_sync ? 0 : 1;
}
