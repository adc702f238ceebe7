// Hashes of addresses, and how often somebody may come.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "native/collector/service/collector_options.h"
#include "tests/native/collector_rig.h"
#include "tests/native/keep_only_store.h"

namespace candor {
namespace {

constexpr std::int64_t kDayMs = 24LL * 3'600'000;

class AddressHasherTest : public testing::Test {
 protected:
  std::string Whole(const std::string& address) { return hasher_.Hash(address).whole; }
  std::string Network(const std::string& address) { return hasher_.Hash(address).network; }
  SetClock clock_;
  AddressHasher hasher_{clock_, SystemRandom()};
};

TEST_F(AddressHasherTest, IsSixteenBytesThatStayForTheDay) {
  const std::string first = Whole("192.0.2.1");
  EXPECT_EQ(first.size(), 16U);
  EXPECT_EQ(Whole("192.0.2.1"), first);
  EXPECT_NE(Whole("192.0.2.2"), first);
  EXPECT_EQ(Network("192.0.2.1"), first);
}

TEST_F(AddressHasherTest, TakesAnIpv4AddressInIpv6sClothesForItself) {
  const std::string plain = Whole("192.0.2.1");
  EXPECT_EQ(Whole("::ffff:192.0.2.1"), plain);
  EXPECT_EQ(Whole("::FFFF:c000:201"), plain);
  EXPECT_EQ(Whole("0:0:0:0:0:ffff:c000:0201"), plain);
  EXPECT_EQ(Network("::ffff:192.0.2.1"), plain);
  EXPECT_NE(Whole("::192.0.2.1"), plain);
}

TEST_F(AddressHasherTest, KnowsAnIpv6NetworkByIts64Bits) {
  EXPECT_EQ(Network("2001:db8:1:2::1"), Network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  EXPECT_NE(Network("2001:db8:1:2::1"), Network("2001:db8:1:3::1"));
  EXPECT_NE(Whole("2001:db8:1:2::1"), Whole("2001:db8:1:2::2"));
  EXPECT_EQ(Whole("2001:0DB8:1:2:0::1"), Whole("2001:db8:1:2::1"));
  EXPECT_NE(Network("2001:db8:1:2::"), Whole("2001:db8:1:2::"));
}

TEST_F(AddressHasherTest, IsAnotherUnderTheNextDaysKeyAndInAnotherProcess) {
  const std::string today = Whole("192.0.2.1");
  clock_.wall_ms += kDayMs;
  const std::string tomorrow = Whole("192.0.2.1");
  EXPECT_NE(tomorrow, today);
  clock_.wall_ms -= kDayMs;
  EXPECT_NE(Whole("192.0.2.1"), today) << "the key is gone, whatever the clock says";
  AddressHasher other(clock_, SystemRandom());
  EXPECT_NE(other.Hash("192.0.2.1").whole, Whole("192.0.2.1"));
}

TEST_F(AddressHasherTest, LosesTheKeyOfADayAlsoWhenNobodyComes) {
  const std::string today = Whole("192.0.2.1");
  clock_.wall_ms += kDayMs;
  hasher_.EndDay();
  clock_.wall_ms -= kDayMs;
  EXPECT_NE(Whole("192.0.2.1"), today);
}

TEST_F(AddressHasherTest, HasAHashForWhatIsNoAddress) {
  EXPECT_EQ(Whole("unix").size(), 16U);
  EXPECT_NE(Whole("unix"), Whole(""));
}

TEST(TokenBucketsTest, FillUpAgainWithTime) {
  TokenBuckets buckets({.burst = 3, .per_second = 0.5}, 10);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(buckets.Take("a", 1000), 0);
  EXPECT_EQ(buckets.Take("a", 1000), 2);
  EXPECT_EQ(buckets.Take("b", 1000), 0);
  EXPECT_EQ(buckets.Take("a", 2500), 1);
  EXPECT_EQ(buckets.Take("a", 3000), 0);
  EXPECT_GT(buckets.Take("a", 3000), 0);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(buckets.Take("a", 1'000'000), 0);
  EXPECT_GT(buckets.Take("a", 1'000'000), 0) << "never more than the burst";
}

TEST(TokenBucketsTest, TakeBackWhatTheyGaveAndNoMore) {
  TokenBuckets buckets({.burst = 2, .per_second = 0.001}, 10);
  buckets.GiveBack("nobody");
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(buckets.Take("a", 0), 0);
    buckets.GiveBack("a");
  }
  buckets.GiveBack("a");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(buckets.Take("a", 0), 0);
  EXPECT_GT(buckets.Take("a", 0), 0) << "never more than the burst";
}

TEST(TokenBucketsTest, LetNobodyWaitForOthersNoise) {
  TokenBuckets buckets({.burst = 1, .per_second = 0.001}, 100);
  for (int i = 0; i < 10'000; ++i) EXPECT_EQ(buckets.Take(std::to_string(i), 0), 0) << i;
}

TEST(TokenBucketsTest, ForgetFirstWhoHasComeToRest) {
  TokenBuckets buckets({.burst = 1, .per_second = 1}, 100);
  for (int i = 0; i < 99; ++i) buckets.Take(std::to_string(i), 0);
  buckets.Take("busy", 60'000);
  buckets.Take("new", 60'000);
  EXPECT_GT(buckets.Take("busy", 60'000), 0);
}

class CollectorFloodTest : public CollectorRig {
 protected:
  // How many of `n` posts, on a few connections, have this status; the nth with the nth's body.
  template <typename Body>
  int Posts(int n, int status, const Body& body) {
    constexpr int kClients = 16;
    std::atomic<int> found = 0, next = 0;
    std::vector<std::thread> clients;
    for (int c = 0; c < kClients; ++c) {
      clients.emplace_back([&] {
        std::unique_ptr<LocalClient> client;
        for (int i = 0; (i = next++) < n;) {
          if (client == nullptr) client = std::make_unique<LocalClient>(at_);
          const ClientAnswer answer = client->Ask(RequestText("POST", "/pings", body(i)));
          if (answer.status == status) ++found;
          if (answer.head.find("Connection: close") != std::string::npos) client.reset();
        }
      });
    }
    for (std::thread& client : clients) client.join();
    return found;
  }
};

TEST_F(CollectorFloodTest, TenThousandInstallationsBehindOneAddressAreHeard) {
  Start();
  EXPECT_EQ(Posts(10'000, 202, [](int i) { return EngineReport(InstallationId(i)); }), 10'000);
}

TEST_F(CollectorFloodTest, OneInstallationThatFloodsIsShed) {
  Start();
  const auto flood = [](int i) { return EngineReport(InstallationId(1), i); };
  EXPECT_EQ(Posts(60, 202, flood), 60);
  EXPECT_EQ(Posts(1000, 429, [&](int i) { return flood(100 + i); }), 1000);
  const ClientAnswer answer = Post(flood(5000));
  EXPECT_EQ(answer.status, 429);
  EXPECT_NE(answer.head.find("\r\nRetry-After: 60\r\n"), std::string::npos) << answer.head;
  EXPECT_EQ(Post(EngineReport(InstallationId(2))).status, 202) << "others are heard";
  clock_.boot_ms += 60'000;
  EXPECT_EQ(Post(flood(6000)).status, 202);
}

TEST_F(CollectorFloodTest, AnAddressThatForgesInstallationsIsShedBeforeItsBodyIsRead) {
  CollectorLimits limits;
  limits.address = {.burst = 100, .per_second = 1};
  Start(limits);
  const auto forged = [](int i) { return EngineReport(InstallationId(i)); };
  EXPECT_EQ(Posts(100, 202, forged), 100);
  EXPECT_EQ(Posts(1000, 429, [&](int i) { return forged(100 + i); }), 1000);
  LocalClient client(at_);
  client.Send(
      "POST /pings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      "Content-Length: 1000\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 429);
  EXPECT_EQ(AskOnce(unix_, RequestText("POST", "/pings", forged(5000))).status, 202)
      << "others are heard";
}

// A store that fails until it is told not to.
class FailingStore : public KeepOnlyStore {
 public:
  Result<std::vector<Kept>> Keep(std::span<const Arrival> arrivals, UnixMillis now) override {
    if (fails) return Error{ErrorCode::kUnavailable, "", "the disk is full"};
    return std::vector<Kept>(arrivals.size(), Kept{Kept::Outcome::kNew, now});
  }
  std::atomic<bool> fails = true;
};

class CollectorOutageTest : public CollectorRig {
 protected:
  // The sender's address may come 10 times, and its installation 3 times.
  void StartOn(CollectorStore& store, const IntakeQueue::Limits& queue_limits) {
    CollectorLimits limits;
    limits.address = {.burst = 10, .per_second = 0.001};
    limits.installation = {.burst = 3, .per_second = 0.001};
    Start(limits);
    api_.reset();
    queue_->Close();
    queue_ = std::make_unique<IntakeQueue>(store, clock_, queue_limits);
    api_ = std::make_unique<CollectorApi>(
        ReportPosts::Parts{*reader_, *signer_, *queue_, hasher_, clock_, {}}, store, limits);
  }
  void TryThroughTheOutage() const {
    for (int i = 0; i < 50; ++i) ASSERT_EQ(Post(EngineReport(InstallationId(1))).status, 503) << i;
  }
};

TEST_F(CollectorOutageTest, WhoTriedAgainWhileTheStoreFailedIsHeardAfterIt) {
  FailingStore store;
  StartOn(store, {});
  TryThroughTheOutage();
  store.fails = false;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Post(EngineReport(InstallationId(1))).status, 202);
  EXPECT_EQ(Post(EngineReport(InstallationId(1))).status, 429) << "the limits are as they were";
}

TEST_F(CollectorOutageTest, WhoTriesAgainWhileTheQueueIsFullIsNotOverItsLimits) {
  FailingStore store;
  StartOn(store, {.reports = 0});
  TryThroughTheOutage();
}

TEST_F(CollectorOutageTest, WhoTriesAgainWhileTheQueueHasNoRoomForItIsNotOverItsLimits) {
  FailingStore store;
  StartOn(store, {.bytes = 10});
  TryThroughTheOutage();
}

TEST(CollectorOptionsTest, WritesProxiesAsTheirConnectionsAreWritten) {
  CollectorOptions options;
  options.proxies = {"::ffff:10.0.0.7", "2001:DB8:0::1", "unix"};
  const Result<std::vector<std::string>> proxies = ProxyAddresses(options);
  ASSERT_TRUE(proxies.ok());
  EXPECT_EQ(proxies.value(), (std::vector<std::string>{"10.0.0.7", "2001:db8::1", "unix"}));
}

}  // namespace
}  // namespace candor
