// What a server shows to be believed: its certificate and key.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"

namespace candor {

struct TlsIdentity {
  std::string certificate, key;  // PEM; the certificate's chain behind it.
};

// TLS 1.2 and later, authenticated ciphers with forward secrecy only.
inline constexpr char kTlsPriorities[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-CIPHER-ALL:+AES-256-GCM:+CHACHA20-POLY1305:"
    "+AES-128-GCM:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:%SERVER_PRECEDENCE";

// Reads both files and sees that they belong together. `flag`: "--admin", for errors, whose places
// are "--admin-certificate FILE" and "--admin-key FILE". Errors: kBadRequest, kOverLimit.
Result<TlsIdentity> LoadTlsIdentity(const std::string& certificate_file,
                                    const std::string& key_file, const std::string& flag);

}  // namespace candor
