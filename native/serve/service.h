// One configuration in force: a reporter on the state folder, and what it reports about, collected
// from fact files and components.
#pragma once

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
#include "native/state/open_store.h"

namespace candor {

struct ServiceOptions {
  StatePlace state;
  std::string facts_file;    // "" for none.
  std::string facts_folder;  // "" for none.
  std::int64_t every_ms = 60 * 1000;
  std::shared_ptr<KeptHistory> history = nullptr;  // Where rounds go, too; nullptr for none.
};

class Service {
 public:
  Service(Setup setup, ServiceOptions options, std::function<void(const TelemetryLogLine&)> log);
  // As Stop.
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // The reporter begins once the components were asked for the first time, so that no report goes
  // without them. What goes wrong is logged.
  void Start();
  // A last report if one is due, within 2 s. What does not get out stays for the next start.
  void Stop();
  // Fact files may have changed.
  void ReadFacts();

 private:
  void StartReporter();
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
  ReporterThread reporter_;
  HttpFetcher fetcher_;
  FactsFolder folder_;
  std::mutex mutex_;  // Of all below.
  std::condition_variable stops_;
  bool stopping_ = false;
  std::string facts_file_text_ = "{}";
  std::string told_components_, told_files_;
  std::thread collector_;
};

}  // namespace candor
