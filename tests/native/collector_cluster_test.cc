// Three collectors on one PostgreSQL, of which one after the other is killed.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <sstream>

#include "core/sha256.h"
#include "tests/native/collector_process.h"
#include "tests/native/collector_rig.h"
#include "tests/native/shared_postgres.h"

namespace candor {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kCollectors = 3;

// Clients that post until they are answered, each try through another collector. Every report is
// sent by two of them at the same time, and later once more; one of four has no key.
class ClusterCrowd {
 public:
  ClusterCrowd(int senders, int reports_each, unsigned seed) : busy_(2 * senders) {
    for (int s = 0; s < 2 * senders; ++s) {
      threads_.emplace_back([this, s, reports_each, seed] {
        std::mt19937 random(seed * 1000 + static_cast<unsigned>(s));
        for (int i = 0; i < reports_each; ++i) {
          Deliver(s / 2, i, random);
          Deliver(s / 2, static_cast<int>(random() % static_cast<unsigned>(i + 1)), random);
        }
        --busy_;
      });
    }
  }
  ~ClusterCrowd() { Join(); }
  void Join() {
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }
  // Gives up: for a test that failed.
  void Stop() { stop_ = true; }
  bool busy() const { return busy_ > 0; }
  void Move(std::size_t collector, const std::string& address) {
    const std::lock_guard lock(mutex_);
    addresses_[collector] = address;
  }

  // Once they are done: by digest, the receipts that came.
  const std::map<std::string, std::set<std::string>>& receipts() const { return receipts_; }
  // Digests that were answered 202 more than once.
  const std::set<std::string>& twice_new() const { return twice_new_; }
  // Answers that no client understands; those of a store that is away; repeats.
  int others() const { return others_; }
  int refused() const { return refused_; }
  int repeated() const { return repeated_; }

 private:
  void Deliver(int sender, int n, std::mt19937& random) {
    const std::string report = EngineReport(InstallationId(sender * 1'000'000 + n), n);
    std::string headers = "X-Forwarded-For: 10." + std::to_string(sender) + "." +
                          std::to_string(n / 200 % 200) + "." + std::to_string(n % 200) + "\r\n";
    if (n % 4 != 0) headers += "Idempotency-Key: " + std::to_string(n) + "\r\n";
    for (std::size_t collector = random() % kCollectors; !stop_; ++collector) {
      const ClientAnswer answer =
          AskOnce(Where(collector % kCollectors), RequestText("POST", "/pings", report, headers));
      if (answer.status == 202 || answer.status == 200) return Note(report, answer);
      if (answer.status == 503) ++refused_;
      if (answer.status != 0 && answer.status != 503) ++others_;
      std::this_thread::sleep_for(1ms);
    }
  }
  void Note(const std::string& report, const ClientAnswer& answer) {
    const std::string digest = Sha256Hex(report);
    const std::lock_guard lock(mutex_);
    receipts_[digest].insert(answer.body);
    if (answer.status == 200) ++repeated_;
    if (answer.status == 202 && !new_.insert(digest).second) twice_new_.insert(digest);
  }
  std::string Where(std::size_t collector) {
    const std::lock_guard lock(mutex_);
    return addresses_[collector].empty() ? "127.0.0.1:1" : addresses_[collector];
  }

