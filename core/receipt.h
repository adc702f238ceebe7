// Receipts: what a service of Candor signs for a report that it keeps, and the keys it signs with.
//
// Ed25519 (RFC 8032) over "candor-receipt-1 LF digest LF time LF key LF", each as it stands in the
// receipt. A key's id is made from the key, so nobody can put another one in its place. The
// signature itself is checked by native/base/receipt_check.h, and by the page.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace candor {

// {"digest", "time", "key", "signature"}
struct Receipt {
  std::string digest;     // The report's SHA-256 in hexadecimal.
  std::string time;       // As TimeText prints it.
  std::string key;        // Its id.
  std::string signature;  // In base64.
};

// What is signed.
std::string SignedText(const Receipt& receipt);
std::string WriteReceipt(const Receipt& receipt);

// Whether what a service answered is meant to be a receipt of this kind, however damaged: other
// services answer what they like. Then ParseReceipt reads it: nothing when it is not whole.
bool IsMeantAsReceipt(std::string_view answer);
std::optional<Receipt> ParseReceipt(std::string_view answer);

struct ReceiptKey {
  std::string id;     // The first 16 digits of the key's SHA-256.
  std::string bytes;  // The public key, 32 bytes in base64.
  friend bool operator==(const ReceiptKey&, const ReceiptKey&) = default;
};
inline constexpr std::size_t kMostReceiptKeys = 64;

// The key with its id; nothing when `text` is not 32 bytes in base64.
std::optional<ReceiptKey> ReceiptKeyOf(std::string_view text);

// {"keys": [{"id", "algorithm": "Ed25519", "public"}]}: what a service answers at /v1/keys.
std::string WriteReceiptKeys(const std::vector<ReceiptKey>& keys);
// Keys of other algorithms are passed over. Errors: those of ReadJson, kMissing, kWrongType,
// kOverLimit, kOutOfRange (an id that is not its key's).
Result<std::vector<ReceiptKey>> ParseReceiptKeys(std::string_view json);

// The first one of this id; nullptr for none.
const ReceiptKey* FindReceiptKey(const std::vector<ReceiptKey>& keys, std::string_view id);

}  // namespace candor
