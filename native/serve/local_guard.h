// Who may ask the local API what, before anything is done. Internal to native/serve.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "native/serve/local_api.h"

namespace candor {

// The only field of this name (case ignored); nothing when there is none, or there are several.
std::optional<std::string_view> OnlyHeader(const LocalRequest& request, std::string_view name);
std::size_t CountHeaders(const LocalRequest& request, std::string_view name);

// Host, Origin and token. `needs_token`: of a request over the network.
std::optional<LocalAnswer> RefuseStranger(const LocalRequest& request, const LocalAccess& access,
                                          bool needs_token);

// The body's length, how it is told, and its type. `takes_body`: the method reads one.
std::optional<LocalAnswer> RefuseBody(const LocalRequest& request, bool takes_body);

}  // namespace candor
