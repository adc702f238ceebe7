// Whether an answer of the admin API is one that native/admin/openapi.json describes.
#pragma once

#include <string>

#include "core/json_value.h"
#include "native/admin/routes.h"
#include "native/http/message.h"

namespace candor {

// The document, read once.
const JsonValue& OpenApi();

// As of the document (openapi_document.h).
std::string WhyNotDescribed(const Route& route, const HttpAnswer& answer);

}  // namespace candor
