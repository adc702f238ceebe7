// What the three original systems answer, for programs and pages that were made for them: the
// engine's flag and data, Optimize's settings, the Console's download. Bodies and statuses are the
// originals'; whoever agrees here agrees unseen, so the counts start afresh.
#pragma once

#include "native/admin/admin_request.h"
#include "native/admin/admin_target.h"

namespace candor {

// {"enableTelemetry": true, false, or null before a decision}
HttpAnswer ReadEngineConfiguration(AdminTarget& target);
// 204; 400 without a true or false. Unknown members are ignored, as the engine does.
HttpAnswer SetEngineConfiguration(AdminTarget& target, const AdminRequest& request);
// The report in the form of the engine's REST API: nulls included, public names of metrics only,
// without "telemetry-enabled", dates with "+0000".
HttpAnswer ReadEngineData(AdminTarget& target, const AdminRequest& request);

// {"metadataTelemetryEnabled", "sharingEnabled", "lastModifier", "lastModified"}
HttpAnswer ReadOptimizeSettings(AdminTarget& target);
// 204; 400 when neither of the first two is given.
HttpAnswer SetOptimizeSettings(AdminTarget& target, const AdminRequest& request);

// What would be sent now, as a file.
HttpAnswer DownloadConsoleReport(AdminTarget& target, const AdminRequest& request);

}  // namespace candor
