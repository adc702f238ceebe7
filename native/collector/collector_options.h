// How the collector is to run, and what of it can be checked before anything is opened.
#pragma once

#include <string>
#include <vector>

#include "core/catalogue.h"
#include "core/result.h"
#include "native/collector/arrival_reader.h"
#include "native/collector/collector_api.h"
#include "native/http/http_server.h"

namespace candor {

struct CollectorOptions {
  std::vector<std::string> listen = {"127.0.0.1:8046"};
  std::string certificate_file, key_file;  // TLS, or both "".
  std::string folder;
  std::vector<std::string> catalogue_files;  // Beside those built in.
  std::vector<std::string> proxies;          // Exact addresses, or "unix".
  std::vector<std::string> keep_days;        // As ParseKeepDays reads them.
  UnknownFields unknown = UnknownFields::kRefuse;
  CollectorLimits limits;
  unsigned threads = 0;  // 0: one for each core.
};

// Built in and from files; of two with one name the file's. Errors: those of ReadFile and
// ParseCatalogue.
Result<std::vector<Catalogue>> CollectorCatalogues(const std::vector<std::string>& files);

// The proxies, as the kernel writes addresses. Errors: kOutOfRange.
Result<std::vector<std::string>> ProxyAddresses(const CollectorOptions& options);

// Errors: those of ParseListenAddress and LoadTlsIdentity; kOutOfRange for what other machines
// could reach without TLS and without a list of proxies.
Result<HttpServerOptions> CollectorServerOptions(const CollectorOptions& options);

}  // namespace candor
