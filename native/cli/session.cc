#include "native/cli/session.h"

#include <utility>

#include "native/cli/answer.h"
#include "native/cli/files.h"
#include "native/import/environment.h"
#include "native/state/open_store.h"
#include "native/transport/http_transport.h"

namespace candor {
namespace {

// A command judges the times as a host does that has been up for long.
constexpr std::int64_t kLongAgoMs = std::int64_t{366} * 24 * 60 * 60 * 1000;

// What a command is asked for is its answer, and no news.
bool IsToldByTheCommand(LogEvent event) {
  return event == LogEvent::kSendingFailed || event == LogEvent::kRejected;
}

}  // namespace

CommandLog::CommandLog(bool verbose, bool json)
    : verbose_(verbose), log_(verbose ? LogLevel::kDebug : LogLevel::kWarning, json) {}

void CommandLog::Write(const LogRecord& record) noexcept {
  if (verbose_ || !IsToldByTheCommand(record.event)) log_.Write(record);
}

Result<std::unique_ptr<Session>> Session::Open(const SessionOptions& options) {
  SetupOptions wanted;
  wanted.config_files = options.configs;
  wanted.environment = ProcessEnvironment();
  wanted.profile = options.profile;
  (IsCatalogueFile(options.catalogue) ? wanted.catalogue_file : wanted.catalogue_name) =
      options.catalogue;
  Result<Setup> setup = LoadSetup(wanted);
  if (!setup.ok()) return std::move(setup).problems();
  const std::string folder = StateFolder(options.state_folder, wanted.environment);
  if (folder.empty()) {
    return Error{ErrorCode::kBadRequest, "--state-folder",
                 "is needed where neither CANDOR_STATE_FOLDER nor HOME is set"};
  }
  Result<std::unique_ptr<StateStore>> store =
      OpenStateStore({folder, StateDatabase(options.state_database, wanted.environment)});
  if (!store.ok()) return std::move(store).problems();
  return std::unique_ptr<Session>(
      new Session(options, std::move(setup).value(), std::move(store).value(), folder));
}

Session::Session(const SessionOptions& options, Setup setup, std::unique_ptr<StateStore> store,
                 const std::string& folder)
    : options_(options),
      setup_(std::move(setup)),
      store_(std::move(store)),
      facts_(folder, *store_),
      log_(options.verbose, options.json),
      reporter_({setup_.config, setup_.catalogue, *store_, facts_, SystemClock(), SystemRandom(),
                 log_, [this] { return MakeTransport(); }},
                setup_.offered, SystemClock().BootMillis() - kLongAgoMs) {
  if (const std::string what = store_->set_aside(); !what.empty()) {
    log_.Write({SystemClock().Wall(), LogLevel::kWarning, LogEvent::kStoreSetAside, what});
  }
}

Problems Session::ReadFacts() {
  Problems problems = facts_.OpenCounters();
  problems.AddAll(facts_.Read(options_.facts));
  return problems;
}

Result<Transport*> Session::MakeTransport() {
  if (transport_ == nullptr) {
    Result<std::unique_ptr<Transport>> made = MakeHttpTransport(HttpOptionsOf(setup_.config));
    if (!made.ok()) return std::move(made).problems();
    transport_ = std::move(made).value();
  }
  return transport_.get();
}

}  // namespace candor
