// What happens around the reporter: hosts, people, clocks, networks and configurations.
#include <algorithm>
#include <utility>

#include "tests/sim/installation.h"
#include "tests/sim/process.h"
#include "tests/sim/small_product.h"

namespace candor::sim {
namespace {

const char* const kFacts =
    R"({"values": {"product": {"name": "N", "version": "1", "edition": "E"}}})";
const char* const kCommandsScope = "/product/internals/commands";

}  // namespace

void Installation::DrawConfig() {
  catalogue_ = random_.OneIn(16) ? &EngineProduct() : &SmallProduct();
  facts_ = kFacts;
  config_.mode.value = Mode::kOnline;
  config_.catalogue.value = catalogue_->name;
  config_.endpoint.value = "https://telemetry.example/pings";
  config_.initial_report.value = random_.OneIn(3);
  if (random_.OneIn(3)) config_.initialize_telemetry.value = !random_.OneIn(4);
  if (random_.OneIn(6)) config_.review_window_s.value = random_.Spread(60, 86'400);
  most_processes_ = random_.OneIn(3) ? static_cast<std::size_t>(random_.Between(2, 3)) : 1;
  event_gap_ = random_.Spread(12 * kHour, 20 * kDay);
  service_.one_fault_in = random_.OneIn(4) ? 0 : static_cast<std::uint64_t>(random_.Spread(3, 300));
  one_store_fault_in_ =
      random_.OneIn(4) ? 0 : static_cast<std::uint64_t>(random_.Spread(30, 30'000));
  one_meanwhile_in_ = random_.OneIn(2) ? 0 : static_cast<std::uint64_t>(random_.Spread(20, 5000));
  odd_clock_ = random_.OneIn(2);
  if (options_.always_offline) service_.weather = Weather::kOffline;
}

void Installation::WorldEvent() {
  Disturb();
  next_event_ = clock_.now() + random_.Between(0, 2 * event_gap_);
  if (!options_.always_offline && clock_.now() >= weather_until_) {
    service_.weather = Weather::kFine;
  }
  if (!facts_are_valid_) return StateFacts(true);
  if (processes_.empty() && !random_.OneIn(4)) return StartProcess();
  switch (random_.Between(0, 9)) {
    case 0:
    case 1:
    case 2:
      return HostEvent();
    case 3:
    case 4:
      return PersonActs();
    case 5:
    case 6:
      return ClockEvent();
    case 7:
    case 8:
      return WeatherEvent();
    default:
      return ChangeConfig();
  }
}

void Installation::HostEvent() {
  const std::int64_t what = random_.Between(0, 9);
  Event("host", what, clock_.now());
  if (what == 0) return StateFacts(false);
  if (what == 1) counters_fail_until_ = clock_.now() + random_.Spread(kMinute, kDay);
  if (what < 5 && processes_.size() < most_processes_) return StartProcess();
  if (processes_.empty()) return;
  Process& process = *processes_[static_cast<std::size_t>(
      random_.Between(0, static_cast<std::int64_t>(processes_.size()) - 1))];
  EndProcess(process, !random_.OneIn(3));
  if (!random_.OneIn(3)) StartProcess();
}

// A new start of the host, which states its facts, or such that no report can be made of them.
void Installation::StateFacts(bool valid) {
  facts_are_valid_ = valid;
  facts_ = valid ? kFacts : R"({"values": {"product": {"name": ""}}})";
  for (const auto& process : processes_) EndProcess(*process, true);
  StartProcess();
  if (!valid) next_event_ = std::min(next_event_, clock_.now() + 2 * kDay);
}

void Installation::StartProcess() {
  Event("start", static_cast<std::int64_t>(processes_.size()), clock_.now());
  processes_.push_back(std::make_unique<Process>(*this));
  processes_.back()->wake = clock_.now();
}

void Installation::EndProcess(Process& process, bool clean) {
  Event("end", clean ? 1 : 0, clock_.now());
  if (clean && !process.dead) As(process, [&] { process.reporter().Close(); });
  process.dead = true;
}

void Installation::PersonActs() {
  Process command(*this);
  const Actor ada{"ada", "command"};
  const std::int64_t what = random_.Between(0, 13);
  Event("person", what, clock_.now());
  ++decisions_;
  const auto ignore = [](const auto& result) { static_cast<void>(result); };
  As(command, [&] {
    Reporter& reporter = command.reporter();
    if (what <= 4) return ignore(reporter.Grant(ada, {}, nullptr));
    if (what <= 6) return ignore(reporter.Deny(ada));
    if (what == 7) return ignore(reporter.Grant(ada, {kCommandsScope}, nullptr));
    if (what == 8) return ignore(reporter.Withdraw(ada));
    if (what == 9) return ignore(reporter.SendNow());
    if (what == 10) return ignore(reporter.Seal(ReportKind::kManual));
    if (what == 11) return ignore(reporter.Status());
    const Result<Candidate> shown = reporter.Preview();
    if (!shown.ok()) return;
    command.Show();
    if (what == 13) Advance(clock_.now() + random_.Between(0, kHour));
    Disturb();  // Whoever was interrupted was held up for as long.
    ignore(reporter.Grant(ada, {}, &shown.value()));
  });
}

void Installation::ClockEvent() {
  const std::int64_t what = random_.Between(0, odd_clock_ ? 9 : 4);
  Event("clock", what, clock_.now());
  switch (what) {
    case 0:
      return clock_.SetError(0);
    case 1:
      return clock_.SetError(clock_.error() + random_.Between(-128, 128));
    case 2:
      return Suspend();
    case 3:
    case 4:
      return Reboot();
    case 5:
      return clock_.SetError(clock_.error() + (random_.OneIn(2) ? kHour : -kHour));
    case 6:
      return clock_.SetError(random_.Between(-10 * kYear, 10 * kYear));
    case 7:
      return clock_.SetWall(random_.Between(0, kDay));
    case 8:
      return clock_.SetWall(kEnd2038 + random_.Between(-kDay, kDay));
    default:
      return clock_.SetError(clock_.error() + random_.Between(-3 * kDay, 3 * kDay));
  }
}

// Nothing runs; what was due meanwhile is late.
void Installation::Suspend() {
  clock_.Pass(random_.Spread(kMinute, 30 * kDay));
  for (const auto& process : processes_) {
    if (process->wake) process->wake = std::max(*process->wake, clock_.now());
  }
  next_event_ = std::max(next_event_, clock_.now());
  Disturb();
}

void Installation::Reboot() {
  const bool clean = random_.OneIn(2);
  for (const auto& process : processes_) EndProcess(*process, clean);
  clock_.Pass(random_.Spread(10 * kSecond, kDay));
  const bool wrong = odd_clock_ && random_.OneIn(2);
  clock_.Reboot(wrong ? random_.Between(-2 * kHour, 2 * kHour) : 0);
  next_event_ = std::max(next_event_, clock_.now());
  Disturb();
  StartProcess();
}

void Installation::WeatherEvent() {
  if (options_.always_offline) return;
  service_.weather = static_cast<Weather>(random_.Between(0, 6));
  weather_until_ = clock_.now() + random_.Spread(kMinute, 180 * kDay);
  // The world looks up when the weather changes.
  next_event_ = std::min(std::max(next_event_, clock_.now() + kMinute), weather_until_);
  Event("weather", static_cast<std::int64_t>(service_.weather), weather_until_);
}

void Installation::ChangeConfig() {
  const std::int64_t what = random_.Between(0, 7);
  Event("config", what, clock_.now());
  static constexpr std::int64_t kPeriods[] = {21'600, 86'400, 86'400, 86'400, 604'800};
  switch (what) {
    case 0:
    case 1:
      config_.reporting_period_s.value = kPeriods[random_.Between(0, 4)];
      break;
    case 2:
      config_.review_window_s.value = random_.OneIn(2) ? 0 : random_.Spread(60, 86'400);
      break;
    case 3:
      config_.initial_report.value = !config_.initial_report.value;
      break;
    case 4:
      config_.withhold.value.clear();
      if (random_.OneIn(2)) config_.withhold.value.emplace_back(kCommandsScope);
      break;
    case 5:
      config_.mode.value = static_cast<Mode>(random_.Between(0, 2));
      break;
    default:
      config_.mode.value = Mode::kOnline;
  }
  const bool clean = random_.OneIn(2);
  for (const auto& process : processes_) EndProcess(*process, clean);
  StartProcess();
}

}  // namespace candor::sim
