// Every bit and every length of a state's files, and many processes killed at any moment.
//
// Usage: state_soak [--seconds N] [--seed S] [--kills ROUNDS]
// Without --seconds all of it is done, which takes about an hour. With it, as many places as there
// is time for, in an order that the seed gives, and kills in the rest of the time.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/native/state_damage.h"
#include "tests/native/state_samples.h"

namespace candor {
namespace {

using Time = std::chrono::steady_clock;

struct Options {
  double seconds = 0;  // 0: all of it.
  unsigned seed = static_cast<unsigned>(std::time(nullptr));
  int kill_rounds = 10'000;
};

// Each place once, in an order that looks random: a step that has no factor in common with their
// number.
class Places {
 public:
  Places(std::size_t count, std::mt19937& random) : count_(count), at_(random() % count) {
    step_ = count / 2 + random() % (count / 2 + 1) + 1;
    while (std::gcd(step_, count_) != 1) ++step_;
  }
  std::size_t Next() { return at_ = (at_ + step_) % count_; }

 private:
  std::size_t count_, at_, step_;
};

class DamageSoak {
 public:
  explicit DamageSoak(unsigned seed) : seed_(seed), random_(seed) {}

  // false when something did not hold.
  bool Run(const std::string& name, const FolderImage& image, bool was_denied, std::size_t places,
           FolderImage (*damage)(FolderImage, std::size_t), Time::time_point end) {
    const TemporaryFolder folder;
    Places order(places, random_);
    DamageTotals totals;
    int failed = 0;
    for (std::size_t i = 0; i < places && Time::now() < end; ++i) {
      const std::size_t at = order.Next();
      const std::string problem = TryDamaged(folder.path(), damage(image, at), was_denied, totals);
      if (problem.empty()) continue;
      std::printf("%s at %zu: %s\n", name.c_str(), at, problem.c_str());
      ++failed;
    }
    std::printf(
        "%s: %zu of %zu places, %zu unharmed, %zu set aside, %zu refused as of a later version, "
        "%zu kept the installation, %zu the decision, %d failed, seed %u\n",
        name.c_str(), totals.cases, places, totals.whole, totals.set_aside, totals.refused,
        totals.kept_installation, totals.kept_consent, failed, seed_);
    std::fflush(stdout);
    return failed == 0;
  }

 private:
  const unsigned seed_;
  std::mt19937 random_;
};

// Processes count up in one state and in a page that they share; all are killed at any moment.
class KillSoak {
 public:
  explicit KillSoak(unsigned seed) : seed_(seed), random_(seed) {}

  bool Run(int rounds, Time::time_point end) {
    int done = 0;
    for (; done < rounds && Time::now() < end; ++done) {
      if (done % 200 == 0) NewFolder();
      if (!Round()) ++failed_;
    }
    std::printf(
        "killed processes: %d rounds, %lld changes acknowledged, %lld lost, %lld doubled, %d "
        "rounds failed, seed %u\n",
        done, static_cast<long long>(acknowledged_), static_cast<long long>(lost_),
        static_cast<long long>(doubled_), failed_, seed_);
    return failed_ == 0;
  }

 private:
  void NewFolder() {
    folder_ = std::make_unique<TemporaryFolder>();
    known_ = 0;
  }

  bool Round() {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) return false;
    std::vector<pid_t> writers;
    const int processes = 2 + static_cast<int>(random_() % 3);
    for (int i = 0; i < processes; ++i) {
      writers.push_back(fork());
      if (writers.back() == 0) Write(ends[1]);
    }
    close(ends[1]);
    usleep(static_cast<useconds_t>(random_() % 20'000));
    for (const pid_t writer : writers) kill(writer, SIGKILL);
    for (const pid_t writer : writers) waitpid(writer, nullptr, 0);
    std::int64_t told = 0;
    char word = 0;
    while (read(ends[0], &word, 1) == 1) ++told;
    close(ends[0]);
    acknowledged_ += told;
    return Check(told, processes);
  }

  [[noreturn]] void Write(int out) {
    const auto store = OpenSqliteStore(folder_->path());
    while (store.ok()) {
      const Result<Snapshot> now = store.value()->Read();
      if (!now.ok()) break;
      StateChange change;
      change.state = now.value().state;
      ++change.state.failed_rounds;
      change.journal = {{"restarted", "{\"why\": \"soak\"}"}};
      const auto applied = store.value()->Apply(change, now.value().revision);
      if (applied.ok() && write(out, "x", 1) != 1) break;
    }
    _exit(1);
  }

  // What was told is there, and beyond it at most what each process had under way.
  bool Check(std::int64_t told, int processes) {
    const auto store = OpenSqliteStore(folder_->path());
    if (!store.ok() || !store.value()->set_aside().empty()) {
      std::printf("round: %s\n",
                  store.ok() ? store.value()->set_aside().c_str() : store.error().message.c_str());
      NewFolder();
      return false;
    }
    const Snapshot now = store.value()->Read().value();
    const std::int64_t counted = now.state.failed_rounds - known_;
    const auto journal = store.value()->ReadJournal(0, 10'000'000).value();
    known_ = now.state.failed_rounds;
    lost_ += std::max<std::int64_t>(0, told - counted);
    doubled_ += std::max<std::int64_t>(0, counted - told - processes);
    const bool chained = CountLinked(journal) == journal.size() &&
                         journal.size() == static_cast<std::size_t>(known_) &&
                         now.revision == known_;
    if (!chained) std::printf("the chain is broken or not the state's\n");
    return chained && told <= counted && counted <= told + processes;
  }

  const unsigned seed_;
  std::mt19937 random_;
  std::unique_ptr<TemporaryFolder> folder_;
  std::int64_t known_ = 0, acknowledged_ = 0, lost_ = 0, doubled_ = 0;
  int failed_ = 0;
};

bool RunAll(const Options& options) {
  const auto limit = options.seconds > 0 ? std::chrono::duration<double>(options.seconds)
                                         : std::chrono::duration<double>(1e8);
  const Time::time_point start = Time::now();
  const auto after = [&](double part) {
    return start + std::chrono::duration_cast<Time::duration>(limit * part);
  };
  DamageSoak damage(options.seed);
  bool good = true;
  double part = 0;
  for (const Ending ending : {Ending::kClosed, Ending::kKilled}) {
    const std::string how = ending == Ending::kClosed ? ", closed" : ", killed";
    for (const bool denied : {true, false}) {
      const FolderImage image = denied ? DeniedImage(ending) : GrantedImage(ending);
      const std::string name = (denied ? "denied" : "granted") + how;
      good =
          damage.Run("bits, " + name, image, denied, image.Bits(), FlipBit, after(part += 0.15)) &&
          good;
      good =
          damage.Run("cuts, " + name, image, denied, image.Bytes(), CutAt, after(part += 0.03)) &&
          good;
    }
  }
  return KillSoak(options.seed).Run(options.kill_rounds, after(1)) && good;
}

}  // namespace
}  // namespace candor

int main(int count, char** words) {
  candor::Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = words[i];
    if (name == "--seconds") options.seconds = std::atof(words[i + 1]);
    if (name == "--seed")
      options.seed = static_cast<unsigned>(std::strtoul(words[i + 1], nullptr, 10));
    if (name == "--kills") options.kill_rounds = std::atoi(words[i + 1]);
  }
  return candor::RunAll(options) ? 0 : 1;
}
