#include "native/admin/handlers/frozen_reports.h"

#include <algorithm>
#include <map>
#include <utility>

namespace candor {

void FrozenReports::Keep(const std::string& owner, FrozenReport report, std::int64_t boot_ms) {
  report.candidate.facts.clear();
  report.candidate.facts.shrink_to_fit();
  Kept kept{owner, boot_ms, std::make_shared<const FrozenReport>(std::move(report))};
  const FrozenReport& now = *kept.report;
  const std::lock_guard lock(mutex_);
  DropOld(boot_ms);
  // The same question with the same answer: only its counts may reach further.
  const auto same = [&](const Kept& other) {
    return other.owner == owner && other.report->candidate.digest == now.candidate.digest &&
           other.report->as_grant == now.as_grant && other.report->withheld == now.withheld;
  };
  for (auto it = kept_.begin(); it != kept_.end();) {
    if (same(*it)) bytes_ -= it->report->candidate.bytes.size();
    it = same(*it) ? kept_.erase(it) : std::next(it);
  }
  const auto of_owner = [&] {
    return std::count_if(kept_.begin(), kept_.end(),
                         [&](const Kept& other) { return other.owner == owner; });
  };
  if (static_cast<std::size_t>(of_owner()) >= kMostOfOne) DropOldestOf(owner);
  bytes_ += now.candidate.bytes.size();
  kept_.push_back(std::move(kept));
  MakeRoom();
}

std::shared_ptr<const FrozenReport> FrozenReports::Find(const std::string& owner,
                                                        std::string_view digest,
                                                        std::int64_t boot_ms) {
  const std::lock_guard lock(mutex_);
  DropOld(boot_ms);
  for (auto it = kept_.rbegin(); it != kept_.rend(); ++it) {
    if (it->owner == owner && it->report->candidate.digest == digest) return it->report;
  }
  return nullptr;
}

std::shared_ptr<const FrozenReport> FrozenReports::FindGrant(
    const std::string& owner, std::string_view digest, const std::vector<std::string>& withheld,
    std::int64_t boot_ms) {
  const std::lock_guard lock(mutex_);
  DropOld(boot_ms);
  for (const Kept& kept : kept_) {
    if (kept.owner == owner && kept.report->as_grant && kept.report->withheld == withheld &&
        kept.report->candidate.digest == digest) {
      return kept.report;
    }
  }
  return nullptr;
}

std::size_t FrozenReports::bytes() {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

void FrozenReports::DropOld(std::int64_t boot_ms) {
  while (!kept_.empty() && kept_.front().since_boot_ms + kMostMs <= boot_ms) {
    bytes_ -= kept_.front().report->candidate.bytes.size();
    kept_.pop_front();
  }
}

// So that nobody takes the room of others by looking again and again.
void FrozenReports::MakeRoom() {
  while (bytes_ > kMostBytes && kept_.size() > 1) {
    std::map<std::string, std::size_t> held;
    for (const Kept& kept : kept_) held[kept.owner] += kept.report->candidate.bytes.size();
    const auto most = std::max_element(
        held.begin(), held.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    DropOldestOf(most->first);
  }
}

void FrozenReports::DropOldestOf(const std::string& owner) {
  const auto oldest = std::find_if(kept_.begin(), kept_.end(),
                                   [&](const Kept& kept) { return kept.owner == owner; });
  if (oldest == kept_.end()) return;
  bytes_ -= oldest->report->candidate.bytes.size();
  kept_.erase(oldest);
}

}  // namespace candor
