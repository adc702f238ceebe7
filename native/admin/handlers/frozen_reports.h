// Reports that were shown and stay as they were for a while, so that a yes seals the very bytes
// that somebody looked at. In memory only, and bounded: what is let go of has to be looked at
// again. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "native/reporter/candidate.h"

namespace candor {

struct FrozenReport {
  Candidate candidate;  // Without its facts.
  bool as_grant = false;
  std::vector<std::string> withheld;  // As it was asked for, sorted; each once.
  std::vector<std::string> hidden;    // Not empty: it was made for somebody who may not see all.
};

class FrozenReports {
 public:
  static constexpr std::size_t kMostOfOne = 8;
  static constexpr std::size_t kMostBytes = std::size_t{64} << 20;
  static constexpr std::int64_t kMostMs = 60 * 60 * 1000;

  // `owner`: a session, or a user without one. `boot_ms`: now. The newest stays even where it is
  // larger than all together may be; then whoever holds the most loses the oldest first.
  void Keep(const std::string& owner, FrozenReport report, std::int64_t boot_ms);
  // nullptr when there is none any more.
  std::shared_ptr<const FrozenReport> Find(const std::string& owner, std::string_view digest,
                                           std::int64_t boot_ms);
  // The one that a yes with these withheld ids seals.
  std::shared_ptr<const FrozenReport> FindGrant(const std::string& owner, std::string_view digest,
                                                const std::vector<std::string>& withheld,
                                                std::int64_t boot_ms);
  std::size_t bytes();  // Of all reports together.

 private:
  struct Kept {
    std::string owner;
    std::int64_t since_boot_ms = 0;
    std::shared_ptr<const FrozenReport> report;
  };
  void DropOld(std::int64_t boot_ms);
  void MakeRoom();
  void DropOldestOf(const std::string& owner);

  std::mutex mutex_;      // Of all below.
  std::list<Kept> kept_;  // Oldest first.
  std::size_t bytes_ = 0;
};

}  // namespace candor
