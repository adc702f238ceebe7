#include "native/include/candor/telemetry.h"

#include <pthread.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <utility>

#include "core/json_reader.h"
#include "core/problems.h"
#include "native/base/random.h"
#include "native/host/host_core.h"
#include "native/host/host_work.h"
#include "native/host/live_hosts.h"
#include "native/host/reporter_thread.h"
#include "native/reporter/engine_places.h"
#include "native/reporter/status_text.h"
#include "native/state/open_store.h"

namespace candor {
namespace {

constexpr std::size_t kMaxCommandBytes = 128;

EnvironmentVariables Environment(bool all) {
  EnvironmentVariables variables = ProcessEnvironment();
  if (all) return variables;
  variables.erase(std::remove_if(variables.begin(), variables.end(),
                                 [](const auto& item) { return item.first != "DO_NOT_TRACK"; }),
                  variables.end());
  return variables;
}

bool IsOff(const Config& config) {
  return config.do_not_track.value || config.mode.value == Mode::kDisabled;
}

// A command's class name as the catalogue takes it, "" for one that says nothing.
std::string CommandName(std::string_view class_name) {
  std::string name(class_name.substr(0, kMaxCommandBytes + 1));
  if (name.size() > kMaxCommandBytes || name.find("$$Lambda") != std::string::npos) return {};
  std::replace(name.begin(), name.end(), '$', '_');
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  const bool starts_well = !name.empty() && !(name[0] >= '0' && name[0] <= '9');
  // Java numbers its anonymous classes: "Outer$1".
  const std::size_t last = name.find_last_of('_');
  const bool anonymous = last != std::string::npos && last + 1 < name.size() &&
                         std::all_of(name.begin() + static_cast<std::ptrdiff_t>(last) + 1,
                                     name.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
                         class_name.find('$') != std::string_view::npos;
  return starts_well && !anonymous && std::all_of(name.begin(), name.end(), good) ? name : "";
}

}  // namespace

class Telemetry::Host : public LiveHost {
 public:
  Host(std::shared_ptr<HostCore> core, std::int64_t stop_ms)
      : core_(std::move(core)), stop_ms_(stop_ms) {}

  HostCore& core() { return *core_; }
  const std::shared_ptr<HostCore>& shared_core() const { return core_; }

  bool Start() {
    const std::lock_guard lock(control_);
    if (IsOff(core_->setup.config) || !core_->setup.config.reporter_activate.value) {
      KeepOffPromise();
      return false;
    }
    if (thread_ == nullptr) thread_ = std::make_unique<ReporterThread>();
    if (!thread_->running()) {
      if (!thread_->Start(std::make_shared<HostWork>(core_))) return false;
      core_->send_wish.HeardBy(thread_->Waker());
    }
    Say(LogEvent::kStarted, "The reporter runs.");
    return true;
  }

  void Stop() {
    std::unique_ptr<ReporterThread> thread;
    {
      const std::lock_guard lock(control_);
      thread = std::move(thread_);
    }
    if (thread == nullptr || !thread->running()) return;
    if (thread->Stop(stop_ms_)) {
      Say(LogEvent::kStopped, "The reporter ended.");
    } else {
      Say(LogEvent::kStopTookTooLong, "The reporter did not end in time and was left behind.");
      core_->log.Close();
    }
  }

  void Wake() {
    const std::lock_guard lock(control_);
    if (thread_ != nullptr) thread_->Wake();
  }

  // Calls `use` with a reporter of its own on the same store: the thread's is the thread's.
  template <typename Use>
  Problems WithReporter(Use&& use) {
    Result<std::unique_ptr<StateStore>> store = OpenStateStore(core_->place);
    if (!store.ok()) return std::move(store).problems();
    const auto nothing_is_sent = []() -> Result<Transport*> {
      return Error{ErrorCode::kInternal, "", "nothing is sent from here"};
    };
    Reporter reporter({core_->setup.config, core_->setup.catalogue, *store.value(), *core_,
                       SystemClock(), SystemRandom(), core_->log, nothing_is_sent},
                      core_->setup.offered, SystemClock().BootMillis());
    return use(reporter);
  }

