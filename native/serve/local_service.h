// What the local API may do with the Service in force. One thread at a time.
#pragma once

#include <future>
#include <memory>
#include <optional>
#include <string>

#include "native/reporter/reporter.h"
#include "native/serve/local_api.h"
#include "native/serve/own_metrics.h"
#include "native/serve/service.h"
#include "native/state/state_store.h"

namespace candor {

class LocalService : public LocalTarget {
 public:
  // Both borrowed.
  LocalService(Service& service, const OwnEvents& events, UnixMillis started_at);

  LocalCounts* counts() override { return counts_ ? &*counts_ : nullptr; }
  std::string why_off() override;
  const FactsShelf& facts() override { return shelf_; }
  void FactsChanged() override { service_.ReadFacts(); }
  Result<std::string> Status() override;
  Result<std::string> Components() override;
  Result<std::string> History(const MetricQuery& query) override;
  std::string Metrics() override;

 private:
  // As the reporter sees it; where telemetry is off and never was on, nothing is made for it.
  // Errors: kUnavailable, also when a database does not answer at once: nobody waits for it here.
  Result<ReporterStatus> Look();
  Result<ReporterStatus> LookElsewhere();

  Service& service_;
  const OwnEvents& events_;
  const UnixMillis started_at_;
  const FactsShelf shelf_;
  std::optional<LocalCounts> counts_;
  std::unique_ptr<StateStore> store_;            // In the folder; opened when first asked.
  std::future<Result<ReporterStatus>> looking_;  // In a database, on a thread of its own.
};

}  // namespace candor
