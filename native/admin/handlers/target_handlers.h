// The handlers of the admin API on the configuration in force.
#pragma once

#include <memory>
#include <mutex>

#include "native/admin/admin_handlers.h"
#include "native/admin/admin_target.h"
#include "native/admin/handlers/field_sets.h"
#include "native/admin/handlers/frozen_reports.h"

namespace candor {

class TargetHandlers : public AdminHandlers {
 public:
  // From now on `target` is asked; requests that began before end on the one before.
  void Use(std::shared_ptr<AdminTarget> target);

  // 503 before Use, and when memory ends.
  HttpAnswer Answer(RouteId route, const AdminRequest& request) override;

 private:
  HttpAnswer AnswerOn(AdminTarget& target, RouteId route, const AdminRequest& request);

  FrozenReports frozen_;
  FieldSets fields_;
  std::mutex mutex_;
  std::shared_ptr<AdminTarget> target_;
};

}  // namespace candor
