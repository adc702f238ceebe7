// Whether an answer is one that an OpenAPI document describes.
#pragma once

#include <string>
#include <string_view>

#include "core/json_value.h"
#include "native/http/message.h"

namespace candor {

// "" or what is wrong: a status, a media type or a header that the operation does not have, or a
// body that is not as its schema says (as far as JSON Schema is used there).
std::string WhyNotDescribed(const JsonValue& document, std::string_view method,
                            std::string_view path, const HttpAnswer& answer);

}  // namespace candor
