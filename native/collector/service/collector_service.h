// The collector as a process: its parts put together, until somebody ends it.
#pragma once

#include "core/result.h"
#include "native/collector/service/collector_options.h"

namespace candor {

// Until SIGTERM or SIGINT; what was taken by then is stored and answered. Errors: those of its
// parts.
Problems ServeCollector(const CollectorOptions& options);

}  // namespace candor