  std::atomic<bool> stop_ = false;
  std::atomic<int> busy_, others_ = 0, refused_ = 0, repeated_ = 0;
  std::mutex mutex_;
  std::array<std::string, kCollectors> addresses_;
  std::map<std::string, std::set<std::string>> receipts_;
  std::set<std::string> new_, twice_new_;
  std::vector<std::thread> threads_;
};

int Number(const char* name, int usual) {
  const char* const text = std::getenv(name);
  return text == nullptr ? usual : std::atoi(text);
}

class CollectorClusterTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!PostgresServer::IsInstalled()) GTEST_SKIP() << "needs Debian's postgresql";
    server_ = std::make_unique<PostgresServer>();
    server_->Start();
    // The first collector's, carried to the others.
    key_ = folders_[0].Write("receipts.key", std::string(63, '0') + "1\n");
  }
  // Its address.
  std::string Start(std::size_t collector) {
    // Its clients wait a millisecond where others would wait for minutes.
    const std::vector<std::string> words = {"--proxy",       "127.0.0.1", "--installation-burst",
                                            "100000",        "--store",   server_->Conninfo(),
                                            "--receipt-key", key_};
    processes_[collector] = std::make_unique<CollectorProcess>(folders_[collector], words);
    return processes_[collector]->Address();
  }
  // Digests of what is stored, each as often as it is.
  std::multiset<std::string> Stored() const {
    std::istringstream lines(
        Ask(server_->Conninfo(), "SELECT string_agg(encode(digest, 'hex'), ' ') FROM reports"));
    return {std::istream_iterator<std::string>(lines), {}};
  }
  // Kills one of them, or the database; what is ended is there again when it returns.
  void KillOne(int kill, std::mt19937& random, ClusterCrowd& crowd) {
    if (kill % 10 == 9) {
      server_->Kill();
      std::this_thread::sleep_for(std::chrono::milliseconds(random() % 200));
      server_->Start();
      return;
    }
    const std::size_t one = random() % kCollectors;
    ASSERT_EQ(processes_[one]->End(SIGKILL), -SIGKILL) << processes_[one]->Log();
    const std::string address = Start(one);
    ASSERT_NE(address, "") << processes_[one]->Log();
    crowd.Move(one, address);
  }

  std::unique_ptr<PostgresServer> server_;
  const std::array<Folder, kCollectors> folders_{Folder(MemoryFolder()), Folder(MemoryFolder()),
                                                 Folder(MemoryFolder())};
  std::array<std::unique_ptr<CollectorProcess>, kCollectors> processes_;
  std::string key_;
};

TEST_F(CollectorClusterTest, KeepsEachReportOnceWithItsFirstReceiptUnderKills) {
  constexpr int kSenders = 6;
  const int kills = Number("CANDOR_KILLS", 12), each = 12 * kills;
  const auto seed = static_cast<unsigned>(Number("CANDOR_SEED", 1));
  std::mt19937 random(seed);
  ClusterCrowd crowd(kSenders, each, seed);
  for (std::size_t i = 0; i < kCollectors; ++i) crowd.Move(i, Start(i));
  int killed = 0;
  for (; killed < kills && crowd.busy() && !HasFatalFailure(); ++killed) {
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 150'000));
    KillOne(killed, random, crowd);
  }
  if (HasFatalFailure()) crowd.Stop();
  crowd.Join();
  EXPECT_EQ(crowd.others(), 0);
  EXPECT_EQ(crowd.twice_new().size(), 0U) << "a report is new once";
  EXPECT_EQ(crowd.receipts().size(), static_cast<std::size_t>(kSenders * each));
  const std::multiset<std::string> stored = Stored();
  EXPECT_EQ(stored.size(), crowd.receipts().size());
  for (const auto& [digest, receipts] : crowd.receipts()) {
    ASSERT_EQ(stored.count(digest), 1U) << digest;
    ASSERT_EQ(receipts.size(), 1U) << *receipts.begin() << *receipts.rbegin();
  }
  std::printf("%d kills, %zu reports, %d answered as repeats, %d refused\n", killed, stored.size(),
              crowd.repeated(), crowd.refused());
}

TEST_F(CollectorClusterTest, PromisesNothingWhileTheDatabaseIsAwayAndGoesOnByItself) {
  const std::string address = Start(0);
  ASSERT_NE(address, "") << processes_[0]->Log();
  const auto post = [&address](int n) {
    return AskOnce(address, RequestText("POST", "/v1/reports", EngineReport(InstallationId(n)),
                                        "Idempotency-Key: k\r\n"));
  };
  const ClientAnswer first = post(0);
  EXPECT_EQ(first.status, 202);
  server_->Stop();
  for (int i = 1; i <= 20; ++i) {
    const ClientAnswer answer = post(i);
    EXPECT_EQ(answer.status, 503);
    EXPECT_NE(answer.head.find("Retry-After:"), std::string::npos) << answer.head;
  }
  server_->Start();
  const auto back = std::chrono::steady_clock::now();
  while (post(1).status != 202) {
    ASSERT_LT(std::chrono::steady_clock::now() - back, 5s);
    std::this_thread::sleep_for(20ms);
  }
  const ClientAnswer again = post(0);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(Stored().size(), 2U);
  EXPECT_EQ(processes_[0]->End(SIGTERM), 0) << processes_[0]->Log();
}

}  // namespace
}  // namespace candor
