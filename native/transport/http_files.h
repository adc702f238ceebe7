// The files that the transport is given: read whole, checked for what they should be.
#pragma once

#include <string>

#include "core/result.h"

namespace candor {

// The text of a file of at most 1 MiB. With `secret` it must be a regular file of this user or of
// root that nobody else can read or change, save that root may let its group read it.
// Errors, at `where`: kUnavailable, kOverLimit, kOutOfRange when it is not private enough.
Result<std::string> ReadWholeFile(const std::string& path, bool secret, const std::string& where);

// What is wrong with a text that should hold certificates, or an unencrypted private key, in PEM;
// "" for nothing. Whether they are any good shows when they are used.
std::string CheckPemCertificates(const std::string& text);
std::string CheckPemKey(const std::string& text);

struct ProxyCredentials {
  std::string user, password;
};
// Reads the one line "user:password", which may end in a line feed; the user holds no colon.
// Messages never quote the file. Errors: those of ReadWholeFile, and kOutOfRange.
Result<ProxyCredentials> ReadProxyCredentials(const std::string& path, const std::string& where);

}  // namespace candor
