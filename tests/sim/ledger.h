// The oracle of one installation: every increment that was ever counted, what became of it, and
// what the laws of reports say about each change and each byte. It believes no baseline of the
// store; it knows what the host counted, what the journal says was dropped, and what the service
// has.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "native/state/state_store.h"

namespace candor::sim {

inline constexpr std::size_t kCounters = 4;
using Counts = std::array<std::uint64_t, kCounters>;
extern const std::array<std::string, kCounters> kCounterNames;  // Sorted pointers.

// The counts of a report, from its bytes; `found` says which it has at all.
Counts CountsIn(std::string_view bytes, std::array<bool, kCounters>* found = nullptr);
CounterTotals TotalsOf(const std::string& epoch, const Counts& counts);

// What the process that makes a change was set up with, and had read.
struct Committer {
  Counts totals{};  // The last it was given,
  Counts shown{};   // and those of the preview that it wants a yes to.
  bool online = true;
  bool initial_report = false;
  std::int64_t period_ms = 0;
};

class Ledger {
 public:
  explicit Ledger(std::function<void(const std::string&)> fail) : fail_(std::move(fail)) {}

  // The host counted.
  void Count(std::size_t counter, std::uint64_t n) { counted_[counter] += n; }
  const Counts& counted() const { return counted_; }

  // A change is in the store. `now` is true time, `clock_error` the wall clock's.
  void Committed(const StateChange& change, const Committer& by, std::int64_t now,
                 std::int64_t clock_error);
  // The first byte of a request leaves.
  void Leaves(std::string_view body, const std::string& id, std::string_view digest,
              const Committer& by);
  // The service has taken a report in, for the first time under the key it saw.
  void Accepted(const std::string& id, std::string_view body, std::int64_t now);

  // All that must add up now.
  void CheckSums();
  // The whole journal, and that the service's reports are in it.
  void CheckJournal(const std::vector<JournalEntry>& entries);

  const State& state() const { return state_; }
  bool agreed() const { return Agreed(state_); }
  bool denied() const { return state_.consent && state_.consent->verdict == Verdict::kDenied; }
  std::int64_t accepted() const { return accepted_; }
  std::int64_t sealed() const { return static_cast<std::int64_t>(reports_.size()); }
  std::int64_t initial_accepted() const { return initial_accepted_; }
  std::int64_t last_accepted() const { return last_accepted_; }
  // Under which every scheduled report since the last one was planned.
  void AllowPeriod(std::int64_t period_ms);

 private:
  struct Report {
    ReportKind kind = ReportKind::kScheduled;
    std::string digest;
    Counts counts{};
    bool charged = false;   // Its counts are accounted for.
    bool returned = false;  // Its counts went back.
    bool accepted = false;
  };

  static bool Agreed(const State& state) {
    return state.consent && state.consent->verdict == Verdict::kGranted;
  }
  void CoverAnew(const State& now, const Committer& by);
  void Seal(const SealedReport& report, const StateChange& change, const Committer& by);
  void Event(const StateChange::Event& event);
  void Charge(Report& report);
  void FollowClock(const ClockAnchor& anchor, std::int64_t clock_error);
  void Fail(const std::string& message) { fail_(message); }

  std::function<void(const std::string&)> fail_;
  Counts counted_{};
  Counts consumed_{};  // Reported, dropped, or counted before a yes.
  Counts dropped_{};
  Counts before_yes_{};
  Counts received_{};  // By the service, from the bodies it got.
  State state_;
  std::map<std::string, Report> reports_;
  std::int64_t accepted_ = 0, initial_accepted_ = 0;
  std::int64_t last_accepted_ = -1, last_scheduled_ = -1;
  std::int64_t now_ = 0;
  std::int64_t least_period_ = 0;
  // How much earlier the next scheduled report may come because the clock was wrong over a restart
  // of the machine, when nobody can tell.
  std::int64_t excuse_ = 0, error_at_anchor_ = 0;
};

}  // namespace candor::sim
