#include <signal.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>
#include <string>
#include <thread>

#include "tests/faults/daemon_campaigns.h"

namespace candor {
namespace {

constexpr std::int64_t kPeriodS = 3;
// For the machine to be slow.
constexpr std::int64_t kMostLateMs = 2'500;
constexpr long long kDayMs = 24LL * 60 * 60 * 1000;

class Campaign {
 public:
  explicit Campaign(std::uint64_t seed) : lab_(seed, kPeriodS) {
    lab_.Write("facts/shop.json", Product("1"));
    lab_.Write("shift", "0");
  }

  void Start() {
    lab_.Start(
        {"LD_PRELOAD=" CANDOR_SHIFTED_CLOCK, "SHIFTED_CLOCK=" + lab_.Path("shift").string()});
  }

  // The clock jumps somewhere between two reports; the next one is due as if it had not.
  void Jump(std::uint64_t number) {
    const std::size_t before = lab_.accepted().size();
    Await(before + 1, "before jump " + std::to_string(number));
    const auto at = std::chrono::milliseconds(lab_.Below(kPeriodS * 1000 - 500));
    std::this_thread::sleep_for(at);
    constexpr std::array<long long, 7> kJumps = {
        kDayMs, -kDayMs, 365 * kDayMs, -365 * kDayMs, 3600000, -40 * kDayMs, 1};
    const long long jump = kJumps[lab_.Below(kJumps.size())];
    shift_ms_ = std::clamp(shift_ms_ + jump, -1000 * kDayMs, 1000 * kDayMs);
    const bool stopped = lab_.Below(3) == 0;
    const std::string where = "jump " + std::to_string(number) + " by " + std::to_string(jump) +
                              " ms" + (stopped ? " while it did not run" : "");
    if (stopped) findings_.Add(where, WhyBadEnd(lab_.End(SIGTERM)));
    lab_.Write("shift", std::to_string(shift_ms_));
    if (stopped) {
      // A start waits for a period of its own.
      after_starts_.insert(before + 1);
      Start();
    }
    if (!stopped && !lab_.is_running()) findings_.Add(where, "it ended by itself");
    Await(before + 2, where);
  }

  void CheckSpacing() {
    findings_.Add("all jumps", lab_.Check());
    const auto all = lab_.accepted();
    for (std::size_t i = 1; i < all.size(); ++i) {
      const auto apart =
          std::chrono::duration_cast<std::chrono::milliseconds>(all[i].at - all[i - 1].at).count();
      longest_ms_ = std::max<std::int64_t>(longest_ms_, apart);
      const std::int64_t periods = after_starts_.contains(i) ? 2 : 1;
      if (apart > periods * kPeriodS * 1000 + kMostLateMs) {
        findings_.Add("all jumps", all[i].id + " came " + std::to_string(apart) + " ms later");
      }
    }
  }

  void End() { findings_.Add("the end", WhyBadEnd(lab_.End(SIGTERM))); }
  bool is_broken() const { return findings_.broken > 0; }
  int Print(std::uint64_t jumps, std::uint64_t seed) {
    return findings_.Print(
        "daemon clock",
        std::to_string(jumps) + " jumps, " + std::to_string(lab_.accepted().size()) + " reports " +
            std::to_string(kPeriodS) + " s apart, at most " + std::to_string(longest_ms_) + " ms",
        seed);
  }

 private:
  void Await(std::size_t reports, const std::string& where) {
    const bool came = lab_.Eventually([&] { return lab_.accepted().size() >= reports; },
                                      std::chrono::seconds(3 * kPeriodS + 10));
    if (!came) findings_.Add(where, "no report came");
  }

  DaemonLab lab_;
  Findings findings_;
  std::set<std::size_t> after_starts_;  // Reports that a start came before.
  long long shift_ms_ = 0;
  std::int64_t longest_ms_ = 0;
};

}  // namespace

int DaemonClock(std::uint64_t jumps, std::uint64_t seed) {
  Campaign campaign(seed);
  campaign.Start();
  for (std::uint64_t i = 1; i <= jumps && !campaign.is_broken(); ++i) campaign.Jump(i);
  campaign.End();
  campaign.CheckSpacing();
  return campaign.Print(jumps, seed);
}

}  // namespace candor
