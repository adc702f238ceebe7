// Digests of bodies, and Content-Digest (RFC 9530): what the sender says the body is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "native/http/message.h"

namespace candor {

// SHA-256, 32 bytes: core/sha256.h's, by the processor's own instructions where it has them.
std::string DigestOf(std::string_view bytes);

// Why the body, whose DigestOf is `digest`, is not what its Content-Digest says. Without the field,
// and without sha-256 in it, there is nothing to hold it against.
std::optional<std::string> WrongContentDigest(const HttpRequest& request, std::string_view digest);

}  // namespace candor
