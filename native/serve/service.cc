#include "native/serve/service.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <iterator>
#include <utility>

#include "core/facts.h"
#include "core/text.h"
#include "native/base/read_file.h"
#include "native/host/host_work.h"

namespace candor {
namespace {

constexpr std::int64_t kStopMs = 1'500;
constexpr std::size_t kMaxFactsBytes = std::size_t{64} << 20;

bool IsOff(const Config& config) {
  return config.do_not_track.value || config.mode.value == Mode::kDisabled;
}

// Those of an earlier run are reported, too, also when nobody can add to them any more.
bool HasCounts(const ServiceOptions& options, const Config& config) {
  std::error_code ignored;
  return WhyOff(config).empty() &&
         (options.counts || std::filesystem::exists(CountersPath(options.state.folder), ignored));
}

// "" where it is the same as the other, which then needs no second look.
std::string OtherFolder(const std::string& folder, const std::string& other) {
  std::error_code ignored;
  return std::filesystem::weakly_canonical(folder, ignored) ==
                 std::filesystem::weakly_canonical(other, ignored)
             ? ""
             : folder;
}

std::shared_ptr<HostCore> MakeCore(Setup setup, const ServiceOptions& options,
                                   std::function<void(const TelemetryLogLine&)> log,
                                   std::shared_ptr<ChangingFacts> changing) {
  const bool counts = HasCounts(options, setup.config);
  return std::make_shared<HostCore>(std::move(setup), options.state, counts, std::move(log),
                                    std::move(changing));
}

}  // namespace

std::string ApiFactsFolder(const std::string& state_folder) { return state_folder + "/facts"; }

std::string WhyOff(const Config& config) {
  if (config.do_not_track.value) return "DO_NOT_TRACK is set (" + config.do_not_track.origin + ")";
  if (!config.reporter_activate.value) {
    return "the reporter is not activated (" + config.reporter_activate.origin + ")";
  }
  if (config.mode.value == Mode::kDisabled) {
    return "the mode is disabled (" + config.mode.origin + ")";
  }
  return {};
}

Service::Service(Setup setup, ServiceOptions options,
                 std::function<void(const TelemetryLogLine&)> log)
    : options_(std::move(options)),
      latest_(std::make_shared<LatestFacts>(options_.history)),
      core_(MakeCore(std::move(setup), options_, std::move(log), latest_)),
      collects_(!IsOff(core_->setup.config) && !core_->setup.config.releases.value.empty()),
      started_boot_ms_(SystemClock().BootMillis()),
      probing_(options_.probes, core_->setup.offered),
      folder_(options_.facts_folder),
      api_folder_(OtherFolder(ApiFactsFolder(options_.state.folder), options_.facts_folder), true) {
}

Service::~Service() { Stop(); }

void Service::Start() {
  const Config& config = core_->setup.config;
  if (IsOff(config) || !config.reporter_activate.value) {
    latest_->MayKeep(false);
    Say(LogEvent::kOff, IsOff(config) ? "Nothing is collected or sent: telemetry is disabled."
                                      : "Nothing is sent: the reporter is not activated.");
    // Where telemetry was on before, no report stays behind.
    if (MayHoldState(options_.state)) HostWork(core_).Turn();
    return;
  }
  ReadFacts();
  first_rounds_left_ = (collects_ ? 1 : 0) + (probing_.empty() ? 0 : 1);
  if (first_rounds_left_ == 0) StartReporter();
  probing_.Start(options_.every_ms, options_.probe_every_ms,
                 {[this](std::string line) { Say(LogEvent::kProbes, line); },
                  [this] { ReadFacts(); }, [this] { EndFirstRound(); }});
  if (collects_) collector_ = std::thread([this] { CollectForEver(); });
}

void Service::EndFirstRound() {
  {
    const std::lock_guard lock(mutex_);
    if (--first_rounds_left_ > 0) return;
  }
  StartReporter();
}

void Service::StartReporter() {
  const std::lock_guard lock(mutex_);
  if (stopping_ || reporter_.running()) return;
  if (reporter_.Start(std::make_shared<HostWork>(core_))) {
    core_->send_wish.HeardBy(reporter_.Waker());
    Say(LogEvent::kStarted, "The reporter runs.");
  } else {
    Say(LogEvent::kInternal, "There is no thread for the reporter.");
  }
}

void Service::Stop() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  stops_.notify_all();
  fetcher_.Cancel();
  probing_.Stop();
  if (collector_.joinable()) collector_.join();
  if (!reporter_.running()) return;
  const bool ended = reporter_.Stop(kStopMs);
  Say(ended ? LogEvent::kStopped : LogEvent::kStopTookTooLong,
      ended ? "The reporter ended." : "The reporter did not end in time and was left behind.");
}

