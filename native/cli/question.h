// Asking a person at a terminal.
#pragma once

#include <string>

#include "native/reporter/candidate.h"

namespace candor {

// Somebody can read and answer: standard input, output and error are terminals.
bool CanAsk();

// No is the default.
bool AskYes(const std::string& question);

// Shows the bytes, or says where to look when there are too many, and asks. No is the default.
bool AskAbout(const Candidate& candidate, const std::string& endpoint);

}  // namespace candor
