#include "native/serve/serve.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include "core/problems.h"
#include "core/sha256.h"
#include "native/base/clock.h"
#include "native/base/notify.h"
#include "native/base/read_file.h"
#include "native/serve/watched_files.h"

namespace candor {
namespace {

// For the reporter's last report and the history.
constexpr std::int64_t kStopMs = 1'950, kLeastSaveMs = 50;
constexpr std::size_t kMaxConfigBytes = std::size_t{64} << 20;

// SIGTERM, SIGINT and SIGHUP as a descriptor. To be made before any thread.
class Signals {
 public:
  Signals() {
    sigset_t taken;
    sigemptyset(&taken);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&taken, signal);
    pthread_sigmask(SIG_BLOCK, &taken, &before_);
    // A log that nobody reads any more must not end the service.
    ::signal(SIGPIPE, SIG_IGN);
    descriptor_ = ::signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
  }
  ~Signals() {
    ::close(descriptor_);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  int descriptor() const { return descriptor_; }
  // 0 when none is left.
  int Next() const {
    signalfd_siginfo info{};
    return ::read(descriptor_, &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo)
                                                                  : 0;
  }

 private:
  int descriptor_ = -1;
  sigset_t before_;
};

std::string OneLine(const Problems& problems) {
  std::string text = ProblemsAsText(problems);
  text.pop_back();
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at)) {
    text.replace(at, 1, "; ");
  }
  return text;
}

class Server {
 public:
  explicit Server(const ServeOptions& options)
      : options_(options),
        service_options_(options.service),
        log_(options.verbose ? LogLevel::kDebug : LogLevel::kInfo, options.json_log),
        history_(std::make_shared<KeptHistory>(options.service.state.folder, SystemClock())) {
    service_options_.history = history_;
    if (options.companion != nullptr) {
      service_options_.round_ended = [&options] { options.companion->RoundEnded(); };
    }
  }

  Problems Run() {
    const Signals signals;
    Result<Setup> setup = LoadSetup(options_.setup);
    if (!setup.ok()) return std::move(setup).problems();
    Result<std::unique_ptr<LocalServer>> local =
        LocalServer::Open(options_.local, options_.service.state.folder, events_);
    if (!local.ok()) return std::move(local).problems();
    local_ = std::move(local).value();
    if (options_.companion != nullptr) {
      if (Problems problems = options_.companion->Open(); !problems.empty()) return problems;
    }
    service_options_.counts = local_ != nullptr;
    digest_in_force_ = seen_digest_ = ConfigDigest();
    std::vector<std::string> files = options_.setup.config_files;
    if (!options_.service.facts_file.empty()) files.push_back(options_.service.facts_file);
    const WatchedFiles watched(files, options_.service.facts_folder);
    LoadHistory();
    Begin(std::move(setup).value());
    if (Problems problems = Listen(); !problems.empty()) return problems;
    NotifySystemd("READY=1\nSTATUS=Running.");
    while (Turn(signals, watched)) {
    }
    NotifySystemd("STOPPING=1\nSTATUS=Sending a last report if one is due.");
    const std::int64_t began = SystemClock().BootMillis();
    if (options_.companion != nullptr) options_.companion->Stop();
    // What was counted to the end is in the last report.
    local_.reset();
    service_->Stop();
    SaveHistory(kStopMs - (SystemClock().BootMillis() - began));
    return {};
  }

