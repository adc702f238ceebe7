#include "native/admin/admin_server.h"

#include <utility>

#include "core/text.h"
#include "native/admin/door/proxy_trust.h"
#include "native/http/listen_socket.h"
#include "native/http/problem.h"
#include "native/http/proxy_peer.h"
#include "native/http/security_headers.h"

namespace candor {
namespace {

// Passwords are checked on the thread that was asked, which takes a while.
constexpr unsigned kThreads = 4, kMostConnections = 32, kSilenceSeconds = 15;

void ReadAddresses(const AdminServerOptions& options, HttpServerOptions& server,
                   Problems& problems) {
  for (const std::string& text : options.listen) {
    Result<ListenAddress> address = ParseListenAddress(text, "--admin", ListenReach::kAnywhere);
    if (address.ok()) {
      server.addresses.push_back(std::move(address).value());
    } else {
      problems.AddAll(std::move(address).problems());
    }
  }
}

void ReadTls(const AdminServerOptions& options, HttpServerOptions& server, Problems& problems) {
  if (options.certificate_file.empty() != options.key_file.empty()) {
    problems.Add({ErrorCode::kMissing,
                  options.key_file.empty() ? "--admin-key" : "--admin-certificate",
                  "is needed, too: TLS takes a certificate and its key"});
    return;
  }
  if (options.key_file.empty()) return;
  Result<TlsIdentity> tls = LoadTlsIdentity(options.certificate_file, options.key_file, "--admin");
  if (tls.ok()) server.tls = std::move(tls).value();
  if (!tls.ok()) problems.AddAll(std::move(tls).problems());
}

void CheckNames(const AdminServerOptions& options, Problems& problems) {
  for (const std::string& host : options.hosts) {
    if (IsHost(host)) continue;
    problems.Add({ErrorCode::kOutOfRange, "--admin-host " + Quotable(host, 200),
                  "must be what people type before the path, as admin.example or "
                  "admin.example:8443"});
  }
}

// Addresses as the kernel writes them; what is none is Door::Open's to refuse.
std::vector<std::string> ProxyAddresses(const AdminServerOptions& options) {
  std::vector<std::string> addresses;
  for (const std::string& proxy : options.proxies) {
    const std::optional<std::string> address = ProxyPeer(proxy);
    if (address && *address != "unix") addresses.push_back(*address);
  }
  return addresses;
}

// Passwords and reports would go over the network for everybody to read.
void CheckReach(const AdminServerOptions& options, const HttpServerOptions& server,
                Problems& problems) {
  if (!options.certificate_file.empty()) return;
  const bool has_proxies = !ProxyAddresses(options).empty();
  for (const ListenAddress& address : server.addresses) {
    if (address.local() || has_proxies) continue;
    problems.Add({ErrorCode::kOutOfRange, "--admin " + Text(address),
                  "can be reached from other machines, so it takes TLS (--admin-certificate and "
                  "--admin-key), or a list of the proxies that alone may connect (--admin-proxy)"});
  }
}

}  // namespace

Result<std::unique_ptr<AdminServer>> AdminServer::Open(const AdminServerOptions& options) {
  Problems problems;
  HttpServerOptions server;
  server.threads = kThreads;
  server.most_connections = kMostConnections;
  server.silence_s = kSilenceSeconds;
  ReadAddresses(options, server, problems);
  ReadTls(options, server, problems);
  CheckNames(options, problems);
  CheckReach(options, server, problems);
  if (!options.group.empty()) {
    const Result<gid_t> group = FindGroup(options.group);
    if (group.ok()) server.group = group.value();
    if (!group.ok()) problems.AddAll(group.problems());
  }
  if (!problems.empty()) return problems;
  Result<std::unique_ptr<HttpServer>> opened = HttpServer::Open(server);
  if (!opened.ok()) return std::move(opened).problems();
  return std::unique_ptr<AdminServer>(new AdminServer(options, std::move(opened).value()));
}

AdminServer::AdminServer(AdminServerOptions options, std::unique_ptr<HttpServer> server)
    : options_(std::move(options)),
      proxies_(ProxyAddresses(options_)),
      server_(std::move(server)) {}

AdminServer::~AdminServer() = default;

Problems AdminServer::Start(Doorkeeper& doorkeeper, AdminHandlers& handlers, AdminEvents& events,
                            std::span<const PageFile> page) {
  api_ = std::make_unique<AdminApi>(Guard(server_->Addresses(), options_.hosts, tls()), doorkeeper,
                                    handlers, events, page);
  return server_->Start([this](const HttpRequest& head, const HttpPeer& peer) -> HttpNext {
    if (MayConnect(peer, proxies_)) return api_->Begin(head, peer);
    HttpAnswer answer =
        ProblemAnswer(403, "only the proxies of --admin-proxy may connect", {}, true);
    AddSecurityHeaders(answer, kDataPolicy);
    return {std::move(answer)};
  });
}

std::string AdminServer::Where() const {
  std::string where;
  for (const ListenAddress& address : server_->Addresses()) {
    where.append(where.empty() ? "" : " and ");
    if (address.path.empty()) where.append(tls() ? "https://" : "http://");
    where.append(Text(address));
  }
  return where;
}

std::string AdminServer::Url() const {
  const std::string scheme = tls() ? "https://" : "http://";
  for (const ListenAddress& address : server_->Addresses()) {
    if (!address.path.empty()) continue;
    if (options_.hosts.empty()) return scheme + Text(address);
    const std::string& host = options_.hosts.front();
    const bool has_port = host.find(':') != std::string::npos && !host.ends_with(']');
    return scheme + host + (has_port ? "" : ":" + Decimal(address.port));
  }
  return scheme + (options_.hosts.empty() ? "localhost" : options_.hosts.front());
}

}  // namespace candor
