// The stand-alone reporter: runs in the foreground until SIGTERM or SIGINT.
#pragma once

#include "native/reporter/setup.h"
#include "native/serve/companion.h"
#include "native/serve/local_server.h"
#include "native/serve/service.h"

namespace candor {

struct ServeOptions {
  SetupOptions setup;      // `environment` included.
  ServiceOptions service;  // `counts` is set by whether anybody listens.
  LocalServerOptions local;
  Companion* companion = nullptr;  // Borrowed; nullptr for none.
  bool json_log = false;
  bool verbose = false;
};

// Reads the configuration again on SIGHUP and when its files change; one that is refused changes
// nothing. Tells systemd how it is. Returns when it was told to end; errors: those of LoadSetup
// for the first configuration, of LocalServer, and of the companion.
Problems Serve(const ServeOptions& options);

}  // namespace candor
