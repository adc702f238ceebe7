// A day of honest installations and of hostile senders, on a clock of its own, through the door
// that the collector has for reports: who is let in and who is shed, as a confusion matrix.
//
// Usage: collector_abuse [SCALE]      1: a million honest installations, 10,000 of them behind one
// address; 10: a tenth of all, of the bursts and rates that one address may have, too.
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "native/base/random.h"
#include "native/collector/intake/report_posts.h"
#include "native/collector/service/collector_options.h"
#include "native/collector/store/sqlite_collector.h"
#include "tests/load/load_reports.h"
#include "tests/native/folder.h"

namespace candor {
namespace {

constexpr std::int64_t kDayS = 24LL * 60 * 60;

class SimulatedClock : public Clock {
 public:
  std::int64_t Wall() override { return 1'795'000'000'000 + seconds * 1000; }
  std::int64_t BootMillis() override { return seconds * 1000; }
  std::string BootId() override { return "one"; }
  std::atomic<std::int64_t> seconds = 0;
};

// Who sends, and what became of it: new, known already, told to come later, refused, any other.
enum Class : std::uint8_t { kSpread, kBehindOne, kForgers, kReplays, kFlood, kBombs, kClasses };
constexpr std::array kNames = {"honest, anywhere, over the day",
                               "honest, behind one address, in one minute",
                               "forged installations, one IPv6 /64",
                               "one report again and again, many addresses",
                               "one installation, new counts, many addresses",
                               "fields without end, many addresses"};
struct Outcomes {
  std::uint64_t sent = 0, stored = 0, known = 0, later = 0, refused = 0, others = 0;
};

class Day {
 public:
  explicit Day(std::uint32_t scale)
      : scale_(scale),
        store_(OpenSqliteCollector(folder_.Path("store")).value()),
        signer_(ReceiptSigner::Open(folder_.Path("store")).value()),
        queue_(*store_, clock_, {.wait_ms = 1'000'000}),
        posts_({reader_, *signer_, queue_, hasher_, clock_, {}}, Limits(scale)) {}
  ~Day() { queue_.Close(); }

  void Run() {
    PlanHonest();
    for (std::int64_t second = 0; second < kDayS; ++second) {
      clock_.seconds = second;
      for (const Sender& sender : due_[static_cast<std::size_t>(second)]) SendHonest(sender);
      if (second >= kDayS / 2 && second < kDayS / 2 + 1800) SendHostile(second - kDayS / 2);
      TakeAnswers(0);
    }
    while (under_way_ > 0) TakeAnswers(0);
  }

  // Whether nobody honest was kept out, and of each hostile kind at most a thousandth came in.
  bool Print() const {
    bool good = true;
    std::printf("%-46s %10s %9s %9s %10s %9s %7s %9s\n", "", "sent", "stored", "known", "429",
                "400", "others", "shed");
    for (int c = 0; c < kClasses; ++c) {
      const Outcomes& of = outcomes_[static_cast<std::size_t>(c)];
      // A repeat that is known changes nothing: it is shed as well as any.
      const double shed = 1 - static_cast<double>(of.stored) /
                                  static_cast<double>(std::max<std::uint64_t>(of.sent, 1));
      const bool honest = c == kSpread || c == kBehindOne;
      good = good && of.others == 0 &&
             (honest ? of.later == 0 && of.refused == 0 && of.stored + of.known == of.sent
                     : shed >= 0.999);
      std::printf("%-46s %10llu %9llu %9llu %10llu %9llu %7llu %8.3f%%\n",
                  kNames[static_cast<std::size_t>(c)], Long(of.sent), Long(of.stored),
                  Long(of.known), Long(of.later), Long(of.refused), Long(of.others), 100 * shed);
    }
    return good;
  }

 private:
  struct Sender {
    std::uint32_t report;
    Class of;
  };
  static unsigned long long Long(std::uint64_t number) { return number; }

  static CollectorLimits Limits(std::uint32_t scale) {
    CollectorLimits limits;
    limits.address.burst /= scale;
    limits.address.per_second /= scale;
    limits.most_names /= scale;
    return limits;
  }

  // Each reports once, at any moment of the day; a twentieth repeats it, and a twentieth reports
  // again at a stop. Those behind one address start all at once when their power is back.
  void PlanHonest() {
    const std::uint32_t all = 1'000'000 / scale_, behind = 10'000 / scale_;
    for (std::uint32_t i = 0; i < all; ++i) {
      const bool one = i < behind;
      const std::uint64_t at = one ? 30'000 + random_() % 60 : random_() % (kDayS - 100);
      const Class of = one ? kBehindOne : kSpread;
      const std::uint32_t report = i * LoadReports::kOfInstallation;
      due_[at].push_back({report, of});
      if (i % 20 == 0 && !one) due_[at + 3].push_back({report, of});
      if (i % 20 == 1 && !one) due_[at + random_() % 90].push_back({report + 1, of});
    }
  }

