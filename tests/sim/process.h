// One process of a simulated host, or a command that a person runs.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/config.h"
#include "native/reporter/reporter.h"
#include "tests/sim/installation.h"

namespace candor::sim {

class Process : public FactSource, public Transport, public LogSink {
 public:
  explicit Process(Installation& world);

  Reporter& reporter() { return *reporter_; }
  const Committer& committer() const { return committer_; }
  std::int64_t window_ms() const { return config_.review_window_s.value * kSecond; }
  // What was just previewed is shown to somebody.
  void Show() { committer_.shown = committer_.totals; }

  std::optional<std::int64_t> wake;  // True time.
  bool busy = false, doomed = false, dead = false;

  std::string Facts() override { return facts_; }
  CounterTotals Totals() override;
  bool SyncTotals() override;
  PostResult Post(const PostRequest& request) noexcept override;
  // The simulated service signs nothing, so that nobody asks for its keys.
  PostResult Ask(const AskRequest&) noexcept override { return {}; }
  void Cancel(std::int64_t) noexcept override {}
  void Write(const LogRecord&) noexcept override {}

 private:
  StoreHooks Hooks();

  Installation& world_;
  const Config config_;
  const std::string facts_;
  Committer committer_;
  std::unique_ptr<StateStore> own_store_;  // With SQLite: every process has opened it itself.
  SimStore store_;
  std::unique_ptr<Reporter> reporter_;
};

}  // namespace candor::sim
