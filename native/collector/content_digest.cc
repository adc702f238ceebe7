#include "native/collector/content_digest.h"

#include <string_view>

#include "core/base64.h"
#include "core/sha256.h"
#include "native/http/headers.h"

namespace candor {
namespace {

constexpr std::string_view kAlgorithm = "sha-256=";

}  // namespace

std::optional<std::string> WrongContentDigest(const HttpRequest& request) {
  if (CountHeaders(request, "Content-Digest") == 0) return std::nullopt;
  const auto field = OnlyHeader(request, "Content-Digest");
  if (!field) return "a body has one Content-Digest only";
  Sha256 hash;
  hash.Update(request.body);
  const std::string right = ':' + Base64(hash.Finish()) + ':';
  std::string_view rest = *field;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    const std::string_view member = Trimmed(rest.substr(0, comma));
    if (member.starts_with(kAlgorithm) && member.substr(kAlgorithm.size()) != right) {
      return "the body is not what its Content-Digest says; it was changed on its way";
    }
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  return std::nullopt;
}

}  // namespace candor
