// candor receipt add, and the receipts of a history checked. The exit status of the program.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/journal.h"
#include "core/receipt.h"
#include "native/cli/session.h"

namespace candor {

// How the receipts of a journal did.
struct CheckedReceipts {
  std::int64_t good = 0, of_unknown_key = 0, unsigned_ = 0;
  Problems wrong;
};
// Against `pinned`, or without any against the keys that the journal itself holds.
// REQUIRES: a chain that holds.
CheckedReceipts CheckReceipts(const std::vector<JournalEntry>& journal,
                              const std::vector<ReceiptKey>& pinned);

// The keys of a configuration.
std::vector<ReceiptKey> PinnedKeys(const Config& config);

struct ReceiptOptions {
  std::string file;
  std::string keys;  // What the service answers at /v1/keys, brought along; "" for none.
};
int ReceiptAddCommand(const SessionOptions& options, const ReceiptOptions& receipt);

}  // namespace candor