void Service::CollectForEver() {
  bool first = true;
  do {
    try {
      CollectOnce();
    } catch (const std::exception& error) {
      Say(LogEvent::kInternal, error.what());
    }
    if (std::exchange(first, false)) EndFirstRound();
  } while (!WaitForStop());
}

bool Service::WaitForStop() {
  std::unique_lock lock(mutex_);
  return stops_.wait_for(lock, std::chrono::milliseconds(options_.every_ms),
                         [this] { return stopping_; });
}

void Service::CollectOnce() {
  const std::int64_t began = SystemClock().BootMillis();
  Collection collection =
      Collect(core_->setup.config.releases.value, core_->setup.offered, fetcher_, SystemClock());
  collection_ms_ = SystemClock().BootMillis() - began;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    TellComponents(collection);
  }
  if (options_.history) options_.history->metrics().Add(collection, core_->setup.offered);
  // A report takes the last round's answers, whenever it is made.
  if (latest_->Put(std::move(collection), SystemClock().BootMillis())) {
    latest_->Publish();
    ReadFacts();
  }
  if (options_.round_ended) options_.round_ended();
}

void Service::ReadFacts() {
  if (IsOff(core_->setup.config)) return;
  FactsDraft facts;
  Problems problems;
  const std::lock_guard lock(mutex_);
  if (!options_.facts_file.empty()) problems.AddAll(ReadFactsFile());
  static_cast<void>(facts.Read(facts_file_text_));
  problems.AddAll(folder_.AddTo(facts));
  problems.AddAll(api_folder_.AddTo(facts));
  probing_.AddTo(facts);
  const bool changed = latest_->PutOthers(facts.Write());
  core_->book.Replace(std::move(facts));
  TellFactFiles(problems);
  if (changed) latest_->Publish();
  reporter_.Wake();
}

// What the file said when it last was one is kept.
Problems Service::ReadFactsFile() {
  Result<std::string> text = candor::ReadFile(options_.facts_file, kMaxFactsBytes);
  if (!text.ok()) return std::move(text).problems();
  const Result<Facts> facts = ParseFacts(text.value());
  if (facts.ok()) {
    facts_file_text_ = std::move(text).value();
    return {};
  }
  Problems problems = facts.problems();
  problems.SetSource(options_.facts_file);
  return problems;
}

void Service::TellComponents(const Collection& collection) {
  const auto& all = collection.components;
  const auto unread = std::count_if(all.begin(), all.end(), [](const ComponentReading& reading) {
    return !reading.problems.empty();
  });
  std::string line = Decimal(static_cast<std::int64_t>(all.size())) + " components were asked, " +
                     Decimal(unread) + " with problems; `candor components` shows which.";
  if (line == told_components_) return;
  Say(LogEvent::kComponents, line);
  told_components_ = std::move(line);
}

void Service::TellFactFiles(const Problems& problems) {
  std::string text;
  if (!problems.empty()) {
    const auto& list = problems.list();
    text = list.front().source + ": " + list.front().where + " " + list.front().message;
    if (list.size() > 1) text += ", and " + Decimal(std::ssize(list) - 1) + " more problems";
  }
  if (text == told_files_) return;
  Say(LogEvent::kFactFiles, text.empty() ? "All fact files are used again."
                                         : "Not used, what was said before counts: " + text);
  told_files_ = std::move(text);
}

void Service::Say(LogEvent event, std::string message) {
  core_->log.Write({SystemClock().Wall(), LevelOf(event), event, std::move(message)});
}

}  // namespace candor
