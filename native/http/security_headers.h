// What browsers are told about an answer.
#pragma once

#include <string_view>

#include "native/http/message.h"

namespace candor {

// For what is no page: opened as one, it can do nothing.
inline constexpr std::string_view kDataPolicy =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

// `policy`: its Content-Security-Policy.
void AddSecurityHeaders(HttpAnswer& answer, std::string_view policy);

}  // namespace candor
