#include "tests/sim/sim_store.h"

#include <utility>

namespace candor::sim {
namespace {

Error Unavailable() { return Error{ErrorCode::kUnavailable, "", "the disk does not answer"}; }

}  // namespace

template <typename T, typename Call>
Result<T> SimStore::Use(const Call& call) {
  const StoreFault fault = hooks_.fault();
  if (fault == StoreFault::kKillBefore) throw SimKill();
  if (fault == StoreFault::kFailBefore) return Unavailable();
  Result<T> result = call();
  if (fault == StoreFault::kKillAfter) throw SimKill();
  if (fault == StoreFault::kFailAfter) return Unavailable();
  return result;
}

Result<Snapshot> SimStore::Read() {
  hooks_.meanwhile();
  return Use<Snapshot>([this] { return inner_.Read(); });
}

Result<std::int64_t> SimStore::Apply(const StateChange& change, std::int64_t revision) {
  hooks_.meanwhile();
  return Use<std::int64_t>([&]() -> Result<std::int64_t> {
    StateChange written = change;
    if (hooks_.spoil) hooks_.spoil(written);
    Result<std::int64_t> applied = inner_.Apply(written, revision);
    if (applied.ok()) hooks_.committed(written);
    return applied;
  });
}

Result<std::string> SimStore::ReadFacts() {
  return Use<std::string>([this] { return inner_.ReadFacts(); });
}

Result<std::unique_ptr<SenderLock>> SimStore::TryLockSender(std::int64_t hold_ms) {
  return Use<std::unique_ptr<SenderLock>>(
      [this, hold_ms] { return inner_.TryLockSender(hold_ms); });
}

Result<std::vector<SealedReport>> SimStore::ListReports(std::size_t most) {
  return Use<std::vector<SealedReport>>([&] { return inner_.ListReports(most); });
}

Result<SealedReport> SimStore::ReadReport(const std::string& id) {
  return Use<SealedReport>([&] { return inner_.ReadReport(id); });
}

Result<std::vector<JournalEntry>> SimStore::ReadJournal(std::int64_t after, std::size_t most) {
  return Use<std::vector<JournalEntry>>([&] { return inner_.ReadJournal(after, most); });
}

}  // namespace candor::sim
