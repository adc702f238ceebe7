// Whether a receipt (core/receipt.h) holds. Needs no network.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/receipt.h"

namespace candor {

enum class ReceiptVerdict : std::uint8_t {
  kGood,
  kUnsigned,    // The service signs nothing, or in a way of its own.
  kUnknownKey,  // Of this report, signed with a key that is not among those given.
  kWrong,       // Of another report, damaged, or not signed by whom it names.
};

bool IsSignedBy(const Receipt& receipt, const ReceiptKey& key);

// What a service answered to the report of `digest` (hexadecimal).
ReceiptVerdict CheckReceipt(std::string_view answer, std::string_view digest,
                            const std::vector<ReceiptKey>& keys);

}  // namespace candor
