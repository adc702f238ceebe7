// The folder a store lives in: made for us alone, checked before it is used.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace candor {

// Makes the folder and its parents where they are missing (mode 0700), durably, and returns its
// path without symbolic links. Errors: kUnavailable, also when others may write to it, when
// somebody else owns it, or when it is no folder.
Result<std::string> PrepareFolder(const std::string& folder);

// Makes an empty file of mode 0600 where there is none. Refuses what is no regular file of ours,
// symbolic links included; an existing one loses the permissions of others.
std::optional<Error> PrepareFile(const std::string& folder, const std::string& name);

// Makes a file of mode 0600 that holds `text`, durably: it appears under its name whole, or not at
// all, and one that is there meanwhile stays. Errors: kUnavailable.
std::optional<Error> MakeSecretFile(const std::string& folder, const std::string& name,
                                    std::string_view text);

// Makes what was created, renamed or removed in the folder durable.
bool SyncFolder(const std::string& folder);

// The history of metrics that the stand-alone reporter keeps for its page, beside the state.
inline constexpr char kHistoryName[] = "history";
// Goes when the reports do.
void RemoveHistory(const std::string& folder) noexcept;

// "<path>: <doing>: <reason of errno>" as kUnavailable.
Error FileError(const std::string& path, std::string doing, int reason);

}  // namespace candor