 private:
  // false: it is over.
  bool Turn(const Signals& signals, const WatchedFiles& watched) {
    std::array<pollfd, 2> waits = {
        {{signals.descriptor(), POLLIN, 0}, {watched.descriptor(), POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), -1);
    bool reload = false;
    while (const int signal = signals.Next()) {
      if (signal != SIGHUP) return false;
      reload = true;
    }
    if ((waits[1].revents & POLLIN) != 0) {
      watched.Drain();
      service_->ReadFacts();
      reload = reload || IsChanged();
    }
    if (reload) Reload();
    return true;
  }

  // Not when a change that was refused is taken back.
  bool IsChanged() {
    const std::string now = ConfigDigest();
    return now != std::exchange(seen_digest_, now) && now != digest_in_force_;
  }

  void Reload() {
    NotifyReloading();
    seen_digest_ = ConfigDigest();
    Result<Setup> setup = LoadSetup(options_.setup);
    if (!setup.ok()) {
      ++events_.refused_reloads;
      Say(LogEvent::kInvalidReload, "The changed configuration is refused, the one before stays: " +
                                        OneLine(setup.problems()));
      NotifySystemd("READY=1\nSTATUS=Running; a changed configuration is refused.");
      return;
    }
    service_->Stop();
    digest_in_force_ = seen_digest_;
    Begin(std::move(setup).value());
    ++events_.reloads;
    Say(LogEvent::kReloaded, "The changed configuration is in force.");
    NotifySystemd("READY=1\nSTATUS=Running.");
  }

  void Begin(Setup setup) {
    auto service = std::make_unique<Service>(std::move(setup), service_options_,
                                             [this](const TelemetryLogLine& line) { Write(line); });
    // The one before goes on counting until here; both count in the same file.
    if (local_ != nullptr) local_->Use(*service);
    if (options_.companion != nullptr) options_.companion->Use(*service);
    service_ = std::move(service);
    service_->Start();
  }

  Problems Listen() {
    if (local_ != nullptr) {
      if (Problems problems = local_->Start(); !problems.empty()) return problems;
      Say(LogEvent::kListening, "The local API is at " + local_->Where() + ".");
    }
    if (options_.companion == nullptr) return {};
    return options_.companion->Start(
        [this](std::string_view line) { Say(LogEvent::kListening, std::string(line)); });
  }

  void LoadHistory() {
    if (const std::string why = history_->Load(); !why.empty()) {
      Say(LogEvent::kHistory, "The history of metrics starts empty: " + why + ".");
    }
  }

  // A disk that is stuck is left behind.
  void SaveHistory(std::int64_t most_ms) try {
    std::packaged_task<std::string()> save([history = history_] { return history->Save(); });
    std::future<std::string> saved = save.get_future();
    std::thread(std::move(save)).detach();
    const auto most = std::chrono::milliseconds(std::max<std::int64_t>(most_ms, kLeastSaveMs));
    std::string why = "the disk is too slow";
    if (saved.wait_for(most) == std::future_status::ready) why = saved.get();
    if (!why.empty()) Say(LogEvent::kHistory, "The history of metrics is not kept: " + why + ".");
  } catch (const std::exception& error) {
    Say(LogEvent::kHistory, std::string("The history of metrics is not kept: ") + error.what());
  }

  // Of all files of the configuration as they are; one that cannot be read counts as empty.
  std::string ConfigDigest() const {
    std::string all;
    for (const std::string& file : options_.setup.config_files) {
      const Result<std::string> text = ReadFile(file, kMaxConfigBytes);
      all += Sha256Hex(text.ok() ? text.value() : "");
    }
    return all;
  }

  void Write(const TelemetryLogLine& line) {
    events_.See(line.id);
    if (line.level == 0 && !options_.verbose) return;
    const std::string_view text = options_.json_log ? line.json : line.text;
    static_cast<void>(!::write(STDERR_FILENO, text.data(), text.size()));
  }

  void Say(LogEvent event, std::string message) {
    log_.Write({SystemClock().Wall(), LevelOf(event), event, std::move(message)});
  }

  const ServeOptions& options_;
  ServiceOptions service_options_;
  StandardErrorLog log_;
  OwnEvents events_;
  std::string digest_in_force_, seen_digest_;
  const std::shared_ptr<KeptHistory> history_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<LocalServer> local_;  // Ends before the service it asks.
};

}  // namespace

Problems Serve(const ServeOptions& options) { return Server(options).Run(); }

}  // namespace candor
