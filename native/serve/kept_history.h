// The history of components' metrics and its file in the state folder. It outlives changes of the
// configuration. Safe from any thread.
#pragma once

#include <atomic>
#include <string>
#include <utility>

#include "native/base/clock.h"
#include "native/scrape/metric_history.h"

namespace candor {

class KeptHistory {
 public:
  KeptHistory(std::string state_folder, Clock& clock)
      : folder_(std::move(state_folder)), metrics_(clock) {}

  MetricHistory& metrics() { return metrics_; }

  // What an earlier process left. "", or why it is not used.
  std::string Load();
  // Not synced: what a power cut leaves of it is not used. "", or why it could not be written; then
  // an older file is gone. Nothing is done before MayKeep was told that it may.
  std::string Save();
  // Told again and again. From a no on nothing is kept, and the file is gone.
  void MayKeep(bool may);

 private:
  const std::string folder_;
  MetricHistory metrics_;
  std::atomic<bool> may_save_{false}, wiped_{false};
};

}  // namespace candor
