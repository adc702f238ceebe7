// Whether an answer of the admin API is one that native/admin/openapi.json describes.
#pragma once

#include <string>

#include "core/json_value.h"
#include "native/admin/routes.h"
#include "native/http/message.h"

namespace candor {

// The document, read once.
const JsonValue& OpenApi();

// "" or what is wrong: a status, a media type or a header that the route does not have, or a body
// that is not as its schema says (as far as JSON Schema is used there).
std::string WhyNotDescribed(const Route& route, const HttpAnswer& answer);

}  // namespace candor
