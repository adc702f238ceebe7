// One configuration in force: a reporter on the state folder, and what it reports about, collected
// from fact files, components and probes.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "native/host/host_core.h"
#include "native/host/reporter_thread.h"
#include "native/scrape/collection.h"
#include "native/serve/facts_folder.h"
#include "native/serve/latest_facts.h"
#include "native/serve/probing.h"
#include "native/state/open_store.h"

namespace candor {

struct ServiceOptions {
  StatePlace state;
  std::string facts_file;    // "" for none.
  std::string facts_folder;  // "" for none.
  std::int64_t every_ms = 60 * 1000;
  std::shared_ptr<KeptHistory> history = nullptr;  // Where rounds go, too; nullptr for none.
  std::function<void()> round_ended = nullptr;     // Called after each round of collection.
  bool counts = false;  // Somebody may add to counts; otherwise only those that are there count.
  ProbeOptions probes;  // REQUIRES: CheckProbes has nothing against them.
  std::int64_t probe_every_ms = 60 * 60 * 1000;
};

// Where facts from the local API are kept; read like `facts_folder`, and after it.
std::string ApiFactsFolder(const std::string& state_folder);
// Why nothing is collected, counted or sent; "" when telemetry is not off.
std::string WhyOff(const Config& config);

class Service {
 public:
  Service(Setup setup, ServiceOptions options, std::function<void(const TelemetryLogLine&)> log);
  // As Stop.
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // The reporter begins once components and probes were asked for the first time, so that no report
  // goes without them. What goes wrong is logged.
  void Start();
  // A last report if one is due, within 2 s. What does not get out stays for the next start.
  void Stop();
  // Fact files may have changed.
  void ReadFacts();

  const std::shared_ptr<HostCore>& core() const { return core_; }
  bool collects() const { return collects_; }  // There are components to be asked.
  std::int64_t started_boot_ms() const { return started_boot_ms_; }
  KeptHistory* history() const { return options_.history.get(); }  // nullptr for none.
  const std::shared_ptr<KeptHistory>& shared_history() const { return options_.history; }
  const std::shared_ptr<LatestFacts>& latest() const { return latest_; }
  // What the components said last; nullptr before the first round has ended.
  std::shared_ptr<const Collection> LastCollection() const { return latest_->collection(); }
  std::int64_t collection_ms() const { return collection_ms_; }  // How long that took.

 private:
  void StartReporter();
  void EndFirstRound();
  void CollectForEver();
  void CollectOnce();
  bool WaitForStop();  // For a round. Whether it came.
  Problems ReadFactsFile();
  void TellComponents(const Collection& collection);
  void TellFactFiles(const Problems& problems);
  void Say(LogEvent event, std::string message);

  const ServiceOptions options_;
  const std::shared_ptr<LatestFacts> latest_;
  const std::shared_ptr<HostCore> core_;
  const bool collects_;
  const std::int64_t started_boot_ms_;
  std::atomic<std::int64_t> collection_ms_{0};
  ReporterThread reporter_;
  Probing probing_;
  HttpFetcher fetcher_;
  FactsFolder folder_, api_folder_;
  std::mutex mutex_;  // Of all below.
  std::condition_variable stops_;
  bool stopping_ = false;
  int first_rounds_left_ = 0;  // Of those who collect.
  std::string facts_file_text_ = "{}";
  std::string told_components_, told_files_;
  std::thread collector_;
};

}  // namespace candor
