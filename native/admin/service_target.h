// The admin API's view of a running `candor serve`.
#pragma once

#include <memory>

#include "native/admin/admin_target.h"
#include "native/serve/service.h"

namespace candor {

// May outlive the service: what it said last stays.
std::shared_ptr<AdminTarget> TargetOf(const Service& service);

}  // namespace candor
