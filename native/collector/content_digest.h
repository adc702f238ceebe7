// Content-Digest (RFC 9530): what the sender says the body is.
#pragma once

#include <optional>
#include <string>

#include "native/http/message.h"

namespace candor {

// Why the body is not what its Content-Digest says. Without the field, and without sha-256 in it,
// there is nothing to hold it against.
std::optional<std::string> WrongContentDigest(const HttpRequest& request);

}  // namespace candor
