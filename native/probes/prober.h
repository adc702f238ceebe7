// Asks the machine's own database, search engine and Java what they are, and gives facts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue.h"
#include "core/result.h"
#include "native/probes/process.h"
#include "native/probes/product.h"
#include "native/reporter/facts_draft.h"
#include "native/transport/http_fetch.h"

namespace candor {

// Each "" for none.
struct ProbeOptions {
  std::string database;                    // PostgreSQL: a connection string or URI.
  std::string search;                      // Elasticsearch or OpenSearch: an http or https URL.
  std::string java;                        // A path, or a name in PATH.
  std::string program = "/proc/self/exe";  // candor, which is started to ask the database.

  bool empty() const { return database.empty() && search.empty() && java.empty(); }
};

// All that is wrong with them; `prefix` and a name make an option's place: "--probe-" "database".
// Errors: kBadRequest; kConflict for a database beside a search engine, as a report names one.
Problems CheckProbes(const ProbeOptions& options, const std::string& prefix);

struct ProbeResult {
  std::string name;     // "database", "search" or "java".
  std::string pointer;  // Of the object in the report that holds vendor and version.
  Result<ProbedProduct> product;
};

class Prober {
 public:
  explicit Prober(ProbeOptions options);

  // Takes out what `catalogue` has no place for. The names of those.
  std::vector<std::string> KeepNamed(const Catalogue& catalogue);
  bool empty() const { return options_.empty(); }
  // Asks all of them, one after the other: at most 12 s, or until soon after Cancel. One thread at
  // a time.
  std::vector<ProbeResult> Ask();
  // From any thread, once and for all.
  void Cancel() noexcept;

 private:
  ProbeOptions options_;
  Cancellation cancellation_;
  HttpFetcher fetcher_;
};

// Puts vendor and version at `pointer` where `facts` say nothing of them. A version does not go
// beside the vendor of another product.
void LayUnder(const std::string& pointer, const ProbedProduct& product, FactsDraft& facts);

}  // namespace candor
