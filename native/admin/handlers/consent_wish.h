// What somebody who decides asks for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/consent.h"
#include "native/admin/admin_request.h"

namespace candor {

// {"verdict": "granted" or "denied", "withheld": [ids], "digest": "64 hex", "unseen": true}, all
// but the verdict optional.
struct ConsentWish {
  Verdict verdict = Verdict::kDenied;
  std::vector<std::string> withheld;  // As they came.
  std::string digest;                 // Of the report they looked at; "" for none.
  bool unseen = false;                // They agree to what they did not look at.
};
// Errors: those of ReadJson and JsonMembers; kConflict for a no that withholds or names a report.
Result<ConsentWish> ReadConsentWish(const AdminRequest& request);

// The state of things that a page saw, as its entity tag: "<seq>-<16 hex>".
struct ConsentTag {
  std::int64_t seq = 0;
  std::string fields;  // The short digest.
};
std::string TagText(const ConsentTag& tag);  // With its quotation marks.
// Of If-Match. Nothing for what is no such tag: an older program's, "*", or a list.
std::optional<ConsentTag> ReadTag(std::string_view text);

}  // namespace candor
