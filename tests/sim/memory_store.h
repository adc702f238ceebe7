// A state store in memory, with the transactions of native/state/state_store.h and nothing on disk:
// cheap enough for thousands of installations over years.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "native/state/state_store.h"

namespace candor::sim {

class MemoryStore : public StateStore {
 public:
  Result<Snapshot> Read() override;
  Result<std::int64_t> Apply(const StateChange& change, std::int64_t revision) override;
  Result<std::string> ReadFacts() override { return facts_; }
  Result<std::unique_ptr<SenderLock>> TryLockSender(std::int64_t hold_ms) override;
  Result<std::vector<SealedReport>> ListReports(std::size_t most) override;
  Result<SealedReport> ReadReport(const std::string& id) override;
  Result<std::vector<JournalEntry>> ReadJournal(std::int64_t after, std::size_t most) override;
  int change_descriptor() override { return -1; }
  void DrainChanges() override {}
  std::string set_aside() const override { return {}; }

 private:
  class Lock;

  std::optional<Problems> Put(const SealedReport& report);
  void DropBytes(SealedReport& report);
  void DropOldBytes();

  State state_;
  std::int64_t revision_ = 0;
  std::string facts_;
  std::vector<JournalEntry> journal_;
  std::vector<SealedReport> reports_;  // In the order they were sealed in.
  std::unordered_map<std::string, std::size_t> places_;
  std::vector<std::size_t> with_bytes_;  // Places of those that have them, oldest first.
  bool locked_ = false;
};

}  // namespace candor::sim
