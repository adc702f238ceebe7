// Probes again and again, on a thread of its own, so that components do not wait for them.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "native/probes/prober.h"

namespace candor {

class Probing {
 public:
  // Called from its thread.
  struct Calls {
    std::function<void(std::string)> tell;  // A line for the log, when something changed.
    std::function<void()> changed;          // After each round.
    std::function<void()> first_round;      // After the first one, however it went.
  };

  // Only what `catalogue` has a place for is asked.
  Probing(ProbeOptions options, const Catalogue& catalogue);
  // As Stop.
  ~Probing();
  Probing(const Probing&) = delete;
  Probing& operator=(const Probing&) = delete;

  bool empty() const { return prober_.empty(); }
  // Asks now, and `good_for_ms` after a round, or `retry_ms` after one in which one of them failed.
  // Only tells of what is not asked when empty().
  void Start(std::int64_t retry_ms, std::int64_t good_for_ms, Calls calls);
  // What is under way ends. Nothing is called afterwards.
  void Stop();
  // Lays the last good answers under `facts`.
  void AddTo(FactsDraft& facts) const;

 private:
  void AskForEver();
  void AskOnce();
  bool WaitForStop();  // Whether it came.
  void Tell(const std::string& problems);

  Prober prober_;
  const std::vector<std::string> unnamed_;  // By the catalogue.
  const std::string catalogue_;
  std::int64_t retry_ms_ = 0, good_for_ms_ = 0;
  Calls calls_;
  std::string told_;
  mutable std::mutex mutex_;  // Of all below.
  std::condition_variable stops_;
  bool stopping_ = false;
  std::map<std::string, ProbedProduct> products_;  // By pointer: the last good answers.
  std::thread thread_;
};

}  // namespace candor
