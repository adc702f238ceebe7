// How the collector is to run, and what of it can be checked before anything is opened.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/catalogue.h"
#include "core/result.h"
#include "native/collector/intake/arrival_reader.h"
#include "native/collector/service/collector_api.h"
#include "native/collector/service/setting_origin.h"
#include "native/collector/store/open_collector_store.h"
#include "native/collector/store/retention.h"
#include "native/http/http_server.h"

namespace candor {

// Each is a row of CollectorSettings() (collector_settings.h).
struct CollectorOptions {
  std::string folder;
  std::string store;             // PostgreSQL's, or "" for the folder.
  std::string receipt_key_file;  // "" for the folder's.
  std::vector<std::string> listen = {"127.0.0.1:8046"};
  std::string certificate_file, key_file;    // TLS, or both "".
  std::vector<std::string> catalogue_files;  // Beside those built in.
  std::vector<std::string> proxies;          // Exact addresses, or "unix".
  std::vector<std::string> keep_days;        // As ParseKeepDays reads them.
  bool keep_unknown = false;
  bool public_statistics = false;  // Also for others than this machine and the proxies.
  std::int64_t most_bytes = 8 << 20;
  std::int64_t threads = 0;  // 0: one for each core.
  // Of one address (of IPv6, a /64): thousands of installations may share it.
  std::int64_t address_burst = 10'000, address_per_second = 2;
  // Of one installation: it reports once a day, and at its stop.
  std::int64_t installation_burst = 60, installation_per_hour = 60;
  std::int64_t most_names = 1'000'000;

  std::string log_format = "text";

  SettingOrigins origins;  // Of what is not as above.

  StorePlace place() const { return {folder, store}; }
  UnknownFields unknown() const {
    return keep_unknown ? UnknownFields::kKeep : UnknownFields::kRefuse;
  }
  CollectorLimits limits() const;
  bool json_log() const { return log_format == "json"; }
};

// What the options come to.
struct CollectorSetup {
  HttpServerOptions server;
  std::vector<std::string> proxies;  // As the kernel writes addresses.
  std::vector<Catalogue> catalogues;
  KeepDays keep_days;
};

// Every problem at once, each where its option was given. Errors: those of CollectorCatalogues,
// ParseListenAddress, LoadTlsIdentity and ParseKeepDays; kMissing for the folder; kOutOfRange for
// what is no proxy, and for what other machines could reach without TLS and without proxies.
Result<CollectorSetup> CheckCollectorOptions(const CollectorOptions& options);

// Built in and from files; of two with one name the file's. Errors: those of ReadFile and
// ParseCatalogue.
Result<std::vector<Catalogue>> CollectorCatalogues(const std::vector<std::string>& files);

// The proxies, as the kernel writes addresses. Errors: kOutOfRange.
Result<std::vector<std::string>> ProxyAddresses(const CollectorOptions& options);

}  // namespace candor
