// Looking before deciding: what would be sealed, as a bundle from which the page's core makes the
// same bytes again. What is shown stays frozen for a while.
#pragma once

#include <string>
#include <vector>

#include "native/admin/admin_request.h"
#include "native/admin/admin_target.h"
#include "native/admin/handlers/frozen_reports.h"

namespace candor {

// Whose frozen reports are the caller's.
std::string OwnerOf(const Caller& caller);

// {"as": "grant" or "now", "withheld": [ids]} -> a bundle.
HttpAnswer MakePreview(AdminTarget& target, FrozenReports& frozen, const AdminRequest& request);
// The frozen bytes of a digest.
HttpAnswer ReadPreview(AdminTarget& target, FrozenReports& frozen, const AdminRequest& request);

// What would be sealed now, as the caller may see it; pointers that were taken out go to `hidden`.
// Errors: as Reporter::Preview, kConflict where telemetry is off.
Result<Candidate> LookNow(AdminTarget& target, const Caller& caller,
                          std::vector<std::string>* hidden);

}  // namespace candor
