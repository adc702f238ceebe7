#include "native/serve/probing.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace candor {

Probing::Probing(ProbeOptions options, const Catalogue& catalogue)
    : prober_(std::move(options)),
      unnamed_(prober_.KeepNamed(catalogue)),
      catalogue_(catalogue.name) {}

Probing::~Probing() { Stop(); }

void Probing::Start(std::int64_t retry_ms, std::int64_t good_for_ms, Calls calls) {
  retry_ms_ = retry_ms;
  good_for_ms_ = good_for_ms;
  calls_ = std::move(calls);
  std::string names;
  for (const std::string& name : unnamed_) names += (names.empty() ? "" : ", ") + name;
  if (!names.empty()) {
    calls_.tell("Not probed, reports of the catalogue " + catalogue_ +
                " have no place for it: " + names);
  }
  if (!empty()) thread_ = std::thread([this] { AskForEver(); });
}

void Probing::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stops_.notify_all();
  prober_.Cancel();
  if (thread_.joinable()) thread_.join();
}

void Probing::AskForEver() {
  bool first = true;
  do {
    try {
      AskOnce();
    } catch (const std::exception& error) {
      Tell(error.what());
    }
    if (std::exchange(first, false)) calls_.first_round();
  } while (!WaitForStop());
}

void Probing::AskOnce() {
  std::string problems;
  std::vector<ProbeResult> results = prober_.Ask();
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    for (ProbeResult& result : results) {
      if (result.product.ok()) {
        products_[result.pointer] = std::move(result.product).value();
      } else {
        problems +=
            (problems.empty() ? "" : "; ") + result.name + ": " + result.product.error().message;
      }
    }
  }
  Tell(problems);
  calls_.changed();
}

bool Probing::WaitForStop() {
  const std::int64_t wait_ms = told_.empty() ? good_for_ms_ : std::min(retry_ms_, good_for_ms_);
  std::unique_lock lock(mutex_);
  return stops_.wait_for(lock, std::chrono::milliseconds(wait_ms), [this] { return stopping_; });
}

void Probing::Tell(const std::string& problems) {
  if (problems == told_) return;
  calls_.tell(problems.empty() ? "All probes give answers again."
                               : "No answer, the last good one counts: " + problems);
  told_ = problems;
}

void Probing::AddTo(FactsDraft& facts) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [pointer, product] : products_) LayUnder(pointer, product, facts);
}

}  // namespace candor
