// One simulated installation: a machine with its clocks, its state store, the processes of a host
// on it, the people who decide, and the service far away. Everything that happens is drawn from one
// seed.
//
// The code that is tested is the real one: Reporter and all beneath it. Processes are killed where
// they call their store; other processes and people act in the middle of their calls.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/config.h"
#include "tests/sim/ledger.h"
#include "tests/sim/service.h"
#include "tests/sim/sim_clock.h"
#include "tests/sim/sim_random.h"
#include "tests/sim/sim_store.h"

namespace candor::sim {

// Bugs that a simulation must find: negative controls.
enum class Bug { kNone, kNewKeyOnRetry, kBaselinesStay, kForgetsAcceptance, kIgnoresNo };

struct Options {
  std::uint64_t seed = 1;
  std::int64_t years = 10;
  std::string sqlite_folder;  // "" for the store in memory; else a new folder.
  bool always_offline = false;
  Bug bug = Bug::kNone;
  bool trace = false;  // Every event on standard error.
};

struct Totals {
  std::int64_t installations = 0, years = 0, events = 0, faults = 0, reports = 0, violations = 0;
  std::int64_t journal_entries = 0, most_kept_bytes = 0;
  std::uint64_t hash = 0;             // Of everything that happened.
  std::vector<std::string> messages;  // The first violations.
  void Add(const Totals& other);
};

// One life from its seed.
Totals Simulate(const Options& options);

class Process;

class Installation {
 public:
  explicit Installation(const Options& options);
  ~Installation();
  Totals Run();

 private:
  friend class Process;

  // What goes on in the world, in installation_world.cc.
  void WorldEvent();
  void HostEvent();
  void PersonActs();
  void ClockEvent();
  void WeatherEvent();
  void ChangeConfig();
  void DrawConfig();
  void Suspend();
  void Reboot();

  void StateFacts(bool valid);
  void StartProcess();
  void EndProcess(Process& process, bool clean);
  void Step(Process& process);
  // Runs `act` as `process`, which may die of it.
  void As(Process& process, const std::function<void()>& act);
  void Bury();
  Process* NextToWake();
  void Advance(std::int64_t to);
  void CountSome();
  void RunUntil(std::int64_t end, bool with_events);
  void Finish();

  StoreFault DrawStoreFault(Process& process);
  void Meanwhile(Process& busy);
  void Committed(Process& process, const StateChange& change);
  PostResult Post(Process& process, const PostRequest& request);

  void CheckDue();
  void CheckNothingKept();
  void CheckBounds();
  bool AllIsWell() const;
  void Disturb() { well_since_ = clock_.now(); }
  void Event(const char* what, std::int64_t a = 0, std::int64_t b = 0);
  void Fail(const std::string& message);

  const Options options_;
  SimRandom random_;
  SimClock clock_;
  Ledger ledger_;
  Service service_;
  std::unique_ptr<StateStore> store_;
  Config config_;
  const Catalogue* catalogue_ = nullptr;
  std::string facts_;
  bool facts_are_valid_ = true;
  std::int64_t counters_fail_until_ = 0;
  std::size_t most_processes_ = 1;
  std::int64_t event_gap_ = 0;  // Between two events of the world, on average.
  std::int64_t next_event_ = 0;
  std::int64_t weather_until_ = 0;
  std::uint64_t one_store_fault_in_ = 0, one_meanwhile_in_ = 0;
  bool odd_clock_ = false, finishing_ = false;
  int depth_ = 0;
  std::int64_t well_since_ = 0;
  std::int64_t steps_at_once_ = 0;
  std::int64_t decisions_ = 0;
  std::vector<std::unique_ptr<Process>> processes_;
  Totals totals_;
};

}  // namespace candor::sim
