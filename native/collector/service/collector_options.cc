#include "native/collector/service/collector_options.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "core/text.h"
#include "native/base/read_file.h"
#include "native/http/proxy_peer.h"
#include "native/state/conninfo.h"

namespace candor {
namespace {

// Of reports that are coming in.
constexpr std::size_t kMostHeldBytes = std::size_t{128} << 20;

// Reports would go over the network for everybody to read.
void CheckReach(const CollectorOptions& options, const HttpServerOptions& server,
                Problems& problems) {
  const bool has_proxies = std::any_of(
      options.proxies.begin(), options.proxies.end(),
      [](const std::string& proxy) { return proxy != "unix" && ProxyPeer(proxy).has_value(); });
  if (!options.certificate_file.empty() || has_proxies) return;
  for (const ListenAddress& address : server.addresses) {
    if (address.local()) continue;
    problems.Add({ErrorCode::kOutOfRange, "--listen " + Text(address),
                  "can be reached from other machines, so it takes TLS (--certificate and --key), "
                  "or the proxies that alone may connect (--proxy)"});
  }
}

Result<HttpServerOptions> ServerOptions(const CollectorOptions& options) {
  HttpServerOptions server;
  Problems problems;
  for (const std::string& text : options.listen) {
    Result<ListenAddress> address = ParseListenAddress(text, "--listen", ListenReach::kAnywhere);
    if (address.ok()) {
      server.addresses.push_back(std::move(address).value());
    } else {
      problems.AddAll(std::move(address).problems());
    }
  }
  if (!options.certificate_file.empty() || !options.key_file.empty()) {
    Result<TlsIdentity> tls = LoadTlsIdentity(options.certificate_file, options.key_file, "-");
    if (tls.ok()) {
      server.tls = std::move(tls).value();
    } else {
      problems.AddAll(std::move(tls).problems());
    }
  }
  CheckReach(options, server, problems);
  if (!problems.empty()) return problems;
  server.threads = options.threads > 0 ? static_cast<unsigned>(options.threads)
                                       : std::max(1U, std::thread::hardware_concurrency());
  server.most_connections = 10'000;
  server.silence_s = 60;
  server.most_body_bytes = static_cast<std::size_t>(options.most_bytes);
  const std::size_t gates = server.threads * std::max<std::size_t>(1, server.addresses.size());
  server.most_held_bytes = std::max(kMostHeldBytes / gates, 2 * server.most_body_bytes);
  return server;
}

}  // namespace

CollectorLimits CollectorOptions::limits() const {
  const auto rate = [](std::int64_t burst, std::int64_t per_second, double seconds) {
    return TokenBuckets::Rate{static_cast<double>(burst),
                              static_cast<double>(per_second) / seconds};
  };
  return {.most_body_bytes = static_cast<std::size_t>(most_bytes),
          .address = rate(address_burst, address_per_second, 1),
          .installation = rate(installation_burst, installation_per_hour, 3600),
          .most_names = static_cast<std::size_t>(most_names)};
}

Result<std::vector<Catalogue>> CollectorCatalogues(const std::vector<std::string>& files) {
  std::vector<Catalogue> catalogues;
  Problems problems;
  for (const std::string& file : files) {
    Result<std::string> json = ReadFile(file, kMaxCatalogueBytes);
    Result<Catalogue> read =
        json.ok() ? ParseCatalogue(json.value()) : Result<Catalogue>(json.problems());
    if (read.ok()) {
      catalogues.push_back(std::move(read).value());
      continue;
    }
    Problems found = std::move(read).problems();
    found.SetSource(file);
    problems.AddAll(std::move(found));
  }
  for (const BuiltInCatalogue& built_in : BuiltInCatalogues()) {
    const bool replaced = std::any_of(catalogues.begin(), catalogues.end(),
                                      [&](const auto& of) { return of.name == built_in.name; });
    if (!replaced) catalogues.push_back(ParseCatalogue(built_in.json).value());
  }
  if (!problems.empty()) return problems;
  return catalogues;
}

Result<std::vector<std::string>> ProxyAddresses(const CollectorOptions& options) {
  std::vector<std::string> addresses;
  Problems problems;
  for (const std::string& proxy : options.proxies) {
    if (auto address = ProxyPeer(proxy)) {
      addresses.push_back(*std::move(address));
    } else {
      problems.Add({ErrorCode::kOutOfRange, "--proxy " + Quotable(proxy, 200),
                    "must be the exact address of a proxy, or unix"});
    }
  }
  if (!problems.empty()) return problems;
  return addresses;
}

Result<CollectorSetup> CheckCollectorOptions(const CollectorOptions& options) {
  CollectorSetup setup;
  Problems problems;
  const auto take = [&problems](auto result, auto& into) {
    if (result.ok()) {
      into = std::move(result).value();
    } else {
      problems.AddAll(std::move(result).problems());
    }
  };
  if (options.folder.empty() && (options.store.empty() || options.receipt_key_file.empty())) {
    problems.Add({ErrorCode::kMissing, "--folder",
                  "must be given, here or as CANDOR_COLLECTOR_FOLDER or in the file; or both "
                  "--store and --receipt-key"});
  }
  if (const std::string why = options.store.empty() ? "" : WhyNoConninfo(options.store);
      !why.empty()) {
    problems.Add({ErrorCode::kBadRequest, "--store", why});
  }
  take(ServerOptions(options), setup.server);
  take(ProxyAddresses(options), setup.proxies);
  auto catalogues = CollectorCatalogues(options.catalogue_files);
  // Without them nobody knows which names are good.
  if (catalogues.ok()) take(ParseKeepDays(options.keep_days, catalogues.value()), setup.keep_days);
  take(std::move(catalogues), setup.catalogues);
  if (!problems.empty()) return WhereGiven(problems, options.origins);
  return setup;
}

}  // namespace candor
