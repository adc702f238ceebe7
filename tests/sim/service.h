// The receiving service and the network before it, with all their faults.
#pragma once

#include <functional>
#include <string>
#include <unordered_set>

#include "native/transport/transport.h"
#include "tests/sim/sim_random.h"

namespace candor::sim {

// What the way to the service is like for a while.
enum class Weather { kFine, kOffline, kSilent, kFailing, kBusy, kRefusing, kRedirecting };

class Service {
 public:
  // `arrived` hears of each report that is taken in, once per key.
  Service(SimRandom& random, std::function<void(const PostRequest&)> arrived)
      : random_(random), arrived_(std::move(arrived)) {}

  Weather weather = Weather::kFine;
  std::uint64_t one_fault_in = 0;  // In fine weather, too; 0 for never.

  // `key` is the one that the service sees.
  PostResult Post(const PostRequest& request, const std::string& key);
  std::int64_t faults() const { return faults_; }

 private:
  PostResult Fault(const PostRequest& request, const std::string& key);
  void TakeIn(const PostRequest& request, const std::string& key);

  SimRandom& random_;
  std::function<void(const PostRequest&)> arrived_;
  std::unordered_set<std::string> keys_;
  std::int64_t faults_ = 0;
};

}  // namespace candor::sim
