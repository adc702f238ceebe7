// Group commit: what is said to be stored is, whoever comes at once and whatever fails.
#include <gtest/gtest.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "tests/native/collector_rig.h"
#include "tests/native/keep_only_store.h"

namespace candor {
namespace {

// A store that can be held up, and fail.
class HeldStore : public KeepOnlyStore {
 public:
  Result<std::vector<Kept>> Keep(std::span<const Arrival> arrivals, UnixMillis now) override {
    std::unique_lock lock(mutex_);
    batches_.push_back(arrivals.size());
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    if (fails_) return Error{ErrorCode::kUnavailable, "", "the disk is full"};
    return std::vector<Kept>(arrivals.size(), Kept{Kept::Outcome::kNew, now});
  }
  void Open(bool fails = false) {
    const std::lock_guard lock(mutex_);
    open_ = true;
    fails_ = fails;
    changed_.notify_all();
  }
  void WaitForFirst() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !batches_.empty(); });
  }
  std::vector<std::size_t> batches() {
    const std::lock_guard lock(mutex_);
    return batches_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false, fails_ = false;
  std::vector<std::size_t> batches_;
};

class IntakeQueueTest : public testing::Test {
 protected:
  bool Add(IntakeQueue& queue, int n, std::size_t bytes = 10) {
    Arrival arrival;
    arrival.key = std::to_string(n);
    arrival.bytes.assign(bytes, 'x');
    IntakeQueue::Done done = [this](const Result<Kept>& kept) { ++(kept.ok() ? kept_ : failed_); };
    return queue.Add(arrival, done);
  }
  SetClock clock_;
  HeldStore store_;
  std::atomic<int> kept_ = 0, failed_ = 0;
};

TEST_F(IntakeQueueTest, WritesTogetherWhatCameWhileTheDiskWasBusy) {
  IntakeQueue queue(store_, clock_, {.batch = 50});
  ASSERT_TRUE(Add(queue, 0));
  store_.WaitForFirst();
  for (int i = 1; i <= 120; ++i) ASSERT_TRUE(Add(queue, i));
  EXPECT_EQ(kept_, 0) << "nothing is said before it is stored";
  store_.Open();
  queue.Close();
  EXPECT_EQ(kept_, 121);
  EXPECT_EQ(store_.batches(), (std::vector<std::size_t>{1, 50, 50, 20}));
}

TEST_F(IntakeQueueTest, RefusesMoreThanItHasRoomFor) {
  IntakeQueue queue(store_, clock_, {.reports = 3, .bytes = 1000});
  ASSERT_TRUE(Add(queue, 0));
  store_.WaitForFirst();
  EXPECT_TRUE(Add(queue, 1, 900));
  EXPECT_FALSE(Add(queue, 2, 101)) << "too many bytes";
  EXPECT_TRUE(Add(queue, 3, 50));
  EXPECT_TRUE(Add(queue, 4, 50));
  EXPECT_FALSE(Add(queue, 5, 0)) << "too many reports";
  store_.Open();
  queue.Close();
  EXPECT_EQ(kept_, 4);
}

TEST_F(IntakeQueueTest, TellsAllOfABatchThatItIsNotStored) {
  IntakeQueue queue(store_, clock_, {});
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(Add(queue, i));
  store_.Open(true);
  queue.Close();
  EXPECT_EQ(kept_, 0);
  EXPECT_EQ(failed_, 10);
}

TEST_F(IntakeQueueTest, TakesNothingOnceItIsClosed) {
  IntakeQueue queue(store_, clock_, {});
  store_.Open();
  queue.Close();
  EXPECT_FALSE(Add(queue, 1));
  queue.Close();
}

TEST_F(IntakeQueueTest, AnswersEachOfManyThreadsOnce) {
  IntakeQueue queue(store_, clock_, {.reports = 1'000'000, .wait_ms = 1'000'000});
  store_.Open();
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2000; ++i) EXPECT_TRUE(Add(queue, t * 2000 + i));
    });
  }
  for (std::thread& thread : threads) thread.join();
  queue.Close();
  EXPECT_EQ(kept_, 16'000);
}

