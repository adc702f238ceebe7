// Which Elasticsearch or OpenSearch runs somewhere, as Optimize reports it.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "native/probes/product.h"
#include "native/transport/http_fetch.h"

namespace candor {

inline constexpr FetchLimits kSearchLimits = {5'000, std::size_t{64} << 10, 16 * 1024, 1};

// Reads the answer to GET /: vendor "elasticsearch" or "opensearch", and version.number.
// Errors: kUnavailable.
Result<ProbedProduct> ReadSearchEngine(std::string_view body);

// Asks `url` once, by the fetcher's rules and limits. Errors: kUnavailable.
Result<ProbedProduct> AskSearchEngine(const std::string& url, HttpFetcher& fetcher);

}  // namespace candor
