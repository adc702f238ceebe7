// A yes or no that comes through one of the originals' routes: a flag that a program sets, without
// having seen a report.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "native/admin/admin_request.h"
#include "native/admin/admin_target.h"

namespace candor {

struct Agreement {
  std::string why_not;  // The configuration forbids a yes; "" when it does not.
  Problems problems;
};

// Saying what stands already changes nothing: a yes does not grow, and keeps what is withheld.
Agreement AgreeUnseen(AdminTarget& target, const Caller& caller, bool yes);

// `text` as a JSON string on one line.
std::string CompactText(std::string_view text);

}  // namespace candor
