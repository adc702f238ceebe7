// Candor for a host program: count, state facts, and leave the rest to the reporter.
//
//   candor::Telemetry telemetry({.config_files = {"/etc/shop/candor.yaml"}});
//   const candor::Counter deploy = telemetry.Command("DeployCmd");
//   telemetry.SetProduct("Shop", "2.1.0", "community");
//   telemetry.Start();
//   ...
//   telemetry.Add(deploy);          // a few instructions, from any thread
//
// Every call is safe from any thread, before Start and after Stop, and in the child of a fork; none
// throws. Nothing is written to standard output or error, and no signal handler, locale, umask,
// environment variable or working directory is touched. The reporter runs on one thread of its own;
// it is asleep between due times. What goes wrong is told to the log and never to the caller, who
// has better things to do: calls that return a text or a bool say so where it helps.
//
// Whether anything is sent is decided by the configuration and by the administrator, see the
// README. While telemetry is off, Add is a load and a branch.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "native/counters/counters.h"

namespace candor {

class HostCore;

struct TelemetryLogLine {
  int level = 0;        // 0 debug, 1 information, 2 warning.
  std::string_view id;  // "CANDOR-008"; stable.
  std::string_view message;
  std::int64_t unix_millis = 0;
  std::string_view text;  // The whole line as text, and as JSON; both end in a line feed.
  std::string_view json;
};

struct TelemetryOptions {
  // JSON, YAML or XML; later ones win, and the environment over all.
  std::vector<std::string> config_files;
  // A JSON document that wins over the files, e.g. R"({"mode": "online"})"; "" for none.
  std::string config;
  // CANDOR_*, DO_NOT_TRACK and the like. DO_NOT_TRACK counts even when this is false.
  bool read_environment = true;
  // A catalogue of one's own; "" for the built-in one that the configuration names.
  std::string catalogue_file;
  // Where counts, decisions and reports are kept; processes that share it share one installation.
  // "" for $CANDOR_STATE_FOLDER, $STATE_DIRECTORY, or the user's own state folder.
  std::string state_folder;
  // A PostgreSQL connection string or URL, without a password: nodes that share it are one
  // installation, of which one sends at a time. The folder then holds the counters alone. "" for
  // $CANDOR_STATE_DATABASE, or none.
  std::string state_database;
  // Called with every line of the logger `candor.telemetry`, one at a time, from any thread. Must
  // not throw, and must not call the Telemetry it came from.
  std::function<void(const TelemetryLogLine&)> log;
  // How long Stop may take for a last report; the whole of Stop is never longer than 500 ms more.
  std::int64_t stop_ms = 1'500;
};

// A number to count with, made once from a name.
struct Counter {
  std::uint32_t index = Counters::kNoCounter;  // kNoCounter: counts nothing.
};

class Telemetry {
 public:
  explicit Telemetry(TelemetryOptions options) noexcept;
  ~Telemetry();
  Telemetry(const Telemetry&) = delete;
  Telemetry& operator=(const Telemetry&) = delete;

  // ---- counting

  // A command by the simple name of its class. Names that say nothing ("", lambdas, anonymous
  // classes) count nothing; `$` becomes `_`. Takes a lock when the name is new.
  Counter Command(std::string_view class_name) noexcept;
  // A metric by its name in the catalogue, e.g. "flow-node-instances".
  Counter Metric(std::string_view name) noexcept;
  // Any count of the catalogue by its pointer, e.g. "/orders/placed".
  Counter At(std::string_view pointer) noexcept;

  // Not from a signal handler.
  void Add(Counter counter, std::uint64_t n = 1) noexcept {
    if (counting_.load(std::memory_order_relaxed)) counters_->Add(counter.index, n);
  }

  // A worker of user tasks was seen; how many different ones were in the last 24 h is reported.
  // Only a keyed hash of the name is kept.
  void SeeTaskWorker(std::string_view name) noexcept;

  // ---- facts about the environment; a later call replaces, "" takes away

  void SetProduct(std::string_view name, std::string_view version,
                  std::string_view edition) noexcept;
  void SetDatabase(std::string_view vendor, std::string_view version) noexcept;
  // As the server calls itself, e.g. "Apache Tomcat/9.0.36"; the vendor is taken from it.
  void SetApplicationServer(std::string_view server_info) noexcept;
  void SetJdk(std::string_view vendor, std::string_view version) noexcept;
  void AddIntegration(std::string_view name) noexcept;
  void AddWebapp(std::string_view name) noexcept;
  // As it was issued. Its signature is dropped here and now; a key that is not understood is
  // reported as unrecognised and goes nowhere.
  void SetLicenseKey(std::string_view key) noexcept;
  void RemoveLicenseKey() noexcept;
  // An installation id that the host has had before, a UUID; otherwise one is made.
  void SetInstallation(std::string_view uuid) noexcept;
  // Any value of the catalogue as JSON text, e.g. ("/orders/currency", "\"EUR\""). false when it is
  // not JSON.
  bool SetFact(std::string_view pointer, std::string_view json) noexcept;

  // ---- the reporter

  // Starts its thread. true when it runs, also when it did before; false when telemetry is off or
  // its thread cannot be made. Again after Stop is fine.
  bool Start() noexcept;
  // Ends it after a last report, if one is due or something was counted, within the stop budget.
  // What does not get out is kept for next time.
  void Stop() noexcept;

  // Records a yes or a no of `who`. A yes without a preview starts the counts afresh. false when it
  // could not be recorded; the log says why.
  bool Toggle(bool enabled, std::string_view who) noexcept;
  // The exact bytes that would be sealed now; "" when there are none, with the reason in `why`.
  std::string Preview(std::string* why = nullptr) noexcept;
  // A JSON document, as `candor status --json` prints it; "" when the state cannot be read.
  std::string Status() noexcept;

 private:
  friend class HostAdmin;
  class Host;
  // nullptr when the configuration was refused.
  std::shared_ptr<HostCore> core() noexcept;
  void Open(TelemetryOptions options);
  void SetTexts(
      std::initializer_list<std::pair<std::string_view, std::string_view>> texts) noexcept;
  void AddText(std::string_view place, std::string_view text) noexcept;

  // Set once by the constructor; the child of a fork uses them, too.
  std::atomic<bool> counting_{false};
  Counters* counters_ = nullptr;
  std::unique_ptr<Host> host_;
  std::atomic<bool> said_full_{false};
};

}  // namespace candor
