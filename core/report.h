// The report: facts projected through a catalogue, as the exact bytes that are shown, stored and
// sent.
//
// A function of its inputs and nothing else. Withholding and partial consent are expressed by
// narrowing the catalogue first (core/scope.h).
#pragma once

#include <span>
#include <string>

#include "core/catalogue.h"
#include "core/config.h"
#include "core/facts.h"
#include "core/result.h"
#include "core/sink.h"

namespace candor {

struct ReportInputs {
  const Config& config;
  const Catalogue& catalogue;
  const Facts& facts;
};

// Writes the report into `sink`, or writes nothing and returns every problem of every input. Extra
// memory does not depend on the size of the report.
// Errors: kMissing (a required field), kWrongType, kOutOfRange, kNotUtf8, kOverLimit, kNotFound (a
// scrape or usage fact of no configured component), and those of the exposition reader.
Problems BuildReport(const ReportInputs& inputs, Sink& sink);

}  // namespace candor
