// A candidate: the exact bytes that would be sealed now, held in memory only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/catalogue.h"
#include "core/config.h"
#include "core/consent.h"
#include "core/result.h"
#include "native/counters/counter_totals.h"
#include "native/state/state.h"

namespace candor {

struct Candidate {
  std::string bytes, digest;  // The report; its SHA-256 in hexadecimal.
  std::string facts;          // The facts document it was made from, counts included.
  // What it rests on; of PreviewGrant the yes that nobody gave yet.
  std::optional<ConsentRecord> consent;
  std::string catalogue, scope_digest;
  std::vector<std::string> withheld;     // By the consent and by the configuration; sorted.
  std::vector<CounterTotals> baselines;  // Its counts begin here,
  CounterTotals totals;                  // and reach up to here.
  UnixMillis from = 0, to = 0;
};

// The catalogue as the configuration offers it: without what it withholds. Errors: those of
// Withhold, at "/withhold/<index>".
Result<Catalogue> OfferedCatalogue(const Config& config, const Catalogue& catalogue);

// Whether the count at `pointer` is in the reports of `catalogue`, under this name or the older one
// that the engine reports beside it.
bool ReportsCount(const Catalogue& catalogue, std::string_view pointer);

struct CandidateInputs {
  const Config& config;
  const Catalogue& offered;
  const State& state;
  const std::string& facts;  // A facts document.
  CounterTotals totals;
  UnixMillis now = 0;
};

// Errors: those of ParseFacts and BuildReport.
Result<Candidate> MakeCandidate(const CandidateInputs& inputs);

// The initial report, from the catalogue as its profile "initial" prints it.
Result<Candidate> MakeInitialCandidate(const CandidateInputs& inputs, const Catalogue& initial);

// The id under which the initial report goes out: the same for the same installation, whichever
// node sends it and whatever happened before. A UUID version 8 (RFC 9562).
std::string InitialReportId(const std::string& installation);

}  // namespace candor
