// What the local API may do with the Service in force. One thread at a time.
#pragma once

#include <memory>
#include <mutex>
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
  std::string Metrics() override;

 private:
  // As the reporter sees it; where telemetry is off and never was on, nothing is made for it.
  Result<ReporterStatus> Look();

  Service& service_;
  const OwnEvents& events_;
  const UnixMillis started_at_;
  const FactsShelf shelf_;
  std::optional<LocalCounts> counts_;
  std::unique_ptr<StateStore> store_;  // Opened when first asked.
};

}  // namespace candor