// A store that takes a millisecond for each report.
class SlowStore : public KeepOnlyStore {
 public:
  Result<std::vector<Kept>> Keep(std::span<const Arrival> arrivals, UnixMillis now) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(arrivals.size()));
    return std::vector<Kept>(arrivals.size(), Kept{Kept::Outcome::kNew, now});
  }
};

TEST_F(IntakeQueueTest, TakesNoMoreThanItStoresInTime) {
  using Time = std::chrono::steady_clock;
  SlowStore slow;
  IntakeQueue queue(slow, clock_, {.wait_ms = 50});
  std::mutex mutex;
  std::vector<Time::duration> waits;
  const Time::time_point end = Time::now() + std::chrono::seconds(1);
  for (Time::time_point now = Time::now(); now < end; now = Time::now()) {
    Arrival arrival;
    IntakeQueue::Done done = [&, now](const Result<Kept>&) {
      const std::lock_guard lock(mutex);
      waits.push_back(Time::now() - now);
    };
    if (!queue.Add(arrival, done)) std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
  queue.Close();
  // What came before anything was stored had only a guess to go by.
  std::sort(waits.begin(), waits.end());
  ASSERT_GT(waits.size(), 300U) << "and goes on storing";
  EXPECT_LT(waits[waits.size() / 2], std::chrono::milliseconds(400));
}

TEST_F(IntakeQueueTest, WhoIsAnsweredMaySendTheNext) {
  store_.Open();
  IntakeQueue queue(store_, clock_, {.wait_ms = 0, .least = 1});
  std::atomic<bool> full = true;
  Arrival arrival;
  IntakeQueue::Done done = [&](const Result<Kept>&) { full = queue.IsFull(); };
  ASSERT_TRUE(queue.Add(arrival, done));
  for (int i = 0; i < 1000 && full; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_FALSE(full);
}

class IntakeHttpTest : public CollectorRig {};

TEST_F(IntakeHttpTest, WhatCannotBeStoredIsNotReadEither) {
  Start();
  HeldStore held;
  IntakeQueue queue(held, clock_, {.reports = 1});
  ReportPosts posts({*reader_, *signer_, queue, hasher_, clock_, {}}, {});
  Arrival first, second;
  IntakeQueue::Done nothing = [](const Result<Kept>&) {};
  queue.Add(first, nothing);
  held.WaitForFirst();
  nothing = [](const Result<Kept>&) {};
  queue.Add(second, nothing);
  HttpRequest request;
  request.method = "POST";
  request.headers = {{"Content-Length", "1"}, {"Content-Type", "application/json"}};
  HttpPeer peer;
  peer.address = "192.0.2.1";
  const HttpNext next = posts.Take(request, peer);
  const auto replies = std::make_shared<HttpReplies>(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  request.body = "no report";
  if (next.later) next.later(request, HttpReply(replies, 1));
  const auto answers = replies->Take();
  // Before what may fail: the queue waits for its store.
  held.Open();
  queue.Close();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers.front().second().status, 503);
}

TEST_F(IntakeHttpTest, AStoreThatFailsIsNeverAYes) {
  Start();
  HeldStore broken;
  broken.Open(true);
  IntakeQueue queue(broken, clock_, {});
  CollectorApi api({*reader_, *signer_, queue, hasher_, clock_, {}}, broken, {});
  HttpServerOptions options;
  options.addresses = {ParseListenAddress("127.0.0.1:0").value()};
  auto server = HttpServer::Open(options).value();
  ASSERT_TRUE(server
                  ->Start([&](const HttpRequest& head, const HttpPeer& peer) {
                    return api.Handle(head, peer);
                  })
                  .empty());
  const std::string at = Text(server->Addresses().front());
  for (int i = 0; i < 20; ++i) {
    const ClientAnswer answer =
        AskOnce(at, RequestText("POST", "/pings", EngineReport(InstallationId(i))));
    EXPECT_EQ(answer.status, 503);
    EXPECT_NE(answer.head.find("\r\nRetry-After: 5\r\n"), std::string::npos) << answer.head;
  }
  server.reset();
  queue.Close();
}

}  // namespace
}  // namespace candor
