// The admin API of a running service: listens through every change of the configuration.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "native/admin/admin_api.h"
#include "native/http/http_server.h"

namespace candor {

// What was built in; empty where the page was not there when the program was built.
std::span<const PageFile> BuiltInPage();

struct AdminServerOptions {
  std::vector<std::string> listen = {};  // As ParseListenAddress reads them, of any reach.
  std::string certificate_file = {},
              key_file = {};              // PEM, both or neither; TCP is spoken to with TLS.
  std::vector<std::string> hosts = {};    // Further names, with a port or for every one.
  std::vector<std::string> proxies = {};  // IP addresses whose connections are a proxy's.
  std::string group = {};                 // May use Unix sockets, too; "" for none.
};

class AdminServer {
 public:
  // Takes the addresses. Off this machine there must be TLS, or a list of proxies that alone may
  // connect. Errors: those of ParseListenAddress, LoadTlsIdentity, FindGroup and HttpServer::Open;
  // kOutOfRange for what may not be; all at once.
  static Result<std::unique_ptr<AdminServer>> Open(const AdminServerOptions& options);
  // Cuts off who is connected. Ends before what it was started with.
  ~AdminServer();
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  // Once; all are borrowed. Errors: those of HttpServer::Start.
  Problems Start(Doorkeeper& doorkeeper, AdminHandlers& handlers, AdminEvents& events,
                 std::span<const PageFile> page = BuiltInPage());

  // "https://127.0.0.1:8443 and unix:/run/candor/admin.sock"
  std::string Where() const;
  // What the set-up link begins with: "https://127.0.0.1:8443", of the first TCP address, named as
  // the first of `hosts` where there is one; "http://localhost" for a Unix socket alone.
  std::string Url() const;

 private:
  AdminServer(AdminServerOptions options, std::unique_ptr<HttpServer> server);
  bool tls() const { return !options_.certificate_file.empty(); }

  const AdminServerOptions options_;
  const std::vector<std::string> proxies_;
  std::unique_ptr<AdminApi> api_;
  std::unique_ptr<HttpServer> server_;  // Last: it ends before what it calls.
};

}  // namespace candor
