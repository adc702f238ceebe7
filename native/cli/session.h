// What a command of the reporter works with: the configuration, the state folder, and a reporter on
// both. It has no thread, and no transport before something is sent.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "native/base/log.h"
#include "native/cli/folder_facts.h"
#include "native/reporter/reporter.h"
#include "native/reporter/setup.h"
#include "native/transport/transport.h"

namespace candor {

// What was typed.
struct SessionOptions {
  std::vector<std::string> configs;
  std::string catalogue, profile;  // A built-in catalogue's name, or a file.
  std::string state_folder;        // "" for the default.
  std::string state_database;      // As well.
  FactFiles facts;
  bool json = false, verbose = false;
};

// Warnings, or everything with --verbose, save what the command says itself.
class CommandLog : public LogSink {
 public:
  CommandLog(bool verbose, bool json);
  void Write(const LogRecord& record) noexcept override;

 private:
  bool verbose_;
  StandardErrorLog log_;
};

class Session {
 public:
  // Errors: those of LoadSetup and OpenStateStore; kBadRequest when there is no state folder.
  static Result<std::unique_ptr<Session>> Open(const SessionOptions& options);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Before anything that seals or agrees: what has been counted. Errors: kUnavailable.
  Problems OpenCounters() { return facts_.OpenCounters(); }
  // Before anything that makes a report: that, and the facts.
  Problems ReadFacts();
  std::optional<UnixMillis> collected_at() const { return facts_.collected_at(); }
  Problems Placed(const Problems& problems) const { return facts_.Placed(problems); }

  const Setup& setup() const { return setup_; }
  const Config& config() const { return setup_.config; }
  const Catalogue& offered() const { return setup_.offered; }
  StateStore& store() { return *store_; }
  Reporter& reporter() { return reporter_; }

 private:
  Session(const SessionOptions& options, Setup setup, std::unique_ptr<StateStore> store,
          const std::string& folder);
  Result<Transport*> MakeTransport();

  const SessionOptions options_;
  const Setup setup_;
  const std::unique_ptr<StateStore> store_;
  FolderFacts facts_;
  CommandLog log_;
  std::unique_ptr<Transport> transport_;
  Reporter reporter_;
};

}  // namespace candor
