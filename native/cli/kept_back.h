// What is held back, and the reports of a yes that holds it back: the one rule for all commands.
#pragma once

#include <string>
#include <vector>

#include "native/cli/session.h"

namespace candor {

// What the last yes holds back, as far as it still exists, and `more`. Sorted, each once.
Result<std::vector<std::string>> KeptBack(Session& session, const std::vector<std::string>& more);

// The bytes that a yes with KeptBack would seal now. Errors: those of Reporter::PreviewGrant.
Result<Candidate> PreviewYes(Session& session, const std::vector<std::string>& more);

}  // namespace candor
