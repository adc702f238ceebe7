// Opening a store's folder: creating, checking and, where it is damaged, replacing the database.
#pragma once

#include <memory>
#include <string>

#include "native/base/clock.h"
#include "native/state/sqlite_database.h"
#include "native/state/state_lock.h"

namespace candor {

struct OpenFolder {
  std::string folder;               // Without symbolic links.
  std::unique_ptr<StateLock> lock;  // Held as in use; must outlive the database.
  std::unique_ptr<Database> database;
  std::string set_aside;  // What happened to a damaged one, for people; "" when nothing.
};

// Errors: kUnavailable, kCorrupt (damaged while others have it open), kOutOfRange (made by a later
// version), kConflict (the state was moved elsewhere; not with kToMove).
enum class OpenFor { kUse, kToMove };
Result<OpenFolder> OpenStateFolder(const std::string& folder, Clock& clock,
                                   OpenFor what = OpenFor::kUse);

}  // namespace candor
