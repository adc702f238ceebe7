#include "native/probes/prober.h"

#include <algorithm>
#include <utility>

#include "core/json_value.h"
#include "core/url.h"
#include "native/probes/java.h"
#include "native/probes/postgresql.h"
#include "native/probes/search_engine.h"
#include "native/state/conninfo.h"

namespace candor {
namespace {

constexpr char kDatabasePlace[] = "/product/internals/database";
constexpr char kJdkPlace[] = "/product/internals/jdk";

bool Names(const Catalogue& catalogue, const std::string& pointer) {
  return std::any_of(catalogue.fields.begin(), catalogue.fields.end(), [&](const Field& field) {
    return !field.fixed && field.pointer.starts_with(pointer + "/");
  });
}

// Also when something stands there that has no room for it, such as null for the whole object.
bool IsWritten(const FactsDraft& facts, std::string_view pointer) {
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = pointer.find('/', end + 1);
    const JsonValue* const value = facts.Find(pointer.substr(0, end));
    if (value == nullptr) return false;
    if (!value->is_object()) return true;
  }
  return true;
}

}  // namespace

Problems CheckProbes(const ProbeOptions& options, const std::string& prefix) {
  Problems problems;
  if (!options.database.empty()) {
    std::string wrong = WhyNoConninfo(options.database);
    if (!wrong.empty()) {
      problems.Add({ErrorCode::kBadRequest, prefix + "database", std::move(wrong)});
    }
  }
  if (!options.search.empty()) {
    const Result<Url> url = ParseUrl(options.search);
    if (!url.ok()) {
      problems.Add({ErrorCode::kBadRequest, prefix + "search", url.error().message});
    }
  }
  if (!options.database.empty() && !options.search.empty()) {
    problems.Add({ErrorCode::kConflict, prefix + "search",
                  "a report names one database; give this or " + prefix + "database"});
  }
  return problems;
}

Prober::Prober(ProbeOptions options) : options_(std::move(options)), fetcher_(kSearchLimits) {}

std::vector<std::string> Prober::KeepNamed(const Catalogue& catalogue) {
  std::vector<std::string> unnamed;
  const auto keep = [&](std::string& option, const char* name, const char* place) {
    if (option.empty() || Names(catalogue, place)) return;
    option.clear();
    unnamed.push_back(name);
  };
  keep(options_.database, "database", kDatabasePlace);
  keep(options_.search, "search", kDatabasePlace);
  keep(options_.java, "java", kJdkPlace);
  return unnamed;
}

std::vector<ProbeResult> Prober::Ask() {
  std::vector<ProbeResult> results;
  if (!options_.database.empty()) {
    results.push_back({"database", kDatabasePlace,
                       AskPostgresql(options_.program, options_.database, cancellation_)});
  }
  if (!options_.search.empty()) {
    results.push_back({"search", kDatabasePlace, AskSearchEngine(options_.search, fetcher_)});
  }
  if (!options_.java.empty()) {
    results.push_back({"java", kJdkPlace, AskJava(options_.java, cancellation_)});
  }
  return results;
}

void Prober::Cancel() noexcept {
  cancellation_.Cancel();
  fetcher_.Cancel();
}

void LayUnder(const std::string& pointer, const ProbedProduct& product, FactsDraft& facts) {
  const std::string vendor = pointer + "/vendor", version = pointer + "/version";
  if (!product.vendor.empty() && !IsWritten(facts, vendor)) {
    facts.Put(vendor, JsonValue::String(product.vendor));
  }
  const JsonValue* const written = facts.Find(vendor);
  const bool other =
      written != nullptr && !product.vendor.empty() && written->text() != product.vendor;
  if (!other && !IsWritten(facts, version)) {
    facts.Put(version, JsonValue::String(product.version));
  }
}

}  // namespace candor
