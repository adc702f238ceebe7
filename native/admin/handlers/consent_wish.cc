#include "native/admin/handlers/consent_wish.h"

#include <array>

#include "core/json_members.h"
#include "core/text.h"
#include "native/admin/handlers/field_sets.h"
#include "native/admin/handlers/refusals.h"

namespace candor {
namespace {

constexpr std::array<std::string_view, 2> kVerdicts = {"granted", "denied"};
constexpr std::size_t kDigestLetters = 64;

bool IsHex(std::string_view text, std::size_t letters) {
  return text.size() == letters &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

Result<ConsentWish> ReadConsentWish(const AdminRequest& request) {
  const Result<JsonValue> body = BodyOf(request);
  if (!body.ok()) return body.problems();
  Problems problems;
  JsonMembers members(body.value(), "", problems);
  ConsentWish wish;
  const int verdict = members.Choice("verdict", kVerdicts, Need::kRequired);
  wish.verdict = verdict == 0 ? Verdict::kGranted : Verdict::kDenied;
  wish.withheld = members.Texts("withheld", kMaxWithheldIds, kMaxConsentTextBytes, Need::kOptional);
  wish.digest = members.Text("digest", kDigestLetters, Need::kOptional);
  wish.unseen = members.Boolean("unseen", Need::kOptional);
  if (!wish.digest.empty() && !IsHex(wish.digest, kDigestLetters)) {
    members.Fail(ErrorCode::kOutOfRange, "digest",
                 "must be the SHA-256 of a previewed report, in 64 digits of [0-9a-f]");
  }
  if (verdict == 1 && !(wish.withheld.empty() && wish.digest.empty() && !wish.unseen)) {
    members.Fail(ErrorCode::kConflict, "verdict",
                 "\"denied\" stands alone: a no withholds everything, and rests on no report");
  }
  members.Finish();
  if (!problems.empty()) return problems;
  return wish;
}

std::string TagText(const ConsentTag& tag) {
  return "\"" + Decimal(tag.seq) + "-" + tag.fields + "\"";
}

std::optional<ConsentTag> ReadTag(std::string_view text) {
  if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  const std::size_t dash = text.rfind('-');
  ConsentTag tag;
  if (dash == std::string_view::npos || dash == 0 || text.starts_with('-') ||
      !ParseDecimal(text.substr(0, dash), &tag.seq) ||
      !IsHex(text.substr(dash + 1), kShortDigest)) {
    return std::nullopt;
  }
  tag.fields = text.substr(dash + 1);
  return tag;
}

}  // namespace candor
