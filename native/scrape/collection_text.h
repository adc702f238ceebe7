// A collection for people, for machines, and for reports.
#pragma once

#include <string>

#include "native/scrape/collection.h"

namespace candor {

// "Operate in camunda: metrics: answered with status 503", a line for each problem.
std::string ProblemsText(const Collection& collection);

// A table of the components, and under it ProblemsText.
std::string ComponentsText(const Collection& collection);

// {"collectedAt", "components": [{"release", "namespace", "id", "name", "version", "health",
//  "metrics", "cpu", "memoryUsed", "memoryMost", "tookMs", "problems": [{"what", "why"}]}]}; what
//  is unknown is null.
// "metrics" is "read", "none" or "failed"; cpu is in thousandths of the machine.
std::string ComponentsJson(const Collection& collection);

// The facts document (core/facts.h) that a report is made from.
std::string FactsOf(const Collection& collection);

}  // namespace candor
