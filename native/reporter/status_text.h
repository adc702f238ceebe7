// A reporter's status for people and for machines. No secrets: a proxy's credentials are named by
// their file.
#pragma once

#include <string>

#include "core/config.h"
#include "native/reporter/reporter.h"

namespace candor {

// Several lines: mode, what is done and why, what is next, consent, what waits, the last fate, and
// exactly where reports go.
std::string StatusText(const ReporterStatus& status, const Config& config);

// {"mode", "installation", "action", "asks", "nextMs", "reasons", "consent", "newFields",
//  "pending", "last", "lastAcceptedMs", "failures", "initialReport", "endpoint", "proxy", "caFile",
//  "clientCertificateFile"}; what does not exist is null.
std::string StatusJson(const ReporterStatus& status, const Config& config);
// Its members, into an object that is open.
void WriteStatus(const ReporterStatus& status, const Config& config, JsonWriter& writer);

// One report's record, as in the history: without its bytes.
void WriteReport(const SealedReport& report, JsonWriter& writer);

}  // namespace candor