  void SendHonest(const Sender& sender) {
    const std::uint32_t i = sender.report / LoadReports::kOfInstallation;
    const std::string address = sender.of == kBehindOne ? "192.0.2.1"
                                : i % 10 == 0 ? "2001:db8:" + Hex(i >> 16) + ":" + Hex(i) + "::7"
                                              : V4(i);
    Post(sender.of, address, texts_.Body(sender.report));
  }

  // For half an hour one host forges installations as fast as a collector could take them; for a
  // minute 1,200 hosts send one report, one installation's reports, or fields that no catalogue
  // has.
  void SendHostile(std::int64_t second) {
    for (std::uint32_t i = 0; i < 10'000 / scale_; ++i) {
      Post(kForgers, "2001:db8:ffff:1::" + Hex(random_()), [&] { return texts_.Body(Forged()); });
    }
    if (second >= 60) return;
    for (std::uint32_t i = 0; i < 1'200; ++i) {
      const std::string host = "198.51." + std::to_string(i / 250) + "." + std::to_string(i % 250);
      Post(kReplays, host, texts_.Body(3'900'000'000));
      Post(kFlood, host, Flood());
      Post(kBombs, host, Bomb());
    }
  }

  std::uint32_t Forged() { return 2'000'000'000 + forged_++ * LoadReports::kOfInstallation; }
  // As if one installation had counted on.
  std::string Flood() {
    std::string body = texts_.Body(3'800'000'001);
    return body.replace(body.find("\"count\": ") + 9, 10, std::to_string(1'000'000'000 + flood_++));
  }
  std::string Bomb() {
    std::string body = texts_.Body(3'700'000'000 + flood_ * 3);
    return body.insert(body.find("\"commands\""), "\"f" + std::to_string(flood_) + "\": 1, ");
  }

  static std::string Hex(std::uint64_t number) {
    char text[8];
    std::snprintf(text, sizeof text, "%x", static_cast<unsigned>(number & 0xFFFF));
    return text;
  }
  static std::string V4(std::uint32_t i) {
    return "100." + std::to_string(64 + (i >> 16)) + "." + std::to_string(i >> 8 & 255) + "." +
           std::to_string(i & 255);
  }

  void Post(Class of, const std::string& address, const std::string& body) {
    Post(of, address, [&] { return body; });
  }
  // The body is made only where it is read.
  template <typename MakeBody>
  void Post(Class of, const std::string& address,
            const MakeBody& make_body) requires std::is_invocable_v<MakeBody> {
    ++outcomes_[of].sent;
    HttpPeer peer;
    peer.address = address;
    HttpNext next = posts_.Take(head_, peer);
    if (next.answer) return Count(of, next.answer->status);
    HttpRequest request = head_;
    request.body = make_body();
    ++under_way_;
    next.later(std::move(request), HttpReply(replies_, of));
    if (under_way_ >= 2000) TakeAnswers(1000);
  }

  // Until at most so many are under way.
  void TakeAnswers(std::int64_t most) {
    for (;;) {
      for (const auto& [of, answer] : replies_->Take()) {
        --under_way_;
        Count(static_cast<Class>(of), answer().status);
      }
      if (under_way_ <= most) return;
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
  }

  void Count(Class of, int status) {
    Outcomes& outcomes = outcomes_[of];
    ++(status == 202   ? outcomes.stored
       : status == 200 ? outcomes.known
       : status == 429 ? outcomes.later
       : status == 400 ? outcomes.refused
                       : outcomes.others);
  }

  const std::uint32_t scale_;
  const Folder folder_{MemoryFolder()};
  std::mt19937_64 random_{7};
  SimulatedClock clock_;
  const ArrivalReader reader_{CollectorCatalogues({}).value(), UnknownFields::kRefuse};
  AddressHasher hasher_{clock_, SystemRandom()};
  std::unique_ptr<CollectorStore> store_;
  std::unique_ptr<ReceiptSigner> signer_;
  IntakeQueue queue_;
  ReportPosts posts_;
  const LoadReports texts_{LoadReports::kWithoutDigests};
  const HttpRequest head_ = {
      .method = "POST",
      .target = "/pings",
      .headers = {{"Content-Type", "application/json"}, {"Content-Length", "1500"}},
      .body = ""};
  std::vector<std::vector<Sender>> due_{static_cast<std::size_t>(kDayS)};
  const std::shared_ptr<HttpReplies> replies_ =
      std::make_shared<HttpReplies>(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  std::int64_t under_way_ = 0;
  std::uint32_t forged_ = 0, flood_ = 0;
  std::array<Outcomes, kClasses> outcomes_{};
};

}  // namespace
}  // namespace candor

int main(int count, char** words) {
  candor::Day day(count > 1 ? static_cast<std::uint32_t>(std::atoi(words[1])) : 1);
  day.Run();
  return day.Print() ? 0 : 1;
}
