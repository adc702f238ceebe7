#include "tests/sim/process.h"

#include "native/reporter/candidate.h"
#include "native/state/sqlite_store.h"

namespace candor::sim {

Process::Process(Installation& world)
    : world_(world),
      config_(world.config_),
      facts_(world.facts_),
      own_store_(world.options_.sqlite_folder.empty()
                     ? nullptr
                     : OpenSqliteStore(world.options_.sqlite_folder, world.clock_).value()),
      store_(own_store_ ? *own_store_ : *world.store_, Hooks()) {
  committer_.online = config_.mode.value == Mode::kOnline;
  committer_.initial_report = config_.initial_report.value;
  committer_.period_ms = config_.reporting_period_s.value * kSecond;
  const auto transport = [this]() -> Result<Transport*> { return this; };
  reporter_ = std::make_unique<Reporter>(
      ReporterParts{config_, *world.catalogue_, store_, *this, world.clock_, world.random_, *this,
                    transport},
      OfferedCatalogue(config_, *world.catalogue_).value(), world.clock_.BootMillis());
}

CounterTotals Process::Totals() {
  committer_.totals = world_.ledger_.counted();
  return TotalsOf("sim", committer_.totals);
}

bool Process::SyncTotals() { return world_.clock_.now() >= world_.counters_fail_until_; }

PostResult Process::Post(const PostRequest& request) noexcept {
  return world_.Post(*this, request);
}

StoreHooks Process::Hooks() {
  StoreHooks hooks;
  hooks.fault = [this] { return world_.DrawStoreFault(*this); };
  hooks.meanwhile = [this] { world_.Meanwhile(*this); };
  hooks.committed = [this](const StateChange& change) { world_.Committed(*this, change); };
  const Bug bug = world_.options_.bug;
  if (bug == Bug::kBaselinesStay) {
    hooks.spoil = [this](StateChange& change) {
      if (change.report && change.report->kind == ReportKind::kScheduled &&
          change.report->attempts == 0) {
        change.state.baselines = world_.ledger_.state().baselines;
      }
    };
  } else if (bug == Bug::kForgetsAcceptance) {
    hooks.spoil = [](StateChange& change) {
      change.state.last_accepted_at.reset();
      if (change.report && change.report->fate == Fate::kAccepted) change.state.due_at.reset();
    };
  } else if (bug == Bug::kIgnoresNo) {
    hooks.spoil = [](StateChange& change) {
      if (change.state.consent) change.state.consent->verdict = Verdict::kGranted;
    };
  }
  return hooks;
}

}  // namespace candor::sim
