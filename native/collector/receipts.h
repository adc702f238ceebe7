// Receipts: what the service signs for a report that it keeps, to be checked without it.
//
// Ed25519 (RFC 8032) over "candor-receipt-1 LF digest LF time LF key LF", each as it stands in the
// receipt.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time_text.h"

namespace candor {

class ReceiptSigner {
 public:
  // <folder>/receipts.key, 32 random bytes in hexadecimal, made where it is missing (mode 0600); or
  // `key_file`, which must be there: collectors that share a store sign with one key, so that a
  // repeat has the first receipt whichever of them answers.
  // Errors: those of PrepareFolder, PrepareFile and ReadFile; kUnavailable; kCorrupt.
  static Result<std::unique_ptr<ReceiptSigner>> Open(const std::string& folder,
                                                     const std::string& key_file = "");
  ~ReceiptSigner();
  ReceiptSigner(const ReceiptSigner&) = delete;
  ReceiptSigner& operator=(const ReceiptSigner&) = delete;

  // {"digest", "time", "key", "signature"}: the digest in hexadecimal, the signature in base64. The
  // same for the same digest and time. From any thread.
  std::string Receipt(std::string_view digest, UnixMillis at) const;
  // {"keys": [{"id", "algorithm", "public"}]}
  std::string Keys() const;

 private:
  explicit ReceiptSigner(std::string_view seed);

  std::string secret_;  // 64 bytes.
  std::string public_;  // 32 bytes.
  std::string id_;      // The first 16 digits of the public key's SHA-256.
};

}  // namespace candor
