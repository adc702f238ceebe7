// What stands: the state of things, the configuration in force, and the catalogue.
#pragma once

#include "native/admin/admin_request.h"
#include "native/admin/admin_target.h"

namespace candor {

// The reporter's status, also where telemetry is off and nothing is on disk. Errors: as
// Reporter::Status.
Result<ReporterStatus> StatusOf(AdminTarget& target);

HttpAnswer ReadStatus(AdminTarget& target, const AdminRequest& request);
HttpAnswer ReadConfiguration(AdminTarget& target);
HttpAnswer ReadCatalogue(AdminTarget& target);

}  // namespace candor
