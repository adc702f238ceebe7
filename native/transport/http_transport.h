// libcurl behind the Transport interface.
//
// https only, or http to this machine; TLS 1.2 or later, peer and host always verified; no
// redirects; no proxy, authorities, credentials or .netrc from the environment; answers capped.
// HTTP/1.1. A connection lives for one report, and libcurl is not even initialised before the
// first.
//
// What libcurl 7.88 leaves no choice about: while a Post is under way there are two more
// descriptors without close-on-exec (its wake-up pair), names are looked up by a thread that starts
// with the signal mask of the caller and may outlive the Post while the name server is silent, and
// the file that SSLKEYLOGFILE names is created; no key is written to it.
#pragma once

#include <memory>
#include <string>

#include "core/config.h"
#include "core/result.h"
#include "native/transport/transport.h"

namespace candor {

struct HttpOptions {
  std::string endpoint;  // As ParseEndpoint accepts.
  std::int64_t timeout_ms = 15'000;
  std::string ca_file = {};                  // PEM, in place of the system's; "" for the system's.
  std::string client_certificate_file = {};  // PEM; "" for none.
  // PEM, unencrypted; "" when it stands beside the certificate. As private as credentials are.
  std::string client_key_file = {};
  // "http://host:port" or "https://host:port"; "" for none. An endpoint on this machine is reached
  // without it.
  std::string proxy = {};
  // One line "user:password". Read anew for every attempt. Belongs to this user or to root, and
  // nobody else can read it, save root's group where it is root's.
  std::string proxy_credentials_file = {};
};

// What of a configuration concerns the transport.
HttpOptions HttpOptionsOf(const Config& config);

// Checks what can be checked without the network: the endpoint, and that files can be read and are
// as private as they must be. Opens no socket. Every problem at once, at the setting's pointer.
// Errors: kMissing, kOutOfRange, kConflict, kUnavailable, kOverLimit. May throw std::bad_alloc.
Result<std::unique_ptr<Transport>> MakeHttpTransport(const HttpOptions& options);

}  // namespace candor
