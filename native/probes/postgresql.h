// Which PostgreSQL runs somewhere, as its JDBC driver tells the engine: "PostgreSQL", and the
// server's own text, such as "15.18 (Debian 15.18-0+deb12u1)".
//
// libpq waits for name servers without an end, and keeps all that a server says before it is logged
// in. So a process of its own asks, which time and memory are taken from when it has had enough.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "native/probes/process.h"
#include "native/probes/product.h"

namespace candor {

inline constexpr std::int64_t kPostgresqlTimeoutMs = 5'000;

// A server's name for its version. Errors: kUnavailable.
Result<ProbedProduct> ReadServerVersion(std::string_view version);

// Asks through `program`, which is candor. At most 5 s and a little. REQUIRES: WhyNoConninfo has
// nothing against it. Errors: kUnavailable.
Result<ProbedProduct> AskPostgresql(const std::string& program, const std::string& conninfo,
                                    const Cancellation& cancellation);

// The command by which `program` is called for that: prints the version to standard output, or why
// there is none to standard error. Returns the exit status. Limits the memory of this process, and
// logs in and out, nothing else.
inline constexpr char kPostgresqlCommand[] = "probe-postgresql";
int AnswerForPostgresql(const std::string& conninfo);

}  // namespace candor
