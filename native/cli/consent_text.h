// A consent for people and for machines.
#pragma once

#include <string>

#include "core/catalogue.h"
#include "native/reporter/reporter.h"

namespace candor {

// Several lines: the verdict, who, when, for what, what is held back, and what came since.
std::string ConsentText(const ReporterStatus& status, const Catalogue& offered);
// {"consent", "asks", "covered", "offered", "newFields", "goneFields"}: a ConsentRecord or null,
// and how many scope entries are offered and how many of them the consent covers.
std::string ConsentJson(const ReporterStatus& status, const Catalogue& offered);

// What stands after a decision, and what waits under it.
std::string DecisionText(const ReporterStatus& status);
// {"consent", "pending"}
std::string DecisionJson(const ReporterStatus& status);

}  // namespace candor
