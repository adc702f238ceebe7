#include "native/collector/store/content_digest.h"

#include <openssl/evp.h>

#include <cstdint>

#include "core/base64.h"
#include "core/sha256.h"
#include "native/http/headers.h"

namespace candor {
namespace {

constexpr std::string_view kAlgorithm = "sha-256=";

}  // namespace

std::string DigestOf(std::string_view bytes) {
  // Once: to look for it takes as long as a short report's digest.
  static const EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::string digest(sizeof(Sha256::Digest), '\0');
  auto* const to = reinterpret_cast<unsigned char*>(digest.data());
  if (kSha256 != nullptr &&
      EVP_Digest(bytes.data(), bytes.size(), to, nullptr, kSha256, nullptr) == 1) {
    return digest;
  }
  Sha256 hash;
  hash.Update(bytes);
  const Sha256::Digest portable = hash.Finish();
  return {reinterpret_cast<const char*>(portable.data()), portable.size()};
}

std::optional<std::string> WrongContentDigest(const HttpRequest& request, std::string_view digest) {
  if (CountHeaders(request, "Content-Digest") == 0) return std::nullopt;
  const auto field = OnlyHeader(request, "Content-Digest");
  if (!field) return "a body has one Content-Digest only";
  const std::string right =
      ':' + Base64({reinterpret_cast<const std::uint8_t*>(digest.data()), digest.size()}) + ':';
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
