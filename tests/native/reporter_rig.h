// A reporter on a clock that stands still until told, a real store, and a service that answers as
// told: for tests of the reporter's life.
#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/catalogue.h"
#include "native/base/clock.h"
#include "native/base/log.h"
#include "native/base/random.h"
#include "native/reporter/candidate.h"
#include "native/reporter/reporter.h"
#include "native/state/sqlite_store.h"
#include "native/transport/transport.h"

namespace candor {

inline constexpr UnixMillis kNoon = 1'795'262'400'000;  // 2026-11-21T12:00:00Z
inline constexpr std::int64_t kMinute = 60'000;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::int64_t kDay = 24 * kHour;

class ManualClock : public Clock {
 public:
  UnixMillis Wall() override { return wall; }
  std::int64_t BootMillis() override { return boot; }
  std::string BootId() override { return boot_id; }
  void Pass(std::int64_t ms) {
    wall += ms;
    boot += ms;
  }

  UnixMillis wall = kNoon;
  std::int64_t boot = 1'000'000;
  std::string boot_id = "boot-1";
};

class SeededRandom : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  // SplitMix64.
  std::uint64_t Next() override {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
};

class TestSource : public FactSource {
 public:
  std::string Facts() override { return facts; }
  CounterTotals Totals() override { return totals; }
  bool SyncTotals() override { return syncs; }
  std::optional<std::uint64_t> Edition() override { return edition; }
  void Count(const std::string& name, std::uint64_t n = 1);

  std::string facts = R"({"values": {"product": {"name": "Camunda BPM Runtime", )"
                      R"("version": "7.19.0", "edition": "community"}}})";
  CounterTotals totals{"0123456789abcdef0123456789abcdef", {}};
  bool syncs = true;
  std::optional<std::uint64_t> edition;
};

class TestTransport : public Transport {
 public:
  struct Posted {
    std::string body, id, digest;
  };
  PostResult Post(const PostRequest& request) noexcept override;
  PostResult Ask(const AskRequest& request) noexcept override;
  void Cancel(std::int64_t) noexcept override {}

  std::vector<std::string> asked, asked_with;  // Paths and bodies.
  std::deque<PostResult> told;                 // Then 404 for ever.
  std::vector<Posted> posted;
  std::deque<PostResult> answers;  // Then 202 for ever.
  std::function<void()> during;
};

PostResult Answered(int status, std::optional<std::int64_t> retry_after_ms = {});
PostResult NotSent();
PostResult LostReply();

class TestLog : public LogSink {
 public:
  void Write(const LogRecord& record) noexcept override { records.push_back(record); }
  std::size_t Count(LogEvent event) const;
  std::vector<LogRecord> records;
};

// Everything a reporter needs. The store is in a folder of its own that goes with the rig.
class Rig {
 public:
  explicit Rig(const std::string& catalogue = "engine");
  ~Rig();
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  // Another reporter on the same store, as a new process has one; it started now.
  Reporter& Restart();
  Reporter& reporter() { return *reporter_; }
  // Steps whenever the reporter wants to, until `ms` have passed.
  void Run(std::int64_t ms);
  State ReadState();
  std::vector<std::string> JournalKinds();
  // The count at a pointer of the `index`th body that was posted; -1 when it has none.
  std::int64_t PostedCount(std::size_t index, const std::string& command);

  Config config;
  Catalogue catalogue;
  ManualClock clock;
  SeededRandom random{1};
  TestSource source;
  TestTransport transport;
  TestLog log;
  std::filesystem::path folder;
  std::unique_ptr<StateStore> store;
  int transports_made = 0;

 private:
  std::unique_ptr<Reporter> reporter_;
};

inline const Actor kAda{"ada", "command"};

// "/product/internals/commands/<name>/count"
std::string CommandCounter(const std::string& name);

}  // namespace candor
