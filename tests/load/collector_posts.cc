// A million posts, half of them repeats, to collectors that are killed and whose power is cut:
// every acknowledged report is stored, each once, and nobody is told of a repeat who sent none.
//
// Usage: collector_posts [--posts N] [--kills N] [--cuts N] [--seed N] [--connections N]
//                        [--disk DEVICE FOLDER] [--no-sync LIBRARY]
// Power is cut only with --disk, an ext4 and where it is mounted (collector_posts.sh makes it).
// With
// --no-sync, a library under whose calls nothing is synced, something must be lost.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/faults/cut_disk.h"
#include "tests/load/load_plan.h"
#include "tests/load/posts_sender.h"
#include "tests/load/stored_reports.h"
#include "tests/native/collector_process.h"

namespace candor {
namespace {

struct Options {
  std::uint32_t posts = 1'000'000, kills = 300, cuts = 50, connections = 64;
  std::uint64_t seed = 1;
  std::string device, mountpoint, no_sync;
};

enum class Fault : std::uint8_t { kKill, kCut };

// Faults by how many posts are done before them, the last first.
std::vector<std::pair<std::uint32_t, Fault>> PlanFaults(const Options& options) {
  std::mt19937_64 random(options.seed + 1);
  std::vector<std::pair<std::uint32_t, Fault>> faults;
  for (std::uint32_t i = 0; i < options.kills + options.cuts; ++i) {
    faults.emplace_back(random() % options.posts, i < options.kills ? Fault::kKill : Fault::kCut);
  }
  std::sort(faults.rbegin(), faults.rend());
  return faults;
}

class Campaign {
 public:
  explicit Campaign(const Options& options)
      : options_(options),
        random_(options.seed),
        faults_(PlanFaults(options)),
        sender_(PlanPosts(options.posts, options.seed), options.connections, 1) {
    if (!options.device.empty()) {
      disk_.emplace(options.device, options.mountpoint);
      disk_->Mount();
    }
    folder_.emplace(disk_ ? options.mountpoint : MemoryFolder().string());
    if (disk_) disk_->Sync();  // The folder itself is not what may be lost.
  }
  ~Campaign() {
    collector_.reset();
    folder_.reset();
    if (disk_) disk_->Unmount();
  }

  void Run() {
    Start();
    while (!sender_.finished()) {
      if (!faults_.empty() && faults_.back().first <= sender_.done()) {
        const Fault fault = faults_.back().second;
        faults_.pop_back();
        // Anywhere in what the collector does next.
        ::usleep(static_cast<useconds_t>(random_() % 3000));
        fault == Fault::kKill ? Kill() : Cut();
        Start();
      }
      sender_.Turn(20);
    }
    collector_.reset();
  }

  // Whether all is as it must be; prints what is.
  bool Check() {
    std::vector<std::uint32_t> stored(options_.posts / 2);
    std::uint32_t strangers = 0, twice = 0, unique = 0, lost = 0;
    VisitSqliteReports(folder_->Path("store/reports.db"), [&](std::string_view bytes) {
      const auto n = texts_.NumberOf(bytes);
      if (!n || *n >= stored.size()) {
        ++strangers;
      } else if (++stored[*n] == 1) {
        ++unique;
      } else {
        ++twice;
      }
    });
    for (std::uint32_t n = 0; n < stored.size(); ++n) {
      if (stored[n] == 0 && sender_.WasAcknowledged(n)) ++lost;
    }
    const SenderTotals& said = sender_.totals();
    std::uint32_t others = 0;
    for (const auto& [status, count] : said.others) {
      std::printf("%u posts were answered %d\n", count, status);
      others += count;
    }
    const bool good = lost == 0 && twice == 0 && strangers == 0 && others == 0 &&
                      unique == stored.size() && said.false_duplicates == 0 &&
                      said.changed_receipts == 0;
    std::printf(
        "%u posts of %zu reports, %u kills, %u power cuts%s: %u acknowledged (%u as repeats), %u "
        "answers lost, %u x 503; stored %u, lost %u, twice %u, strangers %u, false duplicates %u, "
        "changed receipts %u; seed %llu\n",
        options_.posts, stored.size(), killed_, cut_, options_.no_sync.empty() ? "" : " unsynced",
        said.acknowledged, said.repeated, said.lost_answers, said.unavailable, unique, lost, twice,
        strangers, said.false_duplicates, said.changed_receipts,
        static_cast<unsigned long long>(options_.seed));
    return options_.no_sync.empty() ? good : lost > 0;
  }

 private:
  void Start() {
    if (!options_.no_sync.empty()) ::setenv("LD_PRELOAD", options_.no_sync.c_str(), 1);
    collector_.emplace(*folder_, std::vector<std::string>{"--proxy", "127.0.0.1"});
    ::unsetenv("LD_PRELOAD");
    const std::string address = collector_->Address();
    if (address.empty()) {
      throw std::runtime_error("the collector does not start: " + collector_->Log());
    }
    const std::string port = address.substr(address.rfind(':') + 1);
    sender_.connections().MoveTo(0, static_cast<std::uint16_t>(std::stoul(port)));
  }

  // What it said before its end counts.
  void Kill() {
    ++killed_;
    collector_.reset();
    sender_.connections().TakeLeft(0);
    sender_.connections().Drop(0);
  }

  // Only what came before the cut counts: while it shuts down, ext4 lets a sync succeed whose
  // blocks it could no longer enter in its log. Where the power is gone nobody hears that.
  void Cut() {
    ++cut_;
    sender_.connections().Turn(0);
    disk_->Cut();
    collector_.reset();
    sender_.connections().Drop(0);
    disk_->Unmount();
    disk_->Mount();
  }

  const Options options_;
  const LoadReports texts_;
  std::mt19937_64 random_;
  std::vector<std::pair<std::uint32_t, Fault>> faults_;
  PostsSender sender_;
  std::optional<CutDisk> disk_;
  std::optional<Folder> folder_;
  std::optional<CollectorProcess> collector_;
  std::uint32_t killed_ = 0, cut_ = 0;
};

Options ReadOptions(int count, char** words) {
  Options options;
  const std::vector<std::string> all(words + 1, words + count);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto next = [&] { return i + 1 < all.size() ? all[++i] : std::string(); };
    const auto number = [&] { return static_cast<std::uint32_t>(std::stoul(next())); };
    if (all[i] == "--posts")
      options.posts = number();
    else if (all[i] == "--kills")
      options.kills = number();
    else if (all[i] == "--cuts")
      options.cuts = number();
    else if (all[i] == "--connections")
      options.connections = number();
    else if (all[i] == "--seed")
      options.seed = std::stoull(next());
    else if (all[i] == "--no-sync")
      options.no_sync = next();
    else if (all[i] == "--disk")
      options.device = next(), options.mountpoint = next();
    else
      std::printf("collector_posts knows no %s\n", all[i].c_str()), std::exit(2);
  }
  if (options.device.empty()) options.cuts = 0;
  return options;
}

int RunCampaign(const Options& options) try {
  Campaign campaign(options);
  campaign.Run();
  return campaign.Check() ? 0 : 1;
} catch (const std::exception& error) {
  std::printf("%s\n", error.what());
  // What cannot be opened any more has lost something, too.
  return options.no_sync.empty() ? 1 : 0;
}

}  // namespace
}  // namespace candor

int main(int count, char** words) { return candor::RunCampaign(candor::ReadOptions(count, words)); }
