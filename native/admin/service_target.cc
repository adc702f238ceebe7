#include "native/admin/service_target.h"

#include <utility>

namespace candor {
namespace {

class ServiceComponents : public AdminComponents {
 public:
  explicit ServiceComponents(const Service& service)
      : asked_(service.collects()), latest_(service.latest()), history_(service.shared_history()) {}

  bool AreAsked() override { return asked_; }
  std::shared_ptr<const Collection> Last() override { return latest_->collection(); }
  MetricHistory* History() override { return history_ ? &history_->metrics() : nullptr; }

 private:
  const bool asked_;
  const std::shared_ptr<LatestFacts> latest_;
  const std::shared_ptr<KeptHistory> history_;
};

}  // namespace

std::shared_ptr<AdminTarget> TargetOf(const Service& service) {
  return std::make_shared<AdminTarget>(service.core(), service.started_boot_ms(),
                                       std::make_shared<ServiceComponents>(service));
}

}  // namespace candor
