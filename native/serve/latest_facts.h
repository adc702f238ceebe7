// What the components said last, for whoever makes a report or a page of it. Safe from any thread;
// shared, so that a reporter thread that was left behind finds it where it was.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "native/host/host_core.h"
#include "native/scrape/collection.h"
#include "native/serve/kept_history.h"

namespace candor {

class LatestFacts : public ChangingFacts {
 public:
  // `history`: of what the components said before; nullptr for none.
  explicit LatestFacts(std::shared_ptr<KeptHistory> history) : history_(std::move(history)) {}

  // nullptr before the first round.
  std::shared_ptr<const Collection> collection() const;
  // Whether commands beside the service need to see it: it is the first, a component came, went or
  // is another way than before, or an hour has passed since they last did.
  bool Put(Collection collection, std::int64_t boot_ms);
  // What everything else says now. Whether it is another text than before.
  bool PutOthers(const std::string& text);
  // The next edition of the facts.
  void Publish() { ++edition_; }

  void AddTo(FactsDraft& facts) override;
  std::uint64_t Edition() override { return edition_; }
  void MayKeep(bool may) override {
    if (history_ != nullptr) history_->MayKeep(may);
  }

 private:
  const std::shared_ptr<KeptHistory> history_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Collection> collection_;
  std::string standing_, others_;  // Digests.
  std::int64_t published_boot_ms_ = 0;
  std::atomic<std::uint64_t> edition_{1};
};

}  // namespace candor