  void Say(LogEvent event, std::string message) noexcept {
    core_->log.Write({SystemClock().Wall(), LevelOf(event), event, std::move(message)});
  }

  void BeforeFork() noexcept override {
    control_.lock();
    core_->book.mutex().lock();
  }
  void AfterForkInParent() noexcept override {
    core_->book.mutex().unlock();
    control_.unlock();
  }
  void AfterForkInChild() noexcept override {
    AfterForkInParent();
    core_->log.ResetLock();
    core_->send_wish.ResetLock();
  }

 private:
  // Where telemetry was on before, no report stays behind.
  void KeepOffPromise() {
    if (!MayHoldState(core_->place)) return;
    const Problems problems = WithReporter([](Reporter& reporter) {
      reporter.Step();
      return Problems();
    });
    if (!problems.empty()) Say(LogEvent::kStoreFailed, problems.list().front().message);
  }

  const std::shared_ptr<HostCore> core_;
  const std::int64_t stop_ms_;
  std::mutex control_;
  std::unique_ptr<ReporterThread> thread_;
  ForkNotice fork_notice_{*this};
};

// Nothing of ours reaches the host; what is lost for lack of memory is lost.
template <typename Use>
static void Guarded(Use&& use) noexcept {
  try {
    use();
  } catch (...) {
  }
}

Telemetry::Telemetry(TelemetryOptions options) noexcept {
  Guarded([&] { Open(std::move(options)); });
}

void Telemetry::Open(TelemetryOptions options) {
  const EnvironmentVariables environment = Environment(options.read_environment);
  Result<Setup> setup = LoadSetup(
      {options.config_files, options.config, options.catalogue_file, "", "", environment});
  if (!setup.ok()) {
    HostLog(options.log)
        .Write(
            {SystemClock().Wall(), LevelOf(LogEvent::kInvalidConfiguration),
             LogEvent::kInvalidConfiguration,
             "Nothing is done, the configuration is refused: " + ProblemsAsText(setup.problems())});
    return;
  }
  const bool counts = !IsOff(setup.value().config);
  auto core =
      std::make_shared<HostCore>(std::move(setup).value(),
                                 StatePlace{StateFolder(options.state_folder, environment),
                                            StateDatabase(options.state_database, environment)},
                                 counts, std::move(options.log));
  host_ = std::make_unique<Host>(core, std::clamp<std::int64_t>(options.stop_ms, 0, 60'000));
  if (!core->counters) return;
  counters_ = &*core->counters;
  counting_.store(true);
}

std::shared_ptr<HostCore> Telemetry::core() noexcept {
  return host_ == nullptr ? nullptr : host_->shared_core();
}

Telemetry::~Telemetry() {
  Stop();
  counting_.store(false);
}

Counter Telemetry::Command(std::string_view class_name) noexcept {
  Counter counter;
  Guarded([&] {
    const std::string name = CommandName(class_name);
    if (!name.empty()) counter = At(places::CountAt(places::kCommands, name));
  });
  return counter;
}

Counter Telemetry::Metric(std::string_view name) noexcept {
  Counter counter;
  Guarded([&] { counter = At(places::CountAt(places::kMetrics, name)); });
  return counter;
}

Counter Telemetry::At(std::string_view pointer) noexcept {
  if (counters_ == nullptr) return {};
  const Counter counter{counters_->Intern(pointer)};
  if (counter.index == Counters::kNoCounter && counters_->full()) {
    Guarded([this] {
      if (!said_full_.exchange(true)) {
        host_->Say(LogEvent::kCountersFull, "There are too many names; more are not counted.");
      }
    });
  }
  return counter;
}

void Telemetry::SeeTaskWorker(std::string_view name) noexcept {
  if (!counting_.load(std::memory_order_relaxed)) return;
  Guarded([&] { host_->core().SeeTaskWorker(name); });
}

void Telemetry::SetProduct(std::string_view name, std::string_view version,
                           std::string_view edition) noexcept {
  SetTexts({{places::kProductName, name},
            {places::kProductVersion, version},
            {places::kProductEdition, edition}});
}

void Telemetry::SetDatabase(std::string_view vendor, std::string_view version) noexcept {
  SetTexts({{places::kDatabaseVendor, vendor}, {places::kDatabaseVersion, version}});
}

void Telemetry::SetApplicationServer(std::string_view server_info) noexcept {
  Guarded([&] {
    SetTexts({{places::kServerVendor, ApplicationServerVendor(server_info)},
              {places::kServerVersion, server_info}});
  });
}

void Telemetry::SetJdk(std::string_view vendor, std::string_view version) noexcept {
  SetTexts({{places::kJdkVersion, version}, {places::kJdkVendor, vendor}});
}

void Telemetry::SetInstallation(std::string_view uuid) noexcept {
  SetTexts({{places::kInstallation, uuid}});
}

void Telemetry::SetTexts(
    std::initializer_list<std::pair<std::string_view, std::string_view>> texts) noexcept {
  if (host_ == nullptr) return;
  Guarded([&] {
    for (const auto& [place, text] : texts) host_->core().book.SetText(place, text);
    host_->Wake();
  });
}

void Telemetry::AddIntegration(std::string_view name) noexcept {
  AddText(places::kIntegrations, name);
}

void Telemetry::AddWebapp(std::string_view name) noexcept { AddText(places::kWebapps, name); }

void Telemetry::AddText(std::string_view place, std::string_view text) noexcept {
  if (host_ == nullptr) return;
  Guarded([&] {
    host_->core().book.AddText(place, text);
    host_->Wake();
  });
}

void Telemetry::SetLicenseKey(std::string_view key) noexcept {
  if (host_ == nullptr) return;
  Guarded([&] {
    host_->core().book.SetLicenseKey(key);
    host_->Wake();
  });
}

void Telemetry::RemoveLicenseKey() noexcept {
  if (host_ == nullptr) return;
  Guarded([&] {
    host_->core().book.RemoveLicenseKey();
    host_->Wake();
  });
}

bool Telemetry::SetFact(std::string_view pointer, std::string_view json) noexcept {
  bool done = false;
  if (host_ == nullptr) return done;
  Guarded([&] {
    Result<JsonValue> value = ReadJson(json);
    if (!value.ok()) return;
    host_->core().book.Set(pointer, std::move(value).value());
    host_->Wake();
    done = true;
  });
  return done;
}

bool Telemetry::Start() noexcept {
  bool runs = false;
  if (host_ != nullptr) Guarded([&] { runs = host_->Start(); });
  return runs;
}

void Telemetry::Stop() noexcept {
  if (host_ != nullptr) Guarded([&] { host_->Stop(); });
}

bool Telemetry::Toggle(bool enabled, std::string_view who) noexcept {
  bool done = false;
  if (host_ == nullptr) return done;
  Guarded([&] {
    const Actor actor{who.empty() ? "host" : std::string(who), "host"};
    const Problems problems = host_->WithReporter([&](Reporter& reporter) {
      return enabled ? reporter.Grant(actor, {}, nullptr) : reporter.Deny(actor);
    });
    done = problems.empty();
    if (!done) host_->Say(LogEvent::kStoreFailed, problems.list().front().message);
    host_->Wake();
  });
  return done;
}

std::string Telemetry::Preview(std::string* why) noexcept {
  std::string bytes;
  if (host_ == nullptr) return bytes;
  Guarded([&] {
    const Problems problems = host_->WithReporter([&](Reporter& reporter) -> Problems {
      Result<Candidate> candidate = reporter.Preview();
      if (!candidate.ok()) return std::move(candidate).problems();
      bytes = std::move(candidate).value().bytes;
      return {};
    });
    if (why != nullptr) *why = ProblemsAsText(problems);
  });
  return bytes;
}

std::string Telemetry::Status() noexcept {
  std::string json;
  if (host_ == nullptr) return json;
  Guarded([&] {
    host_->WithReporter([&](Reporter& reporter) -> Problems {
      Result<ReporterStatus> status = reporter.Status();
      if (!status.ok()) return std::move(status).problems();
      json = StatusJson(status.value(), host_->core().setup.config);
      return {};
    });
  });
  return json;
}

}  // namespace candor
