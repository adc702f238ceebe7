// candor history list, show, export and verify. Each returns the exit status of the program.
#pragma once

#include <string>

#include "native/cli/session.h"

namespace candor {

// The newest reports first.
int HistoryListCommand(const SessionOptions& options);
// One report's record, or with `bytes` its exact bytes as long as they are kept.
int HistoryShowCommand(const SessionOptions& options, const std::string& id, bool bytes);
// The whole journal as a document (core/journal.h).
int HistoryExportCommand(const SessionOptions& options, const std::string& output);
// Checks the store's journal, every kept report against it, and every receipt. Failed, and not
// refused, when all that is wrong are receipts of unknown keys.
int HistoryVerifyCommand(const SessionOptions& options);
// Checks an exported document and its receipts; needs no state, and no configuration but for its
// `receiptKeys`.
int HistoryVerifyFileCommand(const SessionOptions& options, const std::string& file);

}  // namespace candor
