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
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <random>
#include <string>
#include <vector>

#include "tests/load/collector_fleet.h"
#include "tests/load/load_plan.h"
#include "tests/load/posts_sender.h"

namespace candor {
namespace {

struct Options {
  std::uint32_t posts = 1'000'000, kills = 300, cuts = 50, connections = 64;
  std::uint64_t seed = 1;
  CollectorFleet::Options fleet;
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
        fleet_(options.fleet),
        sender_(PlanPosts(options.posts, options.seed),
                options.connections / options.fleet.collectors, options.fleet.collectors),
        listens_(options.fleet.collectors) {}

  void Run() {
    while (!sender_.finished()) {
      for (std::size_t c = 0; c < listens_.size(); ++c) LookFor(c);
      if (!faults_.empty() && faults_.back().first <= sender_.done()) {
        const Fault fault = faults_.back().second;
        faults_.pop_back();
        // Anywhere in what the collectors do next.
        ::usleep(static_cast<useconds_t>(random_() % 3000));
        fault == Fault::kKill ? Kill(random_() % listens_.size()) : Cut();
      }
      sender_.Turn(20);
    }
  }

  // Whether all is as it must be; prints what is.
  bool Check() {
    std::vector<std::uint32_t> stored(options_.posts / 2);
    std::uint32_t strangers = 0, twice = 0, unique = 0, lost = 0;
    fleet_.VisitReports([&](std::string_view bytes) {
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
        options_.posts, stored.size(), killed_, cut_,
        options_.fleet.no_sync.empty() ? "" : " unsynced", said.acknowledged, said.repeated,
        said.lost_answers, said.unavailable, unique, lost, twice, strangers, said.false_duplicates,
        said.changed_receipts, static_cast<unsigned long long>(options_.seed));
    return options_.fleet.no_sync.empty() ? good : lost > 0;
  }

 private:
  void LookFor(std::size_t collector) {
    if (listens_[collector]) return;
    const auto port = fleet_.PortOf(collector);
    if (!port) return;
    listens_[collector] = true;
    sender_.connections().MoveTo(collector, *port);
  }

  void Leave(std::size_t collector) {
    listens_[collector] = false;
    sender_.connections().Drop(collector);
    sender_.connections().MoveTo(collector, 0);
  }

  // What it said before its end counts.
  void Kill(std::size_t collector) {
    ++killed_;
    fleet_.Kill(collector);
    sender_.connections().TakeLeft(collector);
    Leave(collector);
  }

  // Only what came before the cut counts: while it shuts down, ext4 lets a sync succeed whose
  // blocks it could no longer enter in its log. Where the power is gone nobody hears that.
  void Cut() {
    ++cut_;
    sender_.connections().Turn(0);
    fleet_.CutPower();
    for (std::size_t c = 0; c < listens_.size(); ++c) Leave(c);
  }

  const Options options_;
  const LoadReports texts_;
  std::mt19937_64 random_;
  std::vector<std::pair<std::uint32_t, Fault>> faults_;
  CollectorFleet fleet_;
  PostsSender sender_;
  std::vector<bool> listens_;  // By collector.
  std::uint32_t killed_ = 0, cut_ = 0;
};

Options ReadOptions(int count, char** words) {
  Options options;
  const std::vector<std::string> all(words + 1, words + count);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto next = [&] { return i + 1 < all.size() ? all[++i] : std::string(); };
    const auto number = [&] { return static_cast<std::uint32_t>(std::stoul(next())); };
    const std::string& word = all[i];
    if (word == "--posts")
      options.posts = number();
    else if (word == "--kills")
      options.kills = number();
    else if (word == "--cuts")
      options.cuts = number();
    else if (word == "--connections")
      options.connections = number();
    else if (word == "--seed")
      options.seed = std::stoull(next());
    else if (word == "--collectors")
      options.fleet.collectors = number();
    else if (word == "--postgres")
      options.fleet.postgres = true;
    else if (word == "--no-sync")
      options.fleet.no_sync = next();
    else if (word == "--disk")
      options.fleet.device = next(), options.fleet.mountpoint = next();
    else
      std::printf("collector_posts knows no %s\n", word.c_str()), std::exit(2);
  }
  if (options.fleet.device.empty()) options.cuts = 0;
  return options;
}

int RunCampaign(const Options& options) try {
  Campaign campaign(options);
  campaign.Run();
  return campaign.Check() ? 0 : 1;
} catch (const std::exception& error) {
  std::printf("%s\n", error.what());
  // What cannot be opened any more has lost something, too.
  return options.fleet.no_sync.empty() ? 1 : 0;
}

}  // namespace
}  // namespace candor

int main(int count, char** words) { return candor::RunCampaign(candor::ReadOptions(count, words)); }
