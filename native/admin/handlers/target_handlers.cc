#include "native/admin/handlers/target_handlers.h"

#include <exception>
#include <utility>

#include "native/admin/handlers/components_handler.h"
#include "native/admin/handlers/consent_handler.h"
#include "native/admin/handlers/original_routes.h"
#include "native/admin/handlers/preview_handler.h"
#include "native/admin/handlers/refusals.h"
#include "native/admin/handlers/reports_handler.h"
#include "native/admin/handlers/status_handler.h"
#include "native/http/problem.h"

namespace candor {
namespace {

HttpAnswer NotNow(std::string detail) { return TryAgain(503, std::move(detail), 1); }

}  // namespace

void TargetHandlers::Use(std::shared_ptr<AdminTarget> target) {
  fields_.Remember(target->offered_digest(), target->setup().offered);
  const std::lock_guard lock(mutex_);
  target_ = std::move(target);
}

HttpAnswer TargetHandlers::Answer(RouteId route, const AdminRequest& request) try {
  std::shared_ptr<AdminTarget> target;
  {
    const std::lock_guard lock(mutex_);
    target = target_;
  }
  if (target == nullptr) return NotNow("the reporter is about to begin");
  return AnswerOn(*target, route, request);
} catch (const std::exception&) {
  return NotNow("there is no memory for this now");
}

HttpAnswer TargetHandlers::AnswerOn(AdminTarget& target, RouteId route,
                                    const AdminRequest& request) {
  switch (route) {
    case RouteId::kReadStatus:
      return ReadStatus(target, request);
    case RouteId::kReadConfiguration:
      return ReadConfiguration(target);
    case RouteId::kReadCatalogue:
      return ReadCatalogue(target);
    case RouteId::kMakePreview:
      return MakePreview(target, frozen_, request);
    case RouteId::kReadPreview:
      return ReadPreview(target, frozen_, request);
    case RouteId::kReadConsent:
      return ReadConsent(target);
    case RouteId::kDecideConsent:
      return DecideConsent({target, frozen_, fields_}, request);
    case RouteId::kReadComponents:
      return ReadComponents(target);
    case RouteId::kReadMetrics:
      return ReadMetrics(target, request);
    case RouteId::kListReports:
      return ListReports(target, request);
    case RouteId::kReadReport:
      return ReadReportRecord(target, request);
    case RouteId::kReadReportBytes:
      return ReadReportBytes(target, request);
    case RouteId::kWithdrawReport:
      return WithdrawReport(target, request);
    case RouteId::kReadHistory:
      return ReadHistory(target, request);
    case RouteId::kSendNow:
      return SendNow(target);
    case RouteId::kReadEngineConfiguration:
      return ReadEngineConfiguration(target);
    case RouteId::kSetEngineConfiguration:
      return SetEngineConfiguration(target, request);
    case RouteId::kReadEngineData:
      return ReadEngineData(target, request);
    case RouteId::kReadOptimizeSettings:
      return ReadOptimizeSettings(target);
    case RouteId::kSetOptimizeSettings:
      return SetOptimizeSettings(target, request);
    case RouteId::kDownloadConsoleReport:
      return DownloadConsoleReport(target, request);
    default:
      return ProblemAnswer(500, "this route is not the handlers'");
  }
}

}  // namespace candor
