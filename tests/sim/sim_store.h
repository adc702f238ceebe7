// A process's way to its store, on which calls fail, and the process dies.
#pragma once

#include <functional>
#include <memory>

#include "native/state/state_store.h"

namespace candor::sim {

// The process is dead: thrown through whatever it was doing.
struct SimKill {};

enum class StoreFault { kNone, kFailBefore, kFailAfter, kKillBefore, kKillAfter };

// What the simulation does and hears around each call. All are called before or after the real one,
// never during it.
struct StoreHooks {
  std::function<StoreFault()> fault;
  // Other processes may act now.
  std::function<void()> meanwhile;
  std::function<void(const StateChange&)> committed;
  // A seeded bug of a test: changes what is about to be written.
  std::function<void(StateChange&)> spoil;
};

class SimStore : public StateStore {
 public:
  SimStore(StateStore& inner, StoreHooks hooks) : inner_(inner), hooks_(std::move(hooks)) {}

  Result<Snapshot> Read() override;
  Result<std::int64_t> Apply(const StateChange& change, std::int64_t revision) override;
  Result<std::string> ReadFacts() override;
  Result<std::unique_ptr<SenderLock>> TryLockSender(std::int64_t hold_ms) override;
  Result<std::vector<SealedReport>> ListReports(std::size_t most) override;
  Result<SealedReport> ReadReport(const std::string& id) override;
  Result<std::vector<JournalEntry>> ReadJournal(std::int64_t after, std::size_t most) override;
  int change_descriptor() override { return -1; }
  void DrainChanges() override {}
  std::string set_aside() const override { return {}; }

 private:
  template <typename T, typename Call>
  Result<T> Use(const Call& call);

  StateStore& inner_;
  StoreHooks hooks_;
};

}  // namespace candor::sim
