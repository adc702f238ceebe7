// What a host's Telemetry and its reporter thread share. Lives as long as either of them, so that a
// thread that had to be left behind finds everything where it was.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <string>

#include "native/base/log.h"
#include "native/counters/counters.h"
#include "native/host/facts_book.h"
#include "native/host/send_wish.h"
#include "native/include/candor/telemetry.h"
#include "native/reporter/fact_source.h"
#include "native/reporter/setup.h"
#include "native/state/open_store.h"

namespace candor {

// Hands lines to the host's function, one at a time, until it is closed.
class HostLog : public LogSink {
 public:
  explicit HostLog(std::function<void(const TelemetryLogLine&)> function)
      : function_(std::move(function)) {}
  void Write(const LogRecord& record) noexcept override;
  // Nothing is called afterwards.
  void Close() noexcept;
  // In the child of a fork: another thread's lock is nobody's there.
  void ResetLock() noexcept { new (&mutex_) std::mutex; }

 private:
  std::mutex mutex_;
  std::function<void(const TelemetryLogLine&)> function_;
};

// Facts beside the book's that are other ones whenever somebody asks. Called from any thread.
class ChangingFacts {
 public:
  virtual ~ChangingFacts() = default;
  virtual void AddTo(FactsDraft& facts) = 0;
  // As in FactSource.
  virtual std::uint64_t Edition() = 0;
  virtual void MayKeep(bool may) = 0;
};

class HostCore : public FactSource {
 public:
  // Without `counts` there are no counters, and no file for them.
  HostCore(Setup setup, StatePlace place, bool counts,
           std::function<void(const TelemetryLogLine&)> log,
           std::shared_ptr<ChangingFacts> changing = nullptr);

  std::string Facts() override;
  std::optional<std::uint64_t> Edition() override;
  void MayKeep(bool may) override {
    if (changing_ != nullptr) changing_->MayKeep(may);
  }
  CounterTotals Totals() override { return counters ? counters->Totals() : CounterTotals(); }
  bool SyncTotals() override { return !counters || counters->Sync(); }

  void SeeTaskWorker(std::string_view name) noexcept;

  const Setup setup;
  const StatePlace place;
  HostLog log;
  FactsBook book;
  SendWish send_wish;
  std::optional<Counters> counters;

 private:
  const std::shared_ptr<ChangingFacts> changing_;  // nullptr for none.
  std::atomic<bool> task_workers_seen_{false};
};

}  // namespace candor
