// The program itself: killed, ended, out of disk; and what its files hold then.
#include "tests/native/collector_process.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <set>

#include "core/sha256.h"
#include "tests/native/collector_rig.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

using namespace std::chrono_literals;

// How often each digest is stored.
std::map<std::string, int> StoredIn(const Folder& folder) {
  std::map<std::string, int> stored;
  sqlite3* db = nullptr;
  sqlite3_stmt* rows = nullptr;
  EXPECT_EQ(sqlite3_open(folder.Path("store/reports.db").c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_prepare_v2(db, "SELECT lower(hex(digest)) FROM reports", -1, &rows, nullptr),
            SQLITE_OK);
  while (sqlite3_step(rows) == SQLITE_ROW) {
    ++stored[reinterpret_cast<const char*>(sqlite3_column_text(rows, 0))];
  }
  sqlite3_finalize(rows);
  sqlite3_close(db);
  return stored;
}

// Clients that post reports under keys, each until it is acknowledged, over one kill after another.
class Crowd {
 public:
  Crowd(int clients, int reports_each) : busy_(clients) {
    for (int c = 0; c < clients; ++c) {
      threads_.emplace_back([this, c, reports_each] {
        for (int i = 0; i < reports_each && !stop_; ++i) {
          Deliver(c, i);
          // Half of all posts are repeats.
          Deliver(c, i / 2);
        }
        --busy_;
      });
    }
  }
  ~Crowd() { Join(); }
  void Join() {
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }
  void Stop() { stop_ = true; }
  bool busy() const { return busy_ > 0; }
  void MoveTo(const std::string& address) {
    const std::lock_guard lock(mutex_);
    address_ = address;
  }
  // Digests that were answered 202 or 200.
  std::set<std::string> acknowledged() {
    const std::lock_guard lock(mutex_);
    return acknowledged_;
  }
  int others() const { return others_; }
  int repeated() const { return repeated_; }

 private:
  void Deliver(int client, int n) {
    const std::string report = EngineReport(InstallationId(client * 100'000 + n), n);
    // Each from an address of its own, as the proxy says.
    const std::string from = std::to_string(client) + "." + std::to_string(n / 200 % 200) + "." +
                             std::to_string(n % 200);
    const std::string headers =
        "Idempotency-Key: " + std::to_string(n) + "\r\nX-Forwarded-For: 10." + from + "\r\n";
    while (!stop_) {
      const int status = AskOnce(Where(), RequestText("POST", "/pings", report, headers)).status;
      if (status == 202 || status == 200) {
        if (status == 200) ++repeated_;
        const std::lock_guard lock(mutex_);
        acknowledged_.insert(Sha256Hex(report));
        return;
      }
      if (status != 0 && status != 503) ++others_;
      std::this_thread::sleep_for(1ms);
    }
  }
  std::string Where() {
    const std::lock_guard lock(mutex_);
    return address_.empty() ? "127.0.0.1:1" : address_;
  }

  std::atomic<bool> stop_ = false;
  std::atomic<int> busy_, others_ = 0, repeated_ = 0;
  std::mutex mutex_;
  std::string address_;
  std::set<std::string> acknowledged_;
  std::vector<std::thread> threads_;
};

// A number in the environment, for long campaigns.
int Number(const char* name, int usual) {
  const char* const text = std::getenv(name);
  return text == nullptr ? usual : std::atoi(text);
}

TEST(CollectorProcessTest, LosesNothingAcknowledgedAndStoresNothingTwiceUnderKills) {
  const Folder folder{MemoryFolder()};
  const int most_kills = Number("CANDOR_KILLS", 12), each = 30 * most_kills;
  Crowd crowd(16, each);
  std::mt19937 random(static_cast<unsigned>(Number("CANDOR_SEED", 1)));
  int kills = 0;
  while (crowd.busy()) {
    CollectorProcess collector(folder, {"--proxy", "127.0.0.1"});
    const std::string address = collector.Address();
    ASSERT_NE(address, "") << collector.Log();
    crowd.MoveTo(address);
    if (kills < most_kills) {
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 150'000));
      ++kills;
    } else {
      while (crowd.busy()) std::this_thread::sleep_for(10ms);
    }
    ASSERT_EQ(collector.End(SIGKILL), -SIGKILL) << collector.Log();
  }
  crowd.Join();
  EXPECT_EQ(crowd.others(), 0);
  const std::set<std::string> acknowledged = crowd.acknowledged();
  const std::map<std::string, int> stored = StoredIn(folder);
  EXPECT_EQ(acknowledged.size(), 16U * static_cast<unsigned>(each));
  EXPECT_EQ(stored.size(), acknowledged.size());
  for (const auto& [digest, times] : stored) {
    EXPECT_EQ(times, 1) << digest;
    EXPECT_EQ(acknowledged.count(digest), 1U) << digest;
  }
  std::printf("%d kills, %zu reports, %d answered as repeats\n", kills, stored.size(),
              crowd.repeated());
}

TEST(CollectorProcessTest, AnswersWhatItTookBeforeItEndsOnSigterm) {
  const Folder folder{MemoryFolder()};
  CollectorProcess collector(folder);
  const std::string address = collector.Address();
  ASSERT_NE(address, "") << collector.Log();
  Crowd crowd(8, 1'000'000);
  crowd.MoveTo(address);
  for (int i = 0; i < 2000 && crowd.acknowledged().size() <= 100; ++i) {
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(collector.End(SIGTERM), 0) << collector.Log();
  crowd.Stop();
  crowd.Join();
  const std::set<std::string> acknowledged = crowd.acknowledged();
  EXPECT_GT(acknowledged.size(), 100U);
  EXPECT_EQ(crowd.others(), 0);
  const std::map<std::string, int> stored = StoredIn(folder);
  for (const std::string& digest : acknowledged) EXPECT_EQ(stored.count(digest), 1U) << digest;
  EXPECT_LE(stored.size(), acknowledged.size() + 8) << "one more at most of each client";
}

TEST(CollectorProcessTest, AFullDiskIsNeverAYesAndIsOverWhenThereIsRoom) {
  const Folder folder{MemoryFolder()};
  std::set<std::string> acknowledged;
  int refused = 0;
  {
    const CollectorProcess collector(folder, {}, rlim_t{2'000'000});
    const std::string address = collector.Address();
    ASSERT_NE(address, "") << collector.Log();
    for (int i = 0; i < 1000 && refused < 20; ++i) {
      const std::string report = EngineReport(InstallationId(i));
      const ClientAnswer answer = AskOnce(address, RequestText("POST", "/pings", report));
      ASSERT_TRUE(answer.status == 202 || answer.status == 503) << answer.status;
      if (answer.status == 202) acknowledged.insert(Sha256Hex(report));
      if (answer.status == 503) ++refused;
    }
  }
  EXPECT_EQ(refused, 20);
  EXPECT_GT(acknowledged.size(), 10U);
  const CollectorProcess collector(folder);
  const std::string address = collector.Address();
  ASSERT_NE(address, "") << collector.Log();
  EXPECT_EQ(
      AskOnce(address, RequestText("POST", "/pings", EngineReport(InstallationId(5000)))).status,
      202);
  const std::map<std::string, int> stored = StoredIn(folder);
  EXPECT_EQ(stored.size(), acknowledged.size() + 1);
  for (const std::string& digest : acknowledged) EXPECT_EQ(stored.count(digest), 1U) << digest;
}

TEST(CollectorProcessTest, AnswersWhileOthersAreSlow) {
  const Folder folder{MemoryFolder()};
  const CollectorProcess collector(folder);
  const std::string address = collector.Address();
  std::vector<std::unique_ptr<LocalClient>> slow;
  for (int i = 0; i < 500; ++i) {
    slow.push_back(std::make_unique<LocalClient>(address));
    ASSERT_TRUE(slow.back()->connected());
    slow.back()->Send(i % 2 == 0 ? "POST /pings HTTP/1.1\r\nHost: a\r\n"
                                 : "POST /pings HTTP/1.1\r\nHost: a\r\nContent-Type: "
                                   "application/json\r\nContent-Length: 1000\r\n\r\n{");
  }
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(
        AskOnce(address, RequestText("POST", "/pings", EngineReport(InstallationId(i)))).status,
        202);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

TEST(CollectorProcessTest, SaysAllThatIsWrongWithItsOptions) {
  const Folder folder{MemoryFolder()};
  const Ran ran =
      RunLine(std::string(CANDOR_COLLECTOR) + " serve --folder " + folder.Path("store") +
              " --listen 0.0.0.0:0 --listen nowhere --proxy 'not an address'" +
              " --catalogue /no/such/file");
  EXPECT_NE(ran.status, 0);
  for (const char* part :
       {"--listen 0.0.0.0:0", "--listen nowhere", "--proxy not an address", "/no/such/file"}) {
    EXPECT_NE(ran.output.find(part), std::string::npos) << part << "\n" << ran.output;
  }
  EXPECT_FALSE(std::filesystem::exists(folder.Path("store")));
}

class ImportTest : public testing::Test {
 protected:
  Ran Import(const std::string& files) const {
    return RunLine(std::string(CANDOR_COLLECTOR) + " import --folder " + folder_.Path("store") +
                   " " + files);
  }
  std::string Read(const std::string& name) const {
    std::ifstream file(folder_.Path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  const Folder folder_{MemoryFolder()};
};

TEST_F(ImportTest, CountsAReportOnceThatComesByTwoWays) {
  const std::string report = EngineReport(InstallationId(1));
  const std::string file = folder_.Write("a.json", report);
  EXPECT_EQ(Import(file).status, 0);
  const std::string receipt = Read("a.json.receipt");
  EXPECT_NE(receipt.find(Sha256Hex(report)), std::string::npos);
  EXPECT_EQ(Import(file).status, 0);
  EXPECT_EQ(Read("a.json.receipt"), receipt);
  const CollectorProcess collector(folder_);
  const ClientAnswer answer = AskOnce(
      collector.Address(), RequestText("POST", "/v1/reports", report, "Idempotency-Key: k\r\n"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, receipt);
  EXPECT_EQ(StoredIn(folder_).size(), 1U);
}

TEST_F(ImportTest, KeepsNothingWhereOneFileIsWrong) {
  const std::string good = folder_.Write("good.json", EngineReport(InstallationId(1)));
  const std::string bad = folder_.Write("bad.json", "{}");
  const Ran ran = Import(good + " " + bad);
  EXPECT_EQ(ran.status, 2) << ran.output;
  EXPECT_NE(ran.output.find("bad.json"), std::string::npos) << ran.output;
  EXPECT_FALSE(std::filesystem::exists(folder_.Path("store")));
  EXPECT_FALSE(std::filesystem::exists(folder_.Path("good.json.receipt")));
}

}  // namespace
}  // namespace candor
