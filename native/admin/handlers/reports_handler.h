// Reports that were sealed: their records, their bytes, and the journal of all that happened.
#pragma once

#include "native/admin/admin_request.h"
#include "native/admin/admin_target.h"

namespace candor {

// {"reports": [...]}, newest first; "?limit=1..1000", 100 without.
HttpAnswer ListReports(AdminTarget& target, const AdminRequest& request);
HttpAnswer ReadReportRecord(AdminTarget& target, const AdminRequest& request);
// The exact bytes; 404 when they are not kept any more.
HttpAnswer ReadReportBytes(AdminTarget& target, const AdminRequest& request);
// 404 for one that never was, 409 for one that does not wait.
HttpAnswer WithdrawReport(AdminTarget& target, const AdminRequest& request);
// Has the reporter's own thread seal and send now what was agreed to: 202 {"begun": bool}, false
// while it does so already. 409 or 422 with why nothing can be sent, 503 before the reporter runs.
HttpAnswer SendNow(AdminTarget& target);
// The whole journal, as `candor history export` writes it.
HttpAnswer ReadHistory(AdminTarget& target, const AdminRequest& request);

}  // namespace candor
