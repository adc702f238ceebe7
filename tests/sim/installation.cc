#include "tests/sim/installation.h"

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>

#include "native/state/sqlite_store.h"
#include "tests/sim/memory_store.h"
#include "tests/sim/process.h"

namespace candor::sim {
namespace {

constexpr std::size_t kMaxMessages = 5;
constexpr std::int64_t kMostStepsAtOnce = 1000;
// A lock that another process has, a store that fails once: a minute each; and time for requests.
constexpr std::int64_t kSlackMs = 20 * kMinute;

}  // namespace

void Totals::Add(const Totals& other) {
  installations += other.installations;
  years += other.years;
  events += other.events;
  faults += other.faults;
  reports += other.reports;
  violations += other.violations;
  journal_entries += other.journal_entries;
  most_kept_bytes = std::max(most_kept_bytes, other.most_kept_bytes);
  hash = (hash ^ other.hash) * 0x100000001b3;
  messages.insert(messages.end(), other.messages.begin(), other.messages.end());
}

Totals Simulate(const Options& options) { return Installation(options).Run(); }

Installation::Installation(const Options& options)
    : options_(options),
      random_(options.seed),
      ledger_([this](const std::string& message) { Fail(message); }),
      service_(random_, [this](const PostRequest& request) {
        Event("arrived", static_cast<std::int64_t>(request.body.size()));
        ledger_.Accepted(std::string(request.id), request.body, clock_.now());
        ++totals_.reports;
      }) {
  if (options.sqlite_folder.empty()) {
    store_ = std::make_unique<MemoryStore>();
  } else {
    store_ = OpenSqliteStore(options.sqlite_folder, clock_).value();
  }
  DrawConfig();
}

Installation::~Installation() = default;

Totals Installation::Run() {
  const std::int64_t end = options_.years * kYear;
  totals_.installations = 1;
  totals_.years = options_.years;
  next_event_ = 0;
  RunUntil(end, true);
  Finish();
  totals_.faults += service_.faults();
  return std::move(totals_);
}

void Installation::RunUntil(std::int64_t end, bool with_events) {
  while (clock_.now() < end && totals_.violations < 20) {
    Bury();
    Process* process = NextToWake();
    const bool event =
        with_events && next_event_ < end && (process == nullptr || next_event_ <= *process->wake);
    const std::int64_t at = event ? next_event_ : process != nullptr ? *process->wake : end;
    if (at >= end) {
      Advance(end);
      break;
    }
    Advance(at);
    if (event) {
      WorldEvent();
    } else {
      Step(*process);
    }
    CheckDue();
  }
  Bury();
}

void Installation::Advance(std::int64_t to) {
  if (to > clock_.now()) {
    steps_at_once_ = 0;
    clock_.Pass(to - clock_.now());
  }
  if (!processes_.empty()) CountSome();
}

void Installation::CountSome() {
  const std::int64_t times = random_.Between(0, 2);
  for (std::int64_t i = 0; i < times; ++i) {
    ledger_.Count(static_cast<std::size_t>(random_.Between(0, kCounters - 1)),
                  static_cast<std::uint64_t>(random_.Spread(1, 1000)));
  }
}

Process* Installation::NextToWake() {
  Process* next = nullptr;
  for (const auto& process : processes_) {
    if (process->dead || !process->wake) continue;
    if (next == nullptr || *process->wake < *next->wake) next = process.get();
  }
  return next;
}

void Installation::Step(Process& process) {
  if (++steps_at_once_ > kMostStepsAtOnce) {
    Fail("a reporter never rests");
    process.dead = true;
    return;
  }
  As(process, [&] {
    process.wake.reset();
    const std::optional<std::int64_t> next = process.reporter().Step();
    if (next && *next < 0) Fail("a reporter wants to be called in the past");
    const std::int64_t window = process.window_ms();
    if (next && *next > std::max(process.committer().period_ms, window)) {
      Fail("a reporter sleeps over a period");
    }
    Event("step", next.value_or(-1), clock_.now());
    if (!next) return;
    const std::int64_t at = clock_.now() + *next + (*next > 0 ? random_.Between(0, 50) : 0);
    process.wake = process.wake ? std::min(*process.wake, at) : at;
  });
}

void Installation::As(Process& process, const std::function<void()>& act) {
  process.busy = true;
  ++depth_;
  try {
    act();
  } catch (const SimKill&) {
    Event("killed", clock_.now());
    process.dead = true;
    Disturb();
  }
  --depth_;
  process.busy = false;
}

void Installation::Bury() {
  std::erase_if(processes_, [](const std::unique_ptr<Process>& process) { return process->dead; });
}

StoreFault Installation::DrawStoreFault(Process& process) {
  if (process.doomed) return StoreFault::kKillBefore;
  if (finishing_ || !random_.OneIn(one_store_fault_in_)) return StoreFault::kNone;
  ++totals_.faults;
  Disturb();
  const auto fault = static_cast<StoreFault>(random_.Between(1, 4));
  Event("store fault", static_cast<std::int64_t>(fault), clock_.now());
  return fault;
}

// Between two of its calls, another process or somebody with a command may do something.
void Installation::Meanwhile(Process& busy) {
  if (finishing_ || depth_ > 2 || busy.doomed || !random_.OneIn(one_meanwhile_in_)) return;
  Disturb();
  if (random_.OneIn(2)) return PersonActs();
  for (const auto& process : processes_) {
    if (!process->busy && !process->dead) return Step(*process);
  }
}

void Installation::Committed(Process& process, const StateChange& change) {
  Event("commit", static_cast<std::int64_t>(change.journal.size()), clock_.now());
  for (const StateChange::Event& event : change.journal) Event(event.kind.c_str());
  ledger_.AllowPeriod(process.committer().period_ms);
  ledger_.Committed(change, process.committer(), clock_.now(), clock_.error());
  if (change.wipe_reports) CheckNothingKept();
  for (const auto& other : processes_) {
    if (other.get() != &process && !other->dead) other->wake = clock_.now();
  }
}

PostResult Installation::Post(Process& process, const PostRequest& request) {
  Event("post", static_cast<std::int64_t>(service_.weather), clock_.now());
  ledger_.Leaves(request.body, std::string(request.id), request.digest, process.committer());
  std::string key(request.id);
  if (options_.bug == Bug::kNewKeyOnRetry) key += std::to_string(clock_.now() / kHour);
  const std::int64_t faults = service_.faults();
  if (random_.OneIn(4)) Meanwhile(process);
  PostResult result = service_.Post(request, key);
  Advance(clock_.now() + random_.Between(0, result.status == 0 ? 15'000 : 300));
  if (service_.faults() != faults) Disturb();
  Meanwhile(process);
  if (!finishing_ && random_.OneIn(one_store_fault_in_ * 4)) process.doomed = true;
  Event("posted", result.status, static_cast<std::int64_t>(result.outcome));
  return result;
}

bool Installation::AllIsWell() const {
  const bool up = std::any_of(processes_.begin(), processes_.end(),
                              [](const auto& process) { return !process->dead; });
  return up && ledger_.agreed() && facts_are_valid_ && clock_.now() >= counters_fail_until_ &&
         config_.mode.value == Mode::kOnline && config_.reporter_activate.value &&
         service_.weather == Weather::kFine;
}

void Installation::CheckDue() {
  if (!AllIsWell()) return Disturb();
  const std::int64_t period = config_.reporting_period_s.value * kSecond;
  const std::int64_t window = config_.review_window_s.value * kSecond;
  const std::int64_t since = std::max(well_since_, ledger_.last_accepted());
  if (clock_.now() - since > period + window + 10 * kMinute + kSlackMs) {
    Fail("nothing was accepted for " + std::to_string((clock_.now() - since) / kMinute) +
         " minutes though all was well");
    Disturb();
  }
}

void Installation::CheckNothingKept() {
  const std::vector<SealedReport> reports = store_->ListReports(kKeptReports + 8).value();
  for (const SealedReport& report : reports) {
    if (!store_->ReadReport(report.id).value().bytes.empty()) Fail("a no left bytes: " + report.id);
  }
  if (!store_->ReadFacts().value().empty()) Fail("a no left the facts");
}

void Installation::CheckBounds() {
  const std::vector<SealedReport> reports = store_->ListReports(10'000'000).value();
  std::int64_t with_bytes = 0, bytes = 0;
  for (const SealedReport& report : reports) {
    const std::size_t size = store_->ReadReport(report.id).value().bytes.size();
    with_bytes += size != 0 ? 1 : 0;
    bytes += static_cast<std::int64_t>(size);
  }
  totals_.most_kept_bytes = std::max(totals_.most_kept_bytes, bytes);
  if (with_bytes > static_cast<std::int64_t>(kKeptReports) + 2) Fail("too many reports are kept");
  const std::vector<JournalEntry> journal = store_->ReadJournal(0, 10'000'000).value();
  totals_.journal_entries += static_cast<std::int64_t>(journal.size());
  const std::int64_t most = 4 * ledger_.sealed() + 3 * decisions_ + 5;
  if (static_cast<std::int64_t>(journal.size()) > most) Fail("the journal is too long");
  ledger_.CheckJournal(journal);
}

// All is healed, somebody says yes, and what is owed must arrive.
void Installation::Finish() {
  Event("finish", clock_.now());
  finishing_ = true;
  service_.weather = Weather::kFine;
  service_.one_fault_in = 0;
  facts_are_valid_ = true;
  counters_fail_until_ = 0;
  CheckBounds();
  for (const auto& process : processes_) process->dead = true;
  Bury();
  config_.mode.value = Mode::kOnline;
  config_.reporter_activate.value = true;
  config_.withhold.value.clear();
  facts_ = R"({"values": {"product": {"name": "N", "version": "2", "edition": "E"}}})";
  StartProcess();
  ++decisions_;
  Process& process = *processes_.front();
  As(process, [&] {
    if (!process.reporter().Grant({"ada", "command"}, {}, nullptr).empty()) Fail("no yes is taken");
  });
  Disturb();
  const std::int64_t period =
      (config_.reporting_period_s.value + config_.review_window_s.value) * kSecond;
  RunUntil(clock_.now() + 3 * period + 3 * kHour, false);
  if (config_.initial_report.value) {
    const std::optional<Fate>& fate = ledger_.state().initial;
    if (!fate || *fate == Fate::kSealed || *fate == Fate::kAttempted) {
      Fail("the initial report never ends");
    } else if (*fate == Fate::kAccepted && ledger_.initial_accepted() != 1) {
      Fail("the service has not exactly one initial report");
    }
  }
  ledger_.CheckSums();
  ledger_.CheckJournal(store_->ReadJournal(0, 10'000'000).value());
}

void Installation::Event(const char* what, std::int64_t a, std::int64_t b) {
  ++totals_.events;
  const auto mix = [this](std::uint64_t bits) {
    totals_.hash = (totals_.hash ^ bits) * 0x9e3779b97f4a7c15;
    totals_.hash ^= totals_.hash >> 29;
  };
  for (const char c : std::string_view(what)) mix(static_cast<unsigned char>(c));
  mix(static_cast<std::uint64_t>(a));
  mix(static_cast<std::uint64_t>(b));
  if (options_.trace) {
    std::fprintf(stderr, "%12.3f h  %s %lld %lld\n", static_cast<double>(clock_.now()) / kHour,
                 what, static_cast<long long>(a), static_cast<long long>(b));
  }
}

void Installation::Fail(const std::string& message) {
  Event("VIOLATION", clock_.now());
  ++totals_.violations;
  if (totals_.messages.size() < kMaxMessages) {
    totals_.messages.push_back("seed " + std::to_string(options_.seed) + " at hour " +
                               std::to_string(clock_.now() / kHour) + ": " + message);
  }
  if (options_.trace) std::fprintf(stderr, "VIOLATION %s\n", message.c_str());
}

}  // namespace candor::sim
