// The description of the admin API (OpenAPI 3.1), as it is served.
#pragma once

#include <string_view>

namespace candor {

std::string_view OpenApiJson();

}  // namespace candor
