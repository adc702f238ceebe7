// Signs receipts (core/receipt.h).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/receipt.h"
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

  // As WriteReceipt prints it, of a digest of 32 bytes. The same for the same digest and time. From
  // any thread.
  std::string Sign(std::string_view digest, UnixMillis at) const;
  // As WriteReceiptKeys prints it.
  std::string Keys() const;

 private:
  explicit ReceiptSigner(std::string_view seed);

  std::string secret_;  // 64 bytes.
  ReceiptKey key_;
};

}  // namespace candor
