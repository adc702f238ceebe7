// A small file that is replaced as a whole: after a crash it is the old one or the new one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace candor {

// `folder`/`name` holds `bytes` from now on, durably; for us alone (mode 0600). What is written on
// the way is called ".<name>.new". Errors: kUnavailable; then the old one stays. One thread at a
// time for each name. REQUIRES: PrepareFolder.
std::optional<Error> ReplaceFile(const std::string& folder, const std::string& name,
                                 std::string_view bytes);

}  // namespace candor
