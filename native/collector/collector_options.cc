#include "native/collector/collector_options.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "core/text.h"
#include "native/base/read_file.h"
#include "native/http/proxy_peer.h"

namespace candor {
namespace {

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

}  // namespace

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

Result<HttpServerOptions> CollectorServerOptions(const CollectorOptions& options) {
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
    Result<TlsIdentity> tls = LoadTlsIdentity(options.certificate_file, options.key_file, "--");
    if (tls.ok()) {
      server.tls = std::move(tls).value();
    } else {
      problems.AddAll(std::move(tls).problems());
    }
  }
  CheckReach(options, server, problems);
  if (!problems.empty()) return problems;
  server.threads =
      options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  server.most_connections = 10'000;
  server.silence_s = 60;
  server.most_body_bytes = options.limits.most_body_bytes;
  return server;
}

}  // namespace candor
