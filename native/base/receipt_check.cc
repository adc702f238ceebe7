#include "native/base/receipt_check.h"

#include <sodium.h>

#include <optional>
#include <string>

#include "core/base64.h"

namespace candor {
namespace {

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

bool IsSignedBy(const Receipt& receipt, const ReceiptKey& key) {
  if (sodium_init() < 0 || receipt.key != key.id) return false;
  const std::optional<std::string> signature = BytesOfBase64(receipt.signature);
  const std::optional<std::string> bytes = BytesOfBase64(key.bytes);
  const std::string text = SignedText(receipt);
  return signature && signature->size() == crypto_sign_BYTES && bytes &&
         bytes->size() == crypto_sign_PUBLICKEYBYTES &&
         crypto_sign_verify_detached(Bytes(*signature), Bytes(text), text.size(), Bytes(*bytes)) ==
             0;
}

ReceiptVerdict CheckReceipt(std::string_view answer, std::string_view digest,
                            const std::vector<ReceiptKey>& keys) {
  if (!IsMeantAsReceipt(answer)) return ReceiptVerdict::kUnsigned;
  const std::optional<Receipt> receipt = ParseReceipt(answer);
  if (!receipt || receipt->digest != digest) return ReceiptVerdict::kWrong;
  const ReceiptKey* const key = FindReceiptKey(keys, receipt->key);
  if (key == nullptr) return ReceiptVerdict::kUnknownKey;
  return IsSignedBy(*receipt, *key) ? ReceiptVerdict::kGood : ReceiptVerdict::kWrong;
}

}  // namespace candor
